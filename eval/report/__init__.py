"""Write runs as one self-contained HTML page: numbers first, then every wrong answer."""

from __future__ import annotations

from eval.report.page import render_report, write_report

__all__ = ["render_report", "write_report"]

"""Draw the curve of a run as one self-contained SVG file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH, HEIGHT = 720, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 56, 24, 40
# Readable side by side for the colour-blind (Okabe and Ito 2008).
_COLOURS = {"loss": "#0072B2", "eval_loss": "#56B4E9", "score": "#D55E00"}

Points = list[tuple[float, float]]


def curve(log: Sequence[Mapping[str, Any]], title: str) -> str:
    """Draw training loss, dev loss and dev score over the steps.

    Args:
        log: the lines of the trainer's log, each with a ``step``.
        title: shown above, and read to those who cannot see the picture.

    Returns:
        The SVG. Losses have their scale on the left, scores, in [0, 1], on the right.
    """
    lines = {
        "loss": _points(log, "loss"),
        "eval_loss": _points(log, "eval_loss"),
        "score": _points(log, "eval_macro_f1"),
    }
    losses = [y for name in ("loss", "eval_loss") for _, y in lines[name]]
    steps = [x for points in lines.values() for x, _ in points]
    top, last = max([*losses, 1e-6]) * 1.05, max([*steps, 1.0])
    names = {"loss": "training loss", "eval_loss": "dev loss", "score": "dev macro-F1 (right)"}
    parts = [_frame(title, top, last)]
    shown = [name for name in names if lines[name]]
    for place, name in enumerate(shown):
        high = 1.0 if name == "score" else top
        parts.append(_line(lines[name], high, last, _COLOURS[name]))
        parts.append(
            f'<text x="{_LEFT + 8 + 190 * place}" y="{HEIGHT - 6}" fill="{_COLOURS[name]}">'
            f"{escape(names[name])}</text>"
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _points(log: Sequence[Mapping[str, Any]], name: str) -> Points:
    return [
        (float(row["step"]), float(row[name]))
        for row in log
        if name in row and "step" in row and float(row[name]) == float(row[name])
    ]


def _frame(title: str, top: float, last: float) -> str:
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    marks = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = bottom - share * (bottom - _TOP)
        marks.append(f'<path d="M{_LEFT} {y:.1f}H{right}" stroke="#ddd"/>')
        marks.append(
            f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{share * top:.2f}</text>'
        )
        marks.append(f'<text x="{right + 6}" y="{y + 4:.1f}">{share:.2f}</text>')
        x = _LEFT + share * (right - _LEFT)
        marks.append(
            f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{share * last:.0f}</text>'
        )
    return (
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f'<text x="{_LEFT}" y="16" font-weight="bold">{escape(title)}</text>' + "".join(marks)
    )


def _line(points: Points, top: float, last: float, colour: str) -> str:
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    places = [
        (_LEFT + x / last * (right - _LEFT), bottom - min(y / top, 1.0) * (bottom - _TOP))
        for x, y in points
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>' for x, y in places
    )
    line = f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    return line + (dots if len(points) <= 40 else "")

"""Let ``python -m stance`` do what ``stance`` does."""

from __future__ import annotations

import sys

from stance.cli import main

if __name__ == "__main__":
    sys.exit(main())

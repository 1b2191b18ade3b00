"""Hold a number before and after, each with its 95 % interval."""

from __future__ import annotations

from dataclasses import dataclass

from stance.metrics import Interval
from stance.records import Record


@dataclass(frozen=True, slots=True)
class Measured(Record):
    """Name one measure with its values before and after, and the difference, each with 95 %.

    `before` and `change` are None where the base could not do the task at all.
    """

    name: str
    after: Interval
    before: Interval | None = None
    change: Interval | None = None

    def __str__(self) -> str:
        if self.before is None or self.change is None:
            return f"{self.name:14} {self.after}"
        sign = "+" if self.change.value >= 0 else ""
        return (
            f"{self.name:14} {self.before}  ->  {self.after}   {sign}{self.change.value:.3f} "
            f"[{self.change.low:+.3f}, {self.change.high:+.3f}]"
        )

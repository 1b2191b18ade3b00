"""Draw small charts as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence

from stance.markup import Html, join, tag

Points = Sequence[tuple[float, float]]

_SIDE, _LEFT, _BOTTOM, _TOP = 150, 34, 30, 8


def interval_bar(value: float, low: float, high: float, marks: Sequence[float] = ()) -> Html:
    """Draw a value in its interval on a line from 0 to 1; `marks` are others' numbers."""
    width, middle = 110, 7

    def x(number: float) -> str:
        return f"{4 + (width - 8) * min(max(number, 0.0), 1.0):.1f}"

    axis = tag("line", x1=x(0), x2=x(1), y1=str(middle), y2=str(middle), class_="axis")
    span = tag("line", x1=x(low), x2=x(high), y1=str(middle), y2=str(middle), class_="span")
    dot = tag("circle", cx=x(value), cy=str(middle), r="3.5", class_="dot")
    ticks = [tag("line", x1=x(m), x2=x(m), y1="1", y2="13", class_="tick") for m in marks]
    return tag(
        "svg",
        axis,
        *ticks,
        span,
        dot,
        class_="interval",
        viewBox=f"0 0 {width} 14",
        width=str(width),
        height="14",
        role="img",
        aria_label=f"{value:.3f}, from {low:.3f} to {high:.3f}",
    )


def reliability_diagram(bins: Sequence[Sequence[float]], label: str) -> Html:
    """Draw how often answers of each confidence are right; a perfect model stays on the diagonal.

    Args:
        bins: rows of (how many, sum of confidences, how many right).
        label: what the chart is of, for screen readers.
    """
    most = max((row[0] for row in bins), default=0.0) or 1.0
    marks: list[Html] = []
    for i, (count, confidence, right) in enumerate(bins):
        if not count:
            continue
        left, right_edge = i / len(bins), (i + 1) / len(bins)
        share, mean = right / count, confidence / count
        marks.append(_bar(left, right_edge, share, f"{count:.0f} answers, {share:.2f} right"))
        marks.append(_gap((left + right_edge) / 2, share, mean))
        marks.append(_bar(left, right_edge, 0.12 * count / most, "", class_="volume"))
    diagonal = _line([(0, 0), (1, 1)], "ideal")
    return _frame([*marks, diagonal], "confidence", "share right", label)


def risk_coverage_chart(curve: Sequence[Sequence[float]], label: str) -> Html:
    """Draw the share of wrong answers among the most confident ones.

    Args:
        curve: rows of (confidence, coverage, risk).
        label: what the chart is of, for screen readers.
    """
    points = [(coverage, risk) for _, coverage, risk in curve]
    return _frame([_line(points, "curve")], "coverage", "share wrong", label)


def _x(value: float) -> float:
    return _LEFT + _SIDE * value


def _y(value: float) -> float:
    return _TOP + _SIDE * (1 - value)


def _bar(left: float, right: float, height: float, tip: str, class_: str = "bar") -> Html:
    return tag(
        "rect",
        tag("title", tip) if tip else None,
        x=f"{_x(left) + 0.5:.1f}",
        y=f"{_y(height):.1f}",
        width=f"{_x(right) - _x(left) - 1:.1f}",
        height=f"{_SIDE * height:.1f}",
        class_=class_,
    )


def _gap(middle: float, share: float, mean: float) -> Html:
    """Mark the distance between what was claimed and what held."""
    x = f"{_x(middle):.1f}"
    return tag("line", x1=x, x2=x, y1=f"{_y(share):.1f}", y2=f"{_y(mean):.1f}", class_="gap")


def _line(points: Points, class_: str) -> Html:
    path = " ".join(f"{_x(a):.1f},{_y(b):.1f}" for a, b in points)
    return tag("polyline", points=path, class_=class_)


def _frame(marks: Sequence[Html], across: str, up: str, label: str) -> Html:
    """Put marks between two axes from 0 to 1."""
    box = tag("rect", x=str(_LEFT), y=str(_TOP), width=str(_SIDE), height=str(_SIDE), class_="box")
    numbers = [
        *(_text(f"{v:g}", _x(v), _TOP + _SIDE + 12, "middle") for v in (0, 0.5, 1)),
        *(_text(f"{v:g}", _LEFT - 5, _y(v) + 3, "end") for v in (0, 0.5, 1)),
        _text(across, _x(0.5), _TOP + _SIDE + 25, "middle"),
        tag(
            "text",
            up,
            x=str(-_TOP - _SIDE // 2),
            y="9",
            text_anchor="middle",
            transform="rotate(-90)",
        ),
    ]
    width, height = _LEFT + _SIDE + 10, _TOP + _SIDE + _BOTTOM
    return tag(
        "svg",
        box,
        join(marks),
        *numbers,
        class_="chart",
        viewBox=f"0 0 {width} {height}",
        width=str(width),
        height=str(height),
        role="img",
        aria_label=label,
    )


def _text(words: str, x: float, y: float, anchor: str) -> Html:
    return tag("text", words, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor)

"""Fold into a page how each stance came to be."""

from __future__ import annotations

from collections.abc import Iterator

from stance.markup import Html, join, tag
from stance.plain import (
    answer_line,
    check_line,
    ground_line,
    mentions_line,
    question_line,
    unasked_lines,
)
from stance.records import Evidence, Ground, Trail


def trail_html(trail: Trail) -> Html:
    """Render a trail as an element that opens on demand, without a script.

    Args:
        trail: of one stance.

    Returns:
        The statements that count, those that do not, the cut-offs and the reasons.
    """
    answered = [g for g in trail.aside if g.scores is not None]
    notes = [*trail.reasons, *unasked_lines(trail), *map(check_line, trail.checks)]
    return tag(
        "details",
        tag("summary", "Why"),
        tag("p", "Holder: ", mentions_line(trail), dir="auto") if trail.mentions else None,
        tag("ol", *map(_ground, trail.grounds)),
        tag("p", "Left aside") if answered else None,
        tag("ul", *map(_ground, answered)) if answered else None,
        tag("ul", *(tag("li", note) for note in notes), class_="notes"),
        class_="trail",
    )


def _ground(ground: Ground) -> Html:
    parts = [ground_line(ground), *_lines(ground)]
    first, *rest = (tag("p", part, dir="auto") for part in parts)
    return tag("li", first, *map(_quote, ground.content), *rest)


def _lines(ground: Ground) -> Iterator[str]:
    yield from filter(None, (question_line(ground), answer_line(ground)))
    if ground.reason:
        yield tag("b", ground.reason)


def _quote(content: Evidence) -> Html:
    place = tag("small", f"{content.start}–{content.end}")
    return tag("q", join([content.text, place], " "), dir="auto")

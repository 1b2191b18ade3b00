"""Check, count and anchor folders of hand-labelled articles from the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from stance.gold import GoldArticle, anchor_gold, inspect_gold
from stance.gold_rows import PHENOMENA, SPLITS
from stance.records import LABELS


def validate(folder: str) -> int:
    """Print one line for each offence, or the counts; return the exit status."""
    found = inspect_gold(folder)
    for note in found.notes:
        print(f"note: {note}")
    for offence in found.offences:
        print(offence)
    if found.offences:
        print(f"{folder}: {len(found.offences)} offences")
        return 1
    print("\n".join(counts(found.articles)))
    return 0


def anchor(folder: str, only: Sequence[str]) -> int:
    """Fill in the offsets; print what could not be anchored; return the exit status."""
    offences = anchor_gold(folder, only=only)
    for offence in offences:
        print(offence)
    print(f"{folder}: {'anchored' if not offences else f'{len(offences)} left to anchor'}")
    return 1 if offences else 0


def counts(articles: Sequence[GoldArticle]) -> list[str]:
    """Say how much is labelled, how the labels are shared out, and what is exercised how often."""
    rows = Counter(row.label for a in articles for row in a.stances)
    total = sum(rows.values())
    splits = Counter(a.split or "(no split)" for a in articles)
    seen = Counter(p for a in articles for p in a.phenomena)
    shares = ", ".join(f"{k} {rows[k]} ({rows[k] / max(total, 1):.0%})" for k in LABELS)
    lines = [
        f"articles {len(articles)} ({', '.join(f'{k} {n}' for k, n in sorted(splits.items()))}), "
        f"words {sum(len(a.article.text.split()) for a in articles)}",
        f"rows {total}: {shares}",
        f"holders {sum(len(a.holders) for a in articles)}, "
        f"targets {sum(len(a.targets) for a in articles)}",
        f"desks {', '.join(f'{k} {n}' for k, n in _desks(articles))}",
        f"phenomena (articles: all, {', '.join(SPLITS)})",
    ]
    for name in PHENOMENA:
        by_split = [sum(name in a.phenomena and a.split == s for a in articles) for s in SPLITS]
        lines.append(f"  {name:30} {seen[name]:3}" + "".join(f" {n:3}" for n in by_split))
    return lines


def _desks(articles: Sequence[GoldArticle]) -> list[tuple[str, int]]:
    return Counter(a.desk or "(no desk)" for a in articles).most_common()

from __future__ import annotations

import re

from eval.bias import flips, perturb
from stance.gold import GoldArticle
from stance.metrics import Counts
from stance.records import Analysis, Article, Holder, Scores, Span, Stance, StanceLabel, Target

TEXT = (
    "Mayor Ilse Brandt backed the lane. Brandt's rival, Tom Brandt, did not. "
    "The Harrow Traders Union (HTU) sued North Korea. An official of the ministry wept."
)


def gold() -> GoldArticle:
    def holder(id_: str, kind: str, name: str, *aliases: str) -> dict[str, object]:
        return {"id": id_, "name": name, "kind": kind, "aliases": list(aliases)}

    return GoldArticle.from_dict(
        {
            "article": Article(TEXT, "Brandt backs lane", "lane").to_dict(),
            "holders": [
                holder("H1", "person", "Ilse Brandt", "Mayor Ilse Brandt", "Brandt"),
                holder("H2", "person", "Tom Brandt"),
                holder("H3", "organization", "Harrow Traders Union", "HTU", "the union"),
                holder("H4", "country", "North Korea"),
                holder("H5", "unnamed", "An official of the ministry"),
            ],
            "targets": [
                {"id": "T1", "text": "Ilse Brandt backed the lane", "kind": "claim"},
                {"id": "T2", "text": "the lane", "kind": "topic"},
            ],
            "stances": [
                {"holder": "H1", "target": "T2", "label": "favor", "evidence": []},
            ],
        }
    )


def test_a_swap_renames_everybody_throughout() -> None:
    changed = perturb(gold(), "swap").gold
    assert changed.article.text == (
        "Mayor Ruvan Halvorn backed the lane. Halvorn's rival, Teska Halvorn, did not. "
        "The Orlem Council (Orlem Council) sued Velmaria. An official of the ministry wept."
    )
    assert changed.article.title == "Halvorn backs lane"
    assert changed.holder("H1").names == ("Ruvan Halvorn", "Mayor Ruvan Halvorn", "Halvorn")
    assert changed.holder("H3").names == ("Orlem Council", "Orlem Council", "the union")
    assert changed.target("T1").text == "Ruvan Halvorn backed the lane"


def test_a_mask_leaves_no_name() -> None:
    changed = perturb(gold(), "mask").gold
    assert not re.search("Ilse|Brandt|Tom|Harrow|HTU|Korea", changed.article.text)
    assert "Person A backed the lane" in changed.article.text
    assert "Country A" in changed.article.text


def test_only_renamed_holders_and_targets_are_touched() -> None:
    assert perturb(gold(), "swap").touched == {"H1", "H2", "H3", "H4", "T1"}


def test_an_article_without_names_stays_as_it_is() -> None:
    quiet = GoldArticle(Article("It rained on the lane."))
    changed = perturb(quiet, "swap")
    assert (changed.gold.article.text, changed.touched) == ("It rained on the lane.", frozenset())


WAR = (
    'Lurenia denied it. "That is no confession," spokesman Vek Tarin said; Tarin works for the '
    "Foreign Office. Lurenian guns fell silent, and the Lurenians went home."
)


def test_who_speaks_for_a_country_stays_a_person_and_its_people_get_its_new_name() -> None:
    article = GoldArticle.from_dict(
        {
            "article": Article(WAR, "War", "war").to_dict(),
            "holders": [
                {
                    "id": "H1",
                    "name": "Lurenia",
                    "kind": "country",
                    "aliases": ["Vek Tarin", "Tarin", "spokesman Vek Tarin", "Foreign Office"],
                }
            ],
            "targets": [{"id": "T1", "text": "Lurenian guns fired", "kind": "claim"}],
        }
    )
    swapped = perturb(article, "swap").gold
    assert swapped.article.text.startswith("Velmaria denied it.")
    assert "spokesman Ruvan Halvorn said; Halvorn works for the Velmaria." in swapped.article.text
    assert "Velmarian guns fell silent, and the Velmarians went" in swapped.article.text
    assert swapped.target("T1").text == "Velmarian guns fired"
    assert swapped.holder("H1").aliases[:3] == (
        "Ruvan Halvorn",
        "Halvorn",
        "spokesman Ruvan Halvorn",
    )
    masked = perturb(article, "mask").gold.article.text
    assert "spokesman Person A said; Person A works" in masked
    assert "Lurenia" not in masked


def found(article: Article, *rows: tuple[str, str, StanceLabel]) -> Analysis:
    stances = []
    for name, target, label in rows:
        start = article.text.index(name)
        holder = Holder(name, mentions=(Span(start, start + len(name)),))
        stances.append(Stance(holder, Target(target), label, 0.9, Scores(0.8, 0.1, 0.1)))
    return Analysis(article, stances=tuple(stances))


def test_flips_and_losses_are_counted_over_renamed_pairs() -> None:
    before, changed = gold(), perturb(gold(), "swap")
    old = found(
        before.article,
        ("Ilse Brandt", "the lane", "favor"),
        ("Tom Brandt", "the lane", "against"),
        ("North Korea", "the lane", "neutral"),
        ("An official of the ministry", "the lane", "favor"),
        ("Harrow Traders Union", "the lane", "unclear"),
    )
    new = found(
        changed.gold.article,
        ("Ruvan Halvorn", "the lane", "favor"),
        ("Teska Halvorn", "the lane", "favor"),
        ("An official of the ministry", "the lane", "against"),
    )
    moved, lost = flips((before, old), (changed, new))
    # Ilse keeps her label, Tom changes his, North Korea is lost; the official was not renamed.
    assert moved == Counts(tp=1, fp=1)
    assert lost == Counts(tp=2, fp=1)

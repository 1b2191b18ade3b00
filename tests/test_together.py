from __future__ import annotations

import pytest

from stance.backends.fake import FakeEncoder, FakeGenerator, FakeScorer
from stance.errors import EmptyTextError, OptionError
from stance.pipeline import Analyzer
from stance.records import Article, Digest, ModelInfo
from stance.text import make_document
from stance.together import Bundle

FIRST = (
    "The council of Denby voted on Monday to close the old library. "
    "Mayor Ana Reed said that the library costs too much.\n\nIt rained."
)
SECOND = (
    "Snow fell on the hills. The council of Denby voted on Monday to close the old library.\n"
    "Teachers denied that the library costs too much."
)
THIRD = "A ferry sank near Harsund on Tuesday. Nobody was hurt."
ENCODER = FakeEncoder()


@pytest.fixture
def analyzer() -> Analyzer:
    return Analyzer(ENCODER, FakeScorer(), ModelInfo("fake"))


def told(analyzer: Analyzer, articles: list[str | Article], **options: object) -> Digest:
    made = analyzer.summarize(articles, together=True, **options)  # type: ignore[arg-type]
    assert isinstance(made, Digest)
    assert Digest.from_dict(made.to_dict()) == made
    texts = [a if isinstance(a, str) else a.text for a in articles]
    for sentence in made.sentences:
        assert sentence.sources
        for source in sentence.sources:
            words = source.evidence
            assert texts[source.article][words.start : words.end] == words.text
    return made


def test_a_bundle_is_cut_as_its_articles_are() -> None:
    texts = [FIRST, SECOND, THIRD]
    bundle = Bundle.of([make_document(t) for t in texts], ENCODER)
    assert bundle.document == make_document("\n\n".join(texts))
    assert bundle.encoding.vectors.shape[0] == len(bundle.document.sentences)


def test_what_two_articles_tell_comes_first_with_both_as_sources(analyzer: Analyzer) -> None:
    made = told(analyzer, [THIRD, FIRST, SECOND], method="extract", length=1)
    assert made.text == "The council of Denby voted on Monday to close the old library."
    [sentence] = made.sentences
    assert {source.article for source in sentence.sources} == {1, 2}


def test_an_abstract_names_its_articles_too(analyzer: Analyzer) -> None:
    generator = FakeGenerator(answers=["The council voted to close the library."])
    writer = Analyzer(ENCODER, FakeScorer(), ModelInfo("fake"), generator)
    made = told(writer, [FIRST, SECOND], method="abstract", length=1)
    assert made.method == "abstract"
    assert {s.article for s in made.sentences[0].sources} == {0, 1}
    assert "Snow fell" in generator.prompts[0]
    assert "Ana Reed" in generator.prompts[0]


def test_who_differs_from_whom(analyzer: Analyzer) -> None:
    made = told(analyzer, [FIRST, SECOND], method="extract")
    [difference] = [d for d in made.differences if "costs too much" in d.target.text]
    sides = {(s.article, s.stance.holder.name, s.stance.label) for s in difference.sides}
    assert {(0, "Ana Reed", "favor"), (1, "Teachers", "against")} <= sides


def test_nobody_differs_where_all_agree(analyzer: Analyzer) -> None:
    assert told(analyzer, [FIRST, THIRD], method="extract").differences == ()


def test_one_article_is_its_own_event(analyzer: Analyzer) -> None:
    made = told(analyzer, [Article(FIRST, title="Library to close")], method="extract", length=2)
    assert made.text == analyzer.summarize(FIRST, method="extract", length=2).text


def test_together_needs_a_list(analyzer: Analyzer) -> None:
    for value in (FIRST, []):
        with pytest.raises(OptionError, match="list"):
            analyzer.summarize(value, together=True)
    with pytest.raises(EmptyTextError):
        analyzer.summarize([FIRST, " "], together=True)

from __future__ import annotations

from eval.data import DataFolder
from eval.published import PUBLISHED, published_for
from eval.suites import ENTRIES


def test_every_number_belongs_to_a_measure_of_its_suite_and_names_its_paper() -> None:
    for entry in PUBLISHED:
        suite = ENTRIES[entry.suite].make(DataFolder(None))
        assert entry.measure in {m.name for m in suite.measures}, entry
        assert 0 < entry.value < 1
        assert entry.source
        assert entry in suite.published


def test_a_split_has_its_own_numbers() -> None:
    (rw,) = published_for("newsmtsc:devtest_rw")
    assert rw.value == 0.831
    assert published_for("vast:dev") == ()

from __future__ import annotations

import gzip
import json
from pathlib import Path

from stance.backends.fake import FakeEncoder, FakeScorer
from stance.training.drafts import Readers, score
from stance.verify import SupportModel

TEXT = (
    "The council of Denby voted on Monday to close the old library. "
    "Mayor Ana Reed called the vote a mistake. It rained all day."
)
COPY = "The council of Denby voted on Monday to close the old library."


def test_a_copy_scores_above_an_invention(tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    with gzip.open(tmp_path / "train/summ_pool.jsonl.gz", "wt") as file:
        file.write(json.dumps({"id": "x", "document": TEXT}) + "\n")
    drafts = {"copy": COPY, "invention": "Bob Stone sold 40 ships in Rome.", "silence": ""}
    line = {"id": "x", "reference": "Denby's council voted to close the library.", "drafts": drafts}
    path = tmp_path / "drafts.jsonl"
    path.write_text(json.dumps(line) + "\n")

    scores = score(path, tmp_path, Readers(FakeEncoder(), FakeScorer(), SupportModel()))
    copy, invention, silence = (scores[name] for name in drafts)
    assert copy["rouge1"] > invention["rouge1"]
    assert (copy["support"], copy["passed"], copy["literal"], copy["new_pairs"]) == (1, 1, 1, 0)
    assert (invention["passed"], invention["literal"]) == (0, 0)
    assert (silence["sentences"], silence["passed"], silence["rouge1"]) == (0, 0, 0)

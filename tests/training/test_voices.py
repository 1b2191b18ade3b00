from __future__ import annotations

from stance.training.examples import AGAINST, FAVOR
from stance.training.voices import MAX_WORDS, Argument, Voices

MOTIONS = ["We should close the mill", "We should open the harbour", "We should ban whistling"]
ARGUMENTS = [
    Argument(f"reason number {n} speaks for itself", ((MOTIONS[n % 3], n % 2),)) for n in range(12)
]


def test_the_same_seed_writes_the_same() -> None:
    assert Voices(ARGUMENTS, 1).write(100) == Voices(ARGUMENTS, 1).write(100)
    assert Voices(ARGUMENTS, 1).write(100) != Voices(ARGUMENTS, 2).write(100)
    assert len(Voices(ARGUMENTS, 1).write(31)) == 31


def test_a_voice_keeps_the_label_of_its_argument() -> None:
    labels = {a.text.split()[2]: a.targets[0] for a in ARGUMENTS}
    for example in Voices(ARGUMENTS, 3).write(1500):
        spoken = [w.strip("“”.,") for w in example.pair.text.split()]
        numbers = [
            spoken[i + 2]
            for i, w in enumerate(spoken[:-2])
            if w.casefold() == "reason" and spoken[i + 1] == "number"
        ]
        assert 1 <= len(numbers) <= 2
        if example.related:
            assert (example.pair.target, example.gold[0]) in [labels[n] for n in numbers]
            assert example.gold[0] in (FAVOR, AGAINST)


def test_nobody_is_unrelated_to_the_motion_of_both() -> None:
    labels = {a.text.split()[2]: a.targets[0][0] for a in ARGUMENTS}
    seen = 0
    for example in Voices(ARGUMENTS, 5).write(4000):
        if example.related:
            continue
        seen += 1
        text = example.pair.text.casefold()
        motions = [m for n, m in labels.items() if f"reason number {n} " in text]
        assert len(set(motions)) == 2
        assert example.pair.target in motions
    assert seen > 100


def test_long_arguments_are_left_out() -> None:
    long = Argument("word " * (MAX_WORDS + 1), ((MOTIONS[0], FAVOR),))
    assert all("word word" not in e.pair.text for e in Voices([long, *ARGUMENTS], 1).write(200))


def test_the_mark_covers_the_speaker() -> None:
    for example in Voices(ARGUMENTS, 7).write(500):
        span = example.pair.holder_span
        if span is not None:
            words = span.of(example.pair.text)
            assert words.strip() == words != ""
            assert "reason" not in words.casefold()

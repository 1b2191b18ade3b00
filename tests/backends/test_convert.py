from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tiny_generators import LOOP, SAID, SAY, make_llama, write_gguf
from transformers import AutoModelForCausalLM

from stance.backends import convert
from stance.backends.convert import converted
from stance.backends.generate import load_generator
from stance.errors import MissingExtraError, ModelFormatError
from stance.model_files import digest
from stance.weights import resolve


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_llama(tmp_path_factory.mktemp("llama"))


@pytest.fixture
def gguf(llama: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STANCE_HOME", str(tmp_path / "home"))
    return write_gguf(llama, tmp_path / "tiny.gguf")


def test_a_gguf_answers_like_the_model_it_was_made_from(llama: Path, gguf: Path) -> None:
    prompts = [SAY, LOOP]
    generator = load_generator(gguf, device="cpu")
    assert generator.generate(prompts, max_tokens=30)[0] == SAID
    original = load_generator(llama, device="cpu")
    assert generator.generate(prompts, max_tokens=30) == original.generate(prompts, max_tokens=30)
    assert generator.info.digest == digest(gguf)


def test_it_is_converted_once_to_half_the_size(
    llama: Path, gguf: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    folder = converted(resolve(gguf))
    assert capfd.readouterr() == ("", "")
    assert {p.name for p in folder.iterdir()} >= {
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "chat_template.jinja",
    }
    assert "quantization_config" not in (folder / "config.json").read_text()
    monkeypatch.setattr(convert, "_convert", None)
    assert converted(resolve(gguf)) == folder
    half = AutoModelForCausalLM.from_pretrained(folder, dtype="auto")
    full = AutoModelForCausalLM.from_pretrained(llama, dtype="auto")
    assert (half.dtype, full.dtype) == (torch.float16, torch.float32)
    for a, b in zip(half.parameters(), full.parameters(), strict=True):
        assert torch.allclose(a.float(), b, atol=1e-3)


def test_weights_beyond_half_precision_keep_their_range() -> None:
    small, large = torch.nn.Linear(2, 2), torch.nn.Linear(2, 2)
    torch.nn.init.constant_(large.weight, -1e5)
    assert convert._storage_dtype(small) is torch.float16
    assert convert._storage_dtype(large) is torch.bfloat16


def test_safetensors_stay_where_they_are(llama: Path) -> None:
    assert converted(resolve(llama)) == llama


def test_a_torn_file_is_named_and_leaves_nothing(gguf: Path, tmp_path: Path) -> None:
    gguf.write_bytes(gguf.read_bytes()[:64])
    with pytest.raises(ModelFormatError, match=r"tiny\.gguf"):
        converted(resolve(gguf))
    assert list((tmp_path / "home").rglob("*.safetensors")) == []


def test_a_missing_reader_is_named(gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match="pip install gguf"):
        converted(resolve(gguf))

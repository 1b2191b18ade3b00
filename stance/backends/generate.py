"""Write text with a local model: chat models (causal) and summarizers (sequence to sequence).

Decoding is greedy (or the beam search that a summarizer's own settings ask for), so that the same
prompts give the same words.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import torch
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    StoppingCriteria,
    StoppingCriteriaList,
)

from stance.backends.adapter import adapter_of, merge_adapter
from stance.backends.base import Generator, Style
from stance.backends.convert import converted
from stance.backends.loading import load_pretrained, pick_device, quiet, readable
from stance.backends.remote import is_server, open_server
from stance.backends.wording import complete, neutralize, tidy
from stance.errors import OptionError
from stance.model_files import sha256
from stance.records import ModelInfo
from stance.weights import expect, resolve

# Prompts are run together up to this many rows and this many tokens with their padding; an
# accelerator takes `_WIDER` times as many of both.
_BATCH_ROWS = 8
_BATCH_TOKENS = 8192
_WIDER = 8
# So many tokens said twice in a row of words is a loop; names and titles are shorter than that.
# A penalty on repetition would avoid loops too, but it also drives a small model away from the
# article's own words, into invention.
_LOOP_TOKENS = 12
# Above this a tokenizer's limit stands for "none".
_NO_LIMIT = 10**9


def load_generator(
    name_or_path: str | os.PathLike[str], *, device: str = "auto", revision: str | None = None
) -> Generator:
    """Load a model that writes text.

    Args:
        name_or_path: a name such as ``"smollm2-135m"``, a folder, a GGUF file, a hub id, or a
            server that speaks the OpenAI protocol: its URL or ``server:URL#model``.
        device: ``"auto"``, or what `stance.backends.loading.pick_device` takes.
        revision: for hub ids, a commit, a tag or a branch.

    Returns:
        A generator; its `style` says what its prompts must be.

    Raises:
        ModelError: the model cannot be had or read; see `stance.weights.resolve`.
        ServerError: the server does not say which models it has.
        OptionError: an unknown device, or a revision for something that has none.
    """
    if isinstance(name_or_path, str) and is_server(name_or_path):
        if revision is not None:
            raise OptionError(f"revision={revision!r} means nothing to a server; leave it out")
        return open_server(name_or_path)
    chosen = pick_device(device)
    if isinstance(name_or_path, str):
        expect(name_or_path, writes=True)
    weights = resolve(name_or_path, revision=revision)
    folder = converted(weights)
    with quiet(), readable(folder):
        options = {"trust_remote_code": False, "local_files_only": True}
        config = AutoConfig.from_pretrained(str(folder), **options)
        tokenizer = AutoTokenizer.from_pretrained(str(folder), **options)
    if config.is_encoder_decoder:
        model = load_pretrained(AutoModelForSeq2SeqLM, folder, chosen)
        return PassageGenerator(model, tokenizer, weights.info)
    model = load_pretrained(AutoModelForCausalLM, folder, chosen)
    adapter = adapter_of(weights.entry)
    if adapter is None:
        return ChatGenerator(model, tokenizer, weights.info)
    merge_adapter(model, adapter)
    made = f"{weights.revision or ''}+adapter.{sha256(adapter)[:12]}"
    return ChatGenerator(model, tokenizer, replace(weights.info, revision=made))


class _LocalGenerator:
    """Share what both kinds of local generator do: batching, limits, decoding."""

    style: Style

    def __init__(self, model: Any, tokenizer: Any, info: ModelInfo) -> None:
        self.info: Final = info
        self._model = model
        self._tokenizer = tokenizer
        self._specials = _special_tokens(tokenizer)
        if tokenizer.pad_token is None:
            tokenizer.pad_token = tokenizer.eos_token or tokenizer.convert_ids_to_tokens(0)

    @property
    def max_tokens(self) -> int | None:
        """How many tokens the model can read (a chat model: read and write), None if unlimited."""
        config = self._model.config.get_text_config()
        stated = [
            self._tokenizer.model_max_length,
            getattr(config, "max_position_embeddings", None),
        ]
        limits = [n for n in stated if n is not None and 0 < n < _NO_LIMIT]
        return min(limits, default=None)

    def room(self, prompt: str, *, max_tokens: int = 160) -> int | None:
        """Return how many more tokens the prompt could have (negative: it is too long by as many).

        Args:
            prompt: as for `generate`.
            max_tokens: as for `generate`.

        Returns:
            The number of tokens, None where the model has no limit.
        """
        limit = self.max_tokens
        return None if limit is None else limit - self._need(self._prepare(prompt), max_tokens)

    def generate(self, prompts: Sequence[str], *, max_tokens: int = 160) -> list[str]:
        """Answer each prompt.

        Args:
            prompts: instructions with their text (style ``"chat"``) or passages to shorten (style
                ``"passage"``). Control tokens in them are made harmless.
            max_tokens: the most that one answer may have.

        Returns:
            One answer per prompt. An answer that ran out of tokens, or began to repeat itself, ends
            with its last complete sentence. A blank prompt has a blank answer.

        Raises:
            OptionError: a prompt is too long for the model, or `max_tokens` is less than one.
        """
        if max_tokens < 1:
            raise OptionError(f"max_tokens={max_tokens} must be at least 1")
        max_tokens = min(max_tokens, self._most)
        texts = [self._prepare(prompt) if prompt.strip() else "" for prompt in prompts]
        lengths = [self._checked(text, max_tokens) if text else 0 for text in texts]
        answers = [""] * len(texts)
        wider = 1 if self._model.device.type == "cpu" else _WIDER
        for rows in _batches(lengths, wider):
            written = self._answer([texts[row] for row in rows], max_tokens)
            for row, ids in zip(rows, written, strict=True):
                answers[row] = self._read(ids, max_tokens)
        return answers

    @property
    def _most(self) -> int:
        """How many tokens the model can write at all."""
        return _NO_LIMIT

    def _prepare(self, prompt: str) -> str:
        return neutralize(prompt, self._specials)

    def _tokenize(self, texts: Sequence[str], **options: Any) -> Any:
        return self._tokenizer(list(texts), return_token_type_ids=False, **options)

    def _need(self, text: str, max_tokens: int) -> int:
        with quiet():  # the tokenizer warns about long texts; the caller gets an error instead
            return len(self._tokenize([text])["input_ids"][0])

    def _checked(self, text: str, max_tokens: int) -> int:
        """Return how many tokens a text needs; raise OptionError where that is too many."""
        need, limit = self._need(text, max_tokens), self.max_tokens
        if limit is not None and need > limit:
            raise OptionError(
                f"the prompt needs {need} tokens and {self.info.name} can take {limit} "
                f"(max_tokens={max_tokens}); shorten the article's part by {need - limit} tokens, "
                f"it begins {text.strip()[:60]!r}"
            )
        return need

    def _answer(self, texts: Sequence[str], max_tokens: int) -> list[list[int]]:
        """Return the new token ids of one batch."""
        batch = self._tokenize(texts, padding=True, return_tensors="pt").to(self._model.device)
        with torch.inference_mode(), quiet():
            out = self._model.generate(**batch, generation_config=self._settings(max_tokens))
        # The first token only starts the decoder.
        return [row[1:] for row in out.tolist()]

    def _settings(self, max_tokens: int) -> Any:
        """Take the model's own generation settings, less what is random or about length."""
        settings = copy.deepcopy(self._model.generation_config)
        settings.update(do_sample=False, temperature=None, top_p=None, top_k=None, max_length=None)
        settings.max_new_tokens = max_tokens
        # A summarizer's shortest length must not forbid a caller's shorter one.
        if (settings.min_length or 0) >= max_tokens:
            settings.min_length = None
        settings.pad_token_id = self._tokenizer.pad_token_id
        return settings

    def _read(self, ids: Sequence[int], max_tokens: int) -> str:
        """Turn token ids into text that does not stop in the middle of a sentence."""
        end = self._model.generation_config.eos_token_id
        ends = set(end) if isinstance(end, list) else {end}
        body = ids[: next((i for i, token in enumerate(ids) if token in ends), len(ids))]
        # Some models are made to end at the limit, so an end there does not mean that they had.
        cut = len(body) >= max_tokens - 1
        if self.style == "chat" and is_loop(body):
            body, cut = body[:-_LOOP_TOKENS], True
        text = tidy(self._tokenizer.decode(body, skip_special_tokens=True))
        return complete(text) if cut else text


class ChatGenerator(_LocalGenerator):
    """Answer chat turns with a causal model; without a chat template, continue the plain prompt."""

    style: Style = "chat"

    def _prepare(self, prompt: str) -> str:
        return chat_prompt(self._tokenizer, prompt)

    def _tokenize(self, texts: Sequence[str], **options: Any) -> Any:
        # A chat template brings the tokens that start a text; a second set would confuse.
        plain = not self._tokenizer.chat_template
        return super()._tokenize(texts, add_special_tokens=plain, padding_side="left", **options)

    def _need(self, text: str, max_tokens: int) -> int:
        return super()._need(text, max_tokens) + max_tokens

    def _answer(self, texts: Sequence[str], max_tokens: int) -> list[list[int]]:
        batch = self._tokenize(texts, padding=True, return_tensors="pt").to(self._model.device)
        start = batch["input_ids"].shape[1]
        with torch.inference_mode(), quiet():
            out = self._model.generate(
                **batch,
                generation_config=self._settings(max_tokens),
                stopping_criteria=StoppingCriteriaList([_LoopStop(start)]),
            )
        return [row[start:] for row in out.tolist()]


class PassageGenerator(_LocalGenerator):
    """Shorten passages with a sequence-to-sequence model of the BART, PEGASUS or T5 kind."""

    style: Style = "passage"

    def _prepare(self, prompt: str) -> str:
        default = "summarize: " if self._model.config.model_type == "t5" else ""
        return str(self._task().get("prefix", default)) + super()._prepare(prompt)

    @property
    def _most(self) -> int:
        # A decoder with learned positions has no more of them than the encoder, and one is taken
        # by the token that starts it.
        positions = getattr(self._model.config, "max_position_embeddings", None)
        return _NO_LIMIT if positions is None else int(positions) - 1

    def _settings(self, max_tokens: int) -> Any:
        settings = super()._settings(max_tokens)
        known = {k: v for k, v in self._task().items() if k in _TASK_SETTINGS}
        if known.get("min_length", 0) >= max_tokens:
            del known["min_length"]
        settings.update(**known)
        return settings

    def _task(self) -> dict[str, Any]:
        """Return what the model's config says about summarization (T5 and its kin do)."""
        tasks = getattr(self._model.config, "task_specific_params", None) or {}
        return dict(tasks.get("summarization") or {})


_TASK_SETTINGS = (
    "early_stopping",
    "length_penalty",
    "min_length",
    "no_repeat_ngram_size",
    "num_beams",
    "repetition_penalty",
)


class _LoopStop(StoppingCriteria):
    """End a row whose last words have been said before."""

    def __init__(self, start: int) -> None:
        self._start = start

    def __call__(self, input_ids: Any, scores: Any, **kwargs: Any) -> Any:
        rows = input_ids[:, self._start :].tolist()
        return torch.tensor([is_loop(row) for row in rows], device=input_ids.device)


def is_loop(ids: Sequence[int], size: int = _LOOP_TOKENS) -> bool:
    """Tell whether the last `size` tokens stand earlier among the ids, too."""
    last = list(ids[-size:])
    return any(list(ids[i : i + size]) == last for i in range(len(ids) - size))


def _batches(lengths: Sequence[int], wider: int = 1) -> list[list[int]]:
    """Group rows of like length, longest first; rows of length zero are left out."""
    batches: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        full = not batches or len(batches[-1]) >= wider * _BATCH_ROWS
        if lengths[row] and (
            full or (len(batches[-1]) + 1) * lengths[batches[-1][0]] > wider * _BATCH_TOKENS
        ):
            batches.append([row])
        elif lengths[row]:
            batches[-1].append(row)
    return batches


def chat_prompt(tokenizer: Any, prompt: str) -> str:
    """Set a prompt as a user's turn, its control tokens made harmless.

    Args:
        tokenizer: the model's own.
        prompt: an instruction with its text.

    Returns:
        The text that the model goes on from; the prompt alone where there is no chat template.
    """
    text = neutralize(prompt, _special_tokens(tokenizer))
    if not tokenizer.chat_template:
        return text
    return str(
        tokenizer.apply_chat_template(
            [{"role": "user", "content": text}],
            tokenize=False,
            add_generation_prompt=True,
            # Reasoning models think aloud unless told not to; other templates ignore it.
            enable_thinking=False,
        )
    )


def _special_tokens(tokenizer: Any) -> tuple[str, ...]:
    added = (str(token) for token in tokenizer.added_tokens_decoder.values() if token.special)
    return tuple({*map(str, tokenizer.all_special_tokens), *added})

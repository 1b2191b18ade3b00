"""Keep an article's words from acting as a model's control tokens, and trim what a model wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sentencex import segment

# Marks of the chat formats in use: ChatML, Llama 2 and 3, Gemma, Mistral, DeepSeek, Phi, T5, BERT.
_KNOWN = (
    "<s>",
    "</s>",
    "<bos>",
    "<eos>",
    "<pad>",
    "<unk>",
    "<mask>",
    "[INST]",
    "[/INST]",
    "[SYSTEM_PROMPT]",
    "[/SYSTEM_PROMPT]",
    "[AVAILABLE_TOOLS]",
    "[TOOL_CALLS]",
    "[TOOL_RESULTS]",
    "<<SYS>>",
    "<</SYS>>",
    "<start_of_turn>",
    "<end_of_turn>",
    "[CLS]",
    "[SEP]",
    "[PAD]",
    "[UNK]",
    "[MASK]",
)
# Most formats write their marks like <|im_start|>, some with the full-width bar.
_BARRED = r"<[|｜][^<>\n]{1,60}[|｜]>"
_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
# A segmenter sees whether a sentence has ended only by what comes after it.
_PROBE = " Smith said so."


def neutralize(text: str, specials: Iterable[str] = ()) -> str:
    """Break every control token that a text contains, so that it cannot fake a turn.

    Args:
        text: what a user or an article brings.
        specials: the control tokens of the model at hand, besides the known ones.

    Returns:
        The text with a space after the first character of each such token, else unchanged.
    """
    # Shorter ones cannot be told from words, and ones that start with a space are not words.
    own = {s for s in specials if len(s) > 2 and not s[:2].isspace() and s[1:].strip()}
    words = sorted({*_KNOWN, *own}, key=len, reverse=True)
    pattern = re.compile("|".join([_BARRED, *map(re.escape, words)]), re.IGNORECASE)
    while pattern.search(text):
        text = pattern.sub(lambda match: f"{match[0][0]} {match[0][1:]}", text)
    return text


def complete(text: str) -> str:
    """Cut a text that stopped in the middle after its last complete sentence.

    Args:
        text: what a model wrote until its tokens ran out.

    Returns:
        The complete sentences; the whole text where not even one had ended.
    """
    text = text.strip()
    kept = "".join(list(segment("en", text + _PROBE))[:-1])
    return (text if not kept.strip() else kept[: len(text)]).strip()


def tidy(text: str) -> str:
    """Drop what a reasoning model thought aloud, and the white space around the answer."""
    return _THOUGHTS.sub("", text).strip()

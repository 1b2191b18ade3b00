"""Take off what hides words from a filter and not from a model: odd letters, codes, gaps."""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from urllib.parse import unquote

# Letters of other scripts that pass for Latin ones.
LOOKALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝкмтвнαεικνορτυχıᴀᴄᴅᴇᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ",
    "aeopcyxijshdqwkmtbhaeiknoptuxiacdejklmnoprtuvwyz",
)
# Figures that stand for letters in the middle of a word.
_FIGURES = str.maketrans("013457", "oieast")
_MIXED = re.compile(r"\b(?=\w*[^\W\d_]{2})(?=\w*[013457])[^\W_]{3,}\b")
# Letters that are set apart, one by one.
_APART = re.compile(r"(?<!\S)(?:\w ){2,}\w(?!\w)")
# Unicode's tags: a second ASCII that no font shows.
_TAGS = {0xE0000 + code: code for code in range(0x20, 0x7F)}
# What stands between these marks is shown from right to left.
_TURNED = re.compile("[\u202e\u2067]([^\u202c\u2069]*)[\u202c\u2069]?")
_ESCAPED = re.compile(r"&(?:#\w{2,7}|\w{2,6});|%[0-9A-Fa-f]{2}")
_BASE64 = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/]{16,}={0,2}(?![\w+/=])")


def unmask(text: str) -> str:
    """Return a text in plain lower-case letters, without the disguises that hide words."""
    while (plain := _unmasked(text)) != text:
        text = plain
    return text


def _unmasked(text: str) -> str:
    """Take off one layer of disguise."""
    text = _APART.sub(lambda match: match[0].replace(" ", ""), _BASE64.sub(_decoded, text))
    if _ESCAPED.search(text):
        text = html.unescape(unquote(text))
    if not text.isascii():
        text = _TURNED.sub(lambda match: match[1][::-1], text.translate(_TAGS))
        text = unicodedata.normalize("NFKC", text)
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn"))
        text = text.casefold().translate(LOOKALIKES).replace("’", "'")
    text = " ".join(text.casefold().split())
    return _MIXED.sub(lambda match: match[0].translate(_FIGURES), text)


def _decoded(match: re.Match[str]) -> str:
    """Read base64 where it holds words; a long word that only looks like it does not."""
    try:
        words = base64.b64decode(match[0] + "=" * (-len(match[0]) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return match[0]
    return words if words.isprintable() and " " in words else match[0]

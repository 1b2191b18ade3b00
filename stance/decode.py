"""Turn bytes into text, and say plainly when they are none."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from stance.errors import BinaryFileError, EncodingError

# UTF-32 stands before UTF-16, whose little-endian mark is a prefix of its own.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_UNPACK = "unpack it and give the text inside"
_EXPORT = "export it as plain text or HTML"
_MAGIC = (
    (b"%PDF-", "a PDF document", "extract its text first, for example with: pdftotext FILE -"),
    (b"PK\x03\x04", "a ZIP archive or an office document", _EXPORT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document", _EXPORT),
    (b"{\\rtf", "a rich-text document", _EXPORT),
    (
        b"\x1f\x8b",
        "gzip-compressed",
        "unpack it, for example with: gunzip -c FILE | stance … -",
    ),
    (b"BZh", "bzip2-compressed", _UNPACK),
    (b"\xfd7zXZ\x00", "xz-compressed", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"\x89PNG\r\n", "a PNG image", "extract its text first"),
    (b"\xff\xd8\xff", "a JPEG image", "extract its text first"),
    (b"GIF8", "a GIF image", "extract its text first"),
    (b"PAR1", "a Parquet table", "export it as JSON Lines"),
    (b"SQLite format 3", "an SQLite database", "export the articles as JSON Lines"),
)

# A text with no more bytes beyond ASCII than this is in a Latin script; statistics over so few
# letters mislead (they read "£5m" as "Ł5m"), and for English the answer is nearly always cp1252.
_FEW_BYTES = 8
_FEW_SHARE = 10


def mark_of(head: bytes) -> str | None:
    """Return the encoding that a byte order mark at the start announces, or None."""
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def refuse_binary(head: bytes, name: str) -> None:
    """Refuse what is no text at all.

    Args:
        head: the first bytes of the file, a few hundred at least where there are so many.
        name: how to call the file in the message.

    Raises:
        BinaryFileError: the bytes begin like a known binary format, or hold NUL.
    """
    for magic, what, fix in _MAGIC:
        if head.startswith(magic):
            raise BinaryFileError(f"{name} is {what}, not text; {fix}")
    if b"\0" in head and mark_of(head) is None:
        raise BinaryFileError(f"{name} holds NUL bytes: it is a binary file, not text")


def decode(data: bytes, name: str, *, declared: str | None = None) -> str:
    """Decode a text in whatever encoding it is.

    A byte order mark decides; then UTF-8, which other encodings all but never imitate; then what
    the page declares; then cp1252 for a mostly ASCII text; then `charset-normalizer`.

    Args:
        data: the whole text.
        name: how to call it in the message.
        declared: the encoding that a header or a ``<meta>`` tag announces.

    Returns:
        The text without its mark; line ends are left as they are.

    Raises:
        EncodingError: no likely encoding fits.
    """
    mark = mark_of(data)
    for encoding in (mark,) if mark else _likely(data, declared):
        text = _try(data, encoding)
        if text is not None:
            return text.removeprefix("\ufeff")
    text = None if mark else _detect(data)
    if text is None:
        raise EncodingError(
            f"{name} is not text in {mark or 'any likely encoding'}; convert it to UTF-8, "
            "for example with: iconv -f ENCODING -t UTF-8 FILE"
        )
    return text


def _likely(data: bytes, declared: str | None) -> Iterator[str]:
    yield "utf-8"
    if declared:
        # What calls itself Latin-1 is cp1252: https://encoding.spec.whatwg.org/#names-and-labels
        latin = {"iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii"}
        yield "cp1252" if declared.strip().lower() in latin else declared
    if sum(byte > 127 for byte in data) <= max(_FEW_BYTES, len(data) // _FEW_SHARE):
        yield "cp1252"


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):  # a page may declare an encoding that nobody knows
        return None


def _detect(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    # UTF-16 and UTF-32 without a mark are full of NUL bytes, which were refused before.
    wide = ["utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "utf_7"]
    match = from_bytes(data, cp_exclusion=wide).best()
    return None if match is None else str(match)

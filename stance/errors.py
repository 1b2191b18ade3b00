"""Define every error that the library raises, under one root.

::

    StanceError
    ├── InputError (ValueError)
    │   ├── NotTextError (TypeError)      not a str, an Article or a path
    │   ├── EmptyTextError                nothing but white space
    │   ├── TooLongError                  over max_chars, with on_long="error"
    │   ├── EncodingError                 bytes that are no text in any likely encoding
    │   ├── BinaryFileError               an image, an archive, a PDF …
    │   ├── FileMissingError (FileNotFoundError)
    │   ├── FormatError                   a row or a column that is not there
    │   ├── FetchError                    a URL that fails
    │   ├── OptionError                   an argument outside its range
    │   ├── LabelError                    a word that is no stance label
    │   └── RecordError                   a record that contradicts itself
    ├── ModelError
    │   ├── UnknownModelError             no such name, path or hub id
    │   ├── OfflineError                  a download is needed and not allowed or not possible
    │   ├── DownloadError                 the index or the hub answered with a failure
    │   ├── ChecksumError                 the bytes are not the pinned ones
    │   ├── UnsafeModelError              weights in a format that could run code
    │   └── ModelFormatError              a folder that is no model this library reads
    ├── ServerError                       a generation server that is down, slow or wrong
    ├── DataError                         labelled data that cannot be used as it is
    ├── TrainingError                     a run that ended before its end: no disk, no memory, NaN
    └── MissingExtraError (ImportError)   an optional package; the message has its pip command
"""

from __future__ import annotations

__all__ = [
    "BinaryFileError",
    "ChecksumError",
    "DataError",
    "DownloadError",
    "EmptyTextError",
    "EncodingError",
    "FetchError",
    "FileMissingError",
    "FormatError",
    "InputError",
    "LabelError",
    "MissingExtraError",
    "ModelError",
    "ModelFormatError",
    "NotTextError",
    "OfflineError",
    "OptionError",
    "RecordError",
    "ServerError",
    "StanceError",
    "TooLongError",
    "TrainingError",
    "UnknownModelError",
    "UnsafeModelError",
]


class StanceError(Exception):
    """Be the root of every error that the library raises on purpose."""


class InputError(StanceError, ValueError):
    """Say that what the caller gave cannot be read."""


class NotTextError(InputError, TypeError):
    """Say that the value is not a str, an Article or a path."""


class EmptyTextError(InputError):
    """Say that the text has nothing but white space."""


class TooLongError(InputError):
    """Say that the text is longer than `max_chars` and `on_long` is ``"error"``."""


class EncodingError(InputError):
    """Say that the bytes are not text in any likely encoding."""


class BinaryFileError(InputError):
    """Say that the file is not a text at all."""


class FileMissingError(InputError, FileNotFoundError):
    """Say that there is no such file."""


class FormatError(InputError):
    """Say that a row, a column or a whole file does not have the expected form."""


class FetchError(InputError):
    """Say that a URL could not be fetched."""


class OptionError(InputError):
    """Say that an argument lies outside its range."""


class LabelError(InputError):
    """Say that a word is no stance label."""


class RecordError(InputError):
    """Say that a record contradicts itself."""


class ModelError(StanceError):
    """Say that a model cannot be had or read."""


class UnknownModelError(ModelError):
    """Say that no model has this name, path or hub id."""


class OfflineError(ModelError):
    """Say that a download is needed but not allowed or not possible."""


class DownloadError(ModelError):
    """Say that the package index or the hub answered with a failure."""


class ChecksumError(ModelError):
    """Say that the downloaded bytes are not the pinned ones."""


class UnsafeModelError(ModelError):
    """Say that the weights are in a format that could run code."""


class ModelFormatError(ModelError):
    """Say that the folder is no model that this library reads."""


class ServerError(StanceError):
    """Say that a generation server is down, slow or answers nonsense."""


class DataError(StanceError):
    """Say that labelled data cannot be used as it is."""


class TrainingError(StanceError):
    """Say that a training run had to stop, what is kept of it, and how to go on."""


class MissingExtraError(StanceError, ImportError):
    """Say that an optional package is missing, with the pip command that installs it."""

    @classmethod
    def of(cls, package: str, extra: str) -> MissingExtraError:
        """Name the missing `package` and the `extra` that brings it."""
        return cls(f"{package} is not installed; run: pip install 'stance-nlp[{extra}]'")

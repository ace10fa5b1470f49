"""Text of a document's file."""

from __future__ import annotations

from pathlib import Path

from ..errors import InputError, ScreenplayError
from ._text import MAX_BYTES


def text_of(path: Path, mend: str = "check the name, or give a prompt in quotes") -> str:
    """What stands in a file.

    Raises:
        ScreenplayError: it is too large, or no text.
        InputError: there is none, or it cannot be read; `mend` says what to do if there is none.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ScreenplayError(
                f"{path.name}: larger than {MAX_BYTES // 1_000_000} MB", "split the film into several"
            )
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ScreenplayError(f"{path.name}: not a text file", "save the screenplay as UTF-8 text") from None
    except FileNotFoundError:
        raise InputError(f"there is no file {path}", mend) from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "check the name and its permissions") from None

"""Words → a character in a file, and its picture beside it."""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError, NotUnderstoodError, OutputError
from ..post.bundle import output_error, write_whole
from ..screenplay import Character, dump_character
from ..screenplay.quality import SIZES, Quality
from .steps import Progress
from .summary import person

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, kw_only=True)
class Cast:
    """A character that was made, and where it stands."""

    character: Character
    file: Path | None
    picture: Path | None
    understood: tuple[str, ...]
    not_understood: tuple[str, ...]
    elapsed_s: float

    def json(self) -> dict[str, Any]:
        """The object of `--json`."""
        return {
            "character": str(self.file) if self.file else None,
            "picture": str(self.picture) if self.picture else None,
            "document": self.character.model_dump(mode="json"),
            "understood": list(self.understood),
            "not_understood": list(self.not_understood),
            "elapsed_s": round(self.elapsed_s, 3),
        }


def cast(
    prompt: str,
    out: str | os.PathLike[str] | None = None,
    *,
    name: str = "",
    language: str | None = None,
    seed: int | None = None,
    strict: bool = False,
    picture: bool = True,
    quality: Quality = "draft",
    progress: Progress | None = None,
) -> Cast:
    """Make a character of words that describe one person; with `out`, its file and a turntable picture beside it.

    They are called `name`, or as the prompt calls them, or as the file is called. A file that is there is replaced.

    Raises:
        InputError: the prompt describes nobody or several people, or an option is wrong; nothing was written.
        NotUnderstoodError: with `strict`, not everything was understood; nothing was written.
        OutputError: the file or the picture cannot be written.
        WorkerError: the picture cannot be rendered; the file is written.
    """
    from .. import director

    started = time.monotonic()
    if quality not in SIZES:
        raise InputError(f"there is no quality {quality!r}", f"choose one of: {', '.join(SIZES)}")
    target = check_file(out) if out is not None else None
    stem = target.stem.replace("_", " ").replace("-", " ").title() if target else ""
    made = director.cast(prompt, language=language, seed=seed, name=name, otherwise=stem)
    if strict and made.not_understood:
        phrases = ", ".join(f"“{phrase}”" for phrase in made.not_understood)
        raise NotUnderstoodError(f"not understood: {phrases}", "say it in other words, or leave out --strict")
    drawn = None
    if target:
        write_whole(target, dump_character(made.character).encode())
        if picture:
            from .turntable import turntable

            try:
                drawn = turntable(made.character, target.with_suffix(".png"), quality=quality, progress=progress)
            except OSError as error:
                raise output_error(error, target.with_suffix(".png")) from None
    return Cast(
        character=made.character, file=target, picture=drawn, understood=(person(made.character),),
        not_understood=made.not_understood, elapsed_s=time.monotonic() - started,
    )  # fmt: skip


def check_file(out: str | os.PathLike[str]) -> Path:
    """The path of a character's file that can be written, its picture beside it.

    Raises:
        InputError: it is not the name of one.
        OutputError: nothing can be written there.
    """
    path = Path(out).expanduser()
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path.name!r} is not the name of a character's file", f"end it with .yaml: -o {path}.yaml")
    for place in (path, path.with_suffix(".png")):
        if place.is_dir():
            raise OutputError(f"{place} is a folder", "give another name with -o")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):  # permission bits alone do not tell
            pass
    except OSError as error:
        raise output_error(error, path) from None
    return path

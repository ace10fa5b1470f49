"""Words or a document → a finished film, taken up again wherever it stopped."""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import cache, devices, library
from ..errors import InputError, NotUnderstoodError
from ..passes import chosen
from ..post.bundle import FULL, output_error
from ..screenplay import Character, Document, Screenplay, dump, is_document, read
from ..screenplay.quality import Quality
from . import steps
from .casting import Cast, given, recast
from .options import Options, apply, check_room, check_size_of, check_target
from .passes import BYTES_PER_PIXEL, lay
from .result import Result
from .steps import Progress
from .summary import understood
from .vocabulary import check_vocabulary

if TYPE_CHECKING:
    from ..post import Bundle
    from ..take import Take

KEPT = "film"
PASSES = "passes"
"""The folder of passes beside a film."""
LARGEST_KEPT = 500_000_000
"""Finished films up to this size [bytes] are kept, so that making one again is copying it."""
ATTEMPTS = 3
"""A frame that was damaged on disk is rendered again this often."""
DISK = (*FULL, errno.EACCES, errno.EROFS)
ROOMS = ("rehearsal", "camera", "sound", "post")


def film(
    source: str | os.PathLike[str] | Screenplay,
    out: str | os.PathLike[str],
    *,
    language: str | None = None,
    seconds: float | None = None,
    size: tuple[int, int] | None = None,
    fps: int | None = None,
    quality: Quality | None = None,
    seed: int | None = None,
    style: str | None = None,
    grade: str | None = None,
    strict: bool = False,
    review: bool = True,
    passes: str | Iterable[str] = (),
    cast: Cast = (),
    progress: Progress | None = None,
) -> Result:
    """Make a film of a prompt, a screenplay, or a film that carries one.

    Finished steps and frames are kept: stop it anywhere and call it again, and it goes on. Values that are given
    replace those of the document. The finished film is measured, unless `review` is False. `passes` names what is to
    be known of every pixel (see `soundstage.passes`); it is written beside the film, FILM/passes/00000.exr …
    `cast` are files of characters, or characters, that play who has their name.

    Raises:
        InputError: prompt, document or an option is wrong; nothing was rendered.
        NotUnderstoodError: nothing was understood, or with `strict`, not everything.
        OutcomeError: an intended outcome cannot be reached.
        WorkerError: a render process died too often; finished frames are kept.
        OutputError: the film cannot be written; finished frames are kept.
    """
    started = time.monotonic()
    devices.asked()
    options = Options(seconds=seconds, size=size, fps=fps, quality=quality, seed=seed, style=style, grade=grade)
    wanted = chosen(passes) if passes else ()
    target = check_target(out)
    document = open_document(source, options, language=language, cast=cast, progress=progress)
    if strict:
        check_understood(document.screenplay)
    check_vocabulary(document)
    with cache.running():
        production = _Production(document, target, progress)
        try:
            bundle = production.make()
            if wanted:
                production.passes(bundle, wanted)
            if review:
                production.review(bundle)
        except OSError as error:
            if error.errno in DISK:
                raise output_error(error, target) from None
            raise
        return production.result(bundle, time.monotonic() - started)


def open_document(
    source: str | os.PathLike[str] | Screenplay,
    options: Options,
    *,
    language: str | None = None,
    cast: Cast = (),
    progress: Progress | None = None,
) -> Document:
    """The screenplay of a prompt, file or film, with the options written into it and played by the cast.

    Raises:
        InputError: it is none, or an option does not fit it.
    """
    characters = given(cast)
    if isinstance(source, Screenplay):
        document = recast(Document(apply(source, options), "screenplay"), characters)
    elif not isinstance(source, str) or is_document(source):
        found = read(source)
        changed = apply(found.screenplay, options)
        text = found.text if changed == found.screenplay and found.name.endswith((".yaml", ".yml")) else ""
        document = recast(Document(changed, found.name, found.lines, text), characters)
    else:
        planned = _planned(source, options, language, characters, progress)
        document = Document(apply(planned, Options(style=options.style, grade=options.grade)), "plan")
    check_size_of(document.screenplay)
    return document


def check_understood(screenplay: Screenplay) -> None:
    """Nothing, if every phrase of the prompt is in the film.

    Raises:
        NotUnderstoodError: lists those that are not.
    """
    if screenplay.not_understood:
        phrases = ", ".join(f"“{phrase}”" for phrase in screenplay.not_understood)
        raise NotUnderstoodError(f"not understood: {phrases}", "say it in other words, or leave out --strict")


def _planned(
    prompt: str, options: Options, language: str | None, cast: Sequence[Character], progress: Progress | None
) -> Screenplay:
    if not prompt.strip():
        raise InputError("the prompt is empty", 'say what happens, such as "a red ball falls onto a wooden floor"')
    if progress:
        progress("plan", 0, 1)
    made = steps.plan(
        prompt,
        language=language,
        seconds=options.seconds,
        size=options.size,
        fps=options.fps,
        quality=options.quality or "draft",
        seed=options.seed,
        cast=cast,
    )
    if progress:
        progress("plan", 1, 1)
    return made


class _Production:
    """One film being made."""

    def __init__(self, document: Document, out: Path, progress: Progress | None) -> None:
        self.screenplay = document.screenplay
        self.text = document.text
        self.out = out
        self.progress = progress
        self.timings: dict[str, float] = {}
        self.rendered = 0
        self.outcomes: dict[str, Any] = {}
        self.measured: dict[str, Any] | None = None
        self.laid: Path | None = None

    def make(self) -> Bundle:
        """The film, from the cache or made."""
        from .. import post

        name = cache.key(self.screenplay.model_dump(mode="json", by_alias=True), ROOMS)
        kept = cache.get(KEPT, name)
        if kept is not None:
            with self._timed("finish"):
                return post.deliver(kept, self.out, keep=True, screenplay=self.text)
        styled = bool(library.style(self.screenplay.look.style).passes)
        check_room(self.screenplay, cache.cache_dir(), *([BYTES_PER_PIXEL] if styled else []))
        with self._timed("rehearse"):
            takes = steps.rehearse(self.screenplay, progress=self.progress)
        self.outcomes = {beat: value for take in takes for beat, value in take.outcomes.items()}
        with self._timed("score"):
            sound = steps.score(takes, self.screenplay, progress=self.progress)
        for _ in range(ATTEMPTS):
            with self._timed("shoot"):
                frames = self._shoot(takes)
            try:
                with self._timed("dress"):
                    frames = steps.dress(frames, takes, self.screenplay, progress=self.progress)
                cache.touch(frames)
                return self._finish(frames, takes, sound, name)
            except post.FrameError as error:
                error.path.unlink(missing_ok=True)
                damaged = error
        raise damaged

    def _finish(self, frames: Sequence[Path], takes: Sequence[Take], sound: steps.Sound, name: str) -> Bundle:
        from .. import post

        with post.beside(self.out) as work:
            with self._timed("finish"):
                self._build(work, frames, takes, sound)
            self._keep(work, name)
            return post.deliver(work, self.out, keep=False, screenplay=self.text)

    def passes(self, bundle: Bundle, wanted: Sequence[str]) -> None:
        """What every pixel shows, beside the finished film."""
        check_room(self.screenplay, cache.cache_dir(), BYTES_PER_PIXEL)
        with self._timed("passes"):
            takes = steps.rehearse(self.screenplay)
            files = steps.shoot_passes(takes, self.screenplay, wanted, progress=self.progress)
            self.laid = bundle.folder / PASSES
            placed = [str(path.relative_to(bundle.folder)) for path in lay(files, self.laid)]
        self._note(bundle, lambda report: {"files": [*report["files"], *placed]})

    def _note(self, bundle: Bundle, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Enter something into the report of a finished film."""
        report = json.loads(bundle.report.read_text("utf-8"))
        report |= change(report)
        part = bundle.report.with_name(f".{bundle.report.name}.{os.getpid()}.part")
        part.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")
        part.replace(bundle.report)

    def review(self, bundle: Bundle) -> None:
        """Measure the finished film and write what was found into its report; a film is not lost by it."""
        with self._timed("review"):
            try:
                self.measured = steps.review(bundle.film, bundle.takes, progress=self.progress)
            except Exception as error:
                self.measured = None
                found: dict[str, Any] = {"failed": f"{type(error).__name__}: {error}"[:300]}
            else:
                found = self.measured
        self._note(bundle, lambda _: {"review": {name: value for name, value in found.items() if name != "film"}})

    def _shoot(self, takes: Sequence[Take]) -> list[Path]:
        known = {entry.name for entry in os.scandir(cache.frames_dir())}
        frames = steps.shoot(takes, self.screenplay, progress=self.progress)
        self.rendered += len({path.name for path in frames} - known)
        cache.touch(frames)
        return frames

    def _build(self, work: Path, frames: Sequence[Path], takes: Sequence[Take], sound: steps.Sound) -> None:
        from .. import post

        sp, progress = self.screenplay, self.progress
        post.build(
            work,
            frames,
            sound.mix,
            sound.stems,
            fps=sp.fps,
            screenplay=dump(sp),
            title=sp.title,
            takes=takes,
            report=self._report(len(frames)),
            progress=(lambda done, total: progress("finish", done, total)) if progress else None,
        )

    def _keep(self, work: Path, name: str) -> None:
        """Keep the finished film for the next time, if there is room for it."""
        size = sum(p.stat().st_size for p in work.rglob("*") if p.is_file())
        if size > LARGEST_KEPT:
            return
        try:
            cache.put(KEPT, name, lambda folder: shutil.copytree(work, folder, dirs_exist_ok=True))
            cache.prune()
        except OSError:
            return  # a cache that cannot be written costs time later, never the film

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        start = time.monotonic()
        try:
            yield
        finally:
            self.timings[step] = self.timings.get(step, 0.0) + time.monotonic() - start

    def _report(self, frames: int) -> dict[str, Any]:
        sp = self.screenplay
        return {
            "title": sp.title,
            "prompt": sp.prompt,
            "understood": list(understood(sp)),
            "not_understood": list(sp.not_understood),
            "outcomes": self.outcomes,
            "seconds": sp.seconds,
            "size": list(sp.size),
            "fps": sp.fps,
            "quality": sp.quality,
            "seed": sp.seed,
            "frames": frames,
            "frames_rendered": self.rendered,
            "timings_s": {step: round(value, 3) for step, value in self.timings.items()},
            "made_from": {room: cache.fingerprint(room)[:16] for room in ROOMS},
        }

    def result(self, bundle: Bundle, elapsed: float) -> Result:
        """What became of it."""
        sp = self.screenplay
        report = json.loads(bundle.report.read_text("utf-8"))
        return Result(
            film=bundle.film,
            screenplay=bundle.screenplay,
            takes=bundle.takes,
            stems=bundle.stems,
            mix=bundle.mix,
            subtitles=bundle.subtitles,
            report=bundle.report,
            title=sp.title,
            understood=understood(sp),
            not_understood=sp.not_understood,
            seconds=sp.seconds,
            size=sp.size,
            fps=sp.fps,
            quality=sp.quality,
            seed=sp.seed,
            frames=report["frames"],
            frames_rendered=self.rendered,
            outcomes=report["outcomes"],
            timings_s=self.timings,
            elapsed_s=elapsed,
            passes=self.laid,
            review=self.measured,
        )

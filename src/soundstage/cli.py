"""The command line: the same verbs as in Python. Messages go to stderr, stdout carries the result and nothing else.

Exit 0 done; 2 the input is wrong; 130 stopped by the user; 1 anything else.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .errors import InputError, SoundstageError
from .terminal import Watch, duration, say

if TYPE_CHECKING:
    from .production import Options

app = typer.Typer(
    name="soundstage",
    help="Turns words into a film with sound: simulate, then shoot.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Seconds = Annotated[float | None, typer.Option(help="Length of the film [s]; otherwise as long as it takes.")]
Size = Annotated[str, typer.Option(help="Width x height in pixels, such as 1280x720; otherwise --quality chooses.")]
Fps = Annotated[int | None, typer.Option(help="Frames a second: 12, 15, 24, 25, 30, 48, 50 or 60.")]
Quality = Annotated[str, typer.Option(help="draft (640x360), good (1280x720) or best (1920x1080).")]
Seed = Annotated[int | None, typer.Option(help="Another number, another film of the same words.")]
Style = Annotated[str, typer.Option(help="How it is pictured: clay, cel, watercolour, pencil … (see the reference).")]
Grade = Annotated[str, typer.Option(help="Its colours: warm, cold, noir, film_70s … (see the reference).")]
Strict = Annotated[bool, typer.Option("--strict", help="Refuse a prompt that is not understood completely.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of the path.")]
Which = Annotated[
    str,
    typer.Option(
        metavar="NAMES", help="What is to be known of every pixel: depth,normal,flow,ids,albedo, or all; as EXR files."
    ),
]
Cast = Annotated[
    list[str] | None,
    typer.Option(metavar="CHARACTER.yaml", help="Who plays somebody of that name; may be given several times."),
]
Language = Annotated[str, typer.Option(help="Language of the prompt (en, de, es, fr, hi, ar); otherwise found out.")]


@app.command()
def film(
    source: Annotated[str, typer.Argument(metavar="PROMPT|SCREENPLAY.yaml|FILM.mp4", help="What to film.")],
    out: Annotated[str, typer.Option("-o", "--out", metavar="FILM.mp4", help="Where the film goes.")],
    seconds: Seconds = None,
    size: Size = "",
    fps: Fps = None,
    quality: Quality = "",
    seed: Seed = None,
    style: Style = "",
    grade: Grade = "",
    language: Language = "",
    strict: Strict = False,
    no_review: Annotated[bool, typer.Option("--no-review", help="Do not measure the finished film.")] = False,
    passes: Which = "",
    cast: Cast = None,
    as_json: Json = False,
) -> None:
    """Make a film of words, of a screenplay, or of a film that carries one."""
    from .production import film as make

    options, players = _options(seconds, size, fps, quality, seed, style, grade), _players(cast)
    with Watch() as watch:
        _State.watch = watch
        result = make(
            source,
            out,
            language=language or None,
            strict=strict,
            review=not no_review,
            passes=passes,
            cast=players,
            progress=watch,
            **vars(options),
        )
    if players:
        from .screenplay import load

        _tell_cast(load(result.screenplay), players)
    for phrase in result.not_understood:
        say(f"not understood: “{phrase}”")
    if result.review:
        from .review.telling import lines

        say(*lines(result.review))
    frames = f"{result.frames_rendered} of {result.frames} frames rendered"
    say(f"{result.seconds:g} s of film in {duration(result.elapsed_s)}, {frames}")
    _print(json.dumps(result.json(), ensure_ascii=False) if as_json else str(result.film))


@app.command()
def passes(
    source: Annotated[str, typer.Argument(metavar="PROMPT|SCREENPLAY.yaml|FILM.mp4", help="What to measure out.")],
    out: Annotated[str, typer.Option("-o", "--out", metavar="FOLDER", help="Where the files go: 00000.exr …")],
    passes: Which = "all",
    seconds: Seconds = None,
    size: Size = "",
    fps: Fps = None,
    seed: Seed = None,
    language: Language = "",
    cast: Cast = None,
    as_json: Json = False,
) -> None:
    """Write what every pixel shows as numbers: depth, normals, motion, ids, albedo. No picture is made."""
    from .production import make_passes

    options = _options(seconds, size, fps, "", seed)
    with Watch() as watch:
        _State.watch = watch
        made = make_passes(
            source,
            out,
            passes=passes,
            language=language or None,
            cast=_players(cast),
            progress=watch,
            **{name: value for name, value in vars(options).items() if name not in ("quality", "style", "grade")},
        )
    _print(json.dumps({"passes": [str(p) for p in made]}, ensure_ascii=False) if as_json else out)


@app.command()
def preview(
    source: Annotated[str, typer.Argument(metavar="PROMPT|SCREENPLAY.yaml|FILM.mp4", help="What to sketch.")],
    out: Annotated[str, typer.Option("-o", "--out", metavar="FILM.mp4", help="Where the sketch goes.")] = "preview.mp4",
    seconds: Seconds = None,
    size: Size = "",
    fps: Fps = None,
    seed: Seed = None,
    language: Language = "",
    strict: Strict = False,
    cast: Cast = None,
    as_json: Json = False,
) -> None:
    """Sketch a film in seconds: it moves and sounds as the film will, in flat colours."""
    from .production.previewing import preview as make

    options, players = _options(seconds, size, fps, "", seed), _players(cast)
    with Watch() as watch:
        _State.watch = watch
        made = make(
            source, out, language=language or None, strict=strict, cast=players, progress=watch, **vars(options)
        )
    _tell_cast(made.screenplay, players)
    for phrase in made.screenplay.not_understood:
        say(f"not understood: “{phrase}”")
    say(f"{made.screenplay.seconds:g} s of film sketched in {duration(made.elapsed_s)}")
    _print(json.dumps(made.json(), ensure_ascii=False) if as_json else str(made.film))


@app.command()
def plan(
    source: Annotated[str, typer.Argument(metavar="PROMPT|SCREENPLAY.yaml|FILM.mp4", help="What to plan.")],
    out: Annotated[str, typer.Option("-o", "--out", metavar="SCREENPLAY.yaml", help="Where the screenplay goes.")] = "",
    seconds: Seconds = None,
    size: Size = "",
    fps: Fps = None,
    quality: Quality = "",
    seed: Seed = None,
    style: Style = "",
    grade: Grade = "",
    language: Language = "",
    strict: Strict = False,
    cast: Cast = None,
    as_json: Json = False,
) -> None:
    """Say what will happen, and what was not understood. Nothing is rendered."""
    from .production import check_vocabulary
    from .production.pipeline import check_understood, open_document
    from .production.summary import understood
    from .screenplay import dump

    players = _players(cast)
    document = open_document(
        source, _options(seconds, size, fps, quality, seed, style, grade), language=language or None, cast=players
    )
    check_vocabulary(document)
    screenplay = document.screenplay
    _tell_cast(screenplay, players)
    sentences = understood(screenplay)
    say(*sentences, *(f"not understood: “{phrase}”" for phrase in screenplay.not_understood))
    if strict:
        check_understood(screenplay)
    text = dump(screenplay)
    if out:
        _write(Path(out), text)
    if as_json:
        values = {
            "screenplay": out or None,
            "document": screenplay.model_dump(mode="json", by_alias=True),
            "understood": sentences,
            "not_understood": screenplay.not_understood,
            "seconds": screenplay.seconds,
            "size": screenplay.size,
            "fps": screenplay.fps,
        }
        _print(json.dumps(values, ensure_ascii=False))
    else:
        _print(out or text.rstrip("\n"))


@app.command()
def cast(
    prompt: Annotated[str, typer.Argument(metavar="PROMPT", help="Words that describe one person.")],
    out: Annotated[str, typer.Option("-o", "--out", metavar="CHARACTER.yaml", help="Where the character goes.")] = "",
    name: Annotated[str, typer.Option(help="What they are called; otherwise as in the prompt, or as the file.")] = "",
    seed: Seed = None,
    quality: Quality = "draft",
    no_picture: Annotated[bool, typer.Option("--no-picture", help="Write no picture beside the file.")] = False,
    language: Language = "",
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Make a character that can be cast in any film, and a picture of it from all sides."""
    from .production import cast as make
    from .screenplay import dump_character

    with Watch() as watch:
        _State.watch = watch
        made = make(
            prompt,
            out or None,
            name=name,
            language=language or None,
            seed=seed,
            strict=strict,
            picture=not no_picture,
            quality=quality,  # type: ignore[arg-type]  # cast checks the word
            progress=watch,
        )
    say(*made.understood, *(f"not understood: “{phrase}”" for phrase in made.not_understood))
    if made.picture:
        say(f"picture: {made.picture}")
    if as_json:
        _print(json.dumps(made.json(), ensure_ascii=False))
    else:
        _print(out or dump_character(made.character).rstrip("\n"))


@app.command()
def review(
    film: Annotated[str, typer.Argument(metavar="FILM.mp4", help="What to measure.")],
    take: Annotated[
        list[str] | None,
        typer.Option(metavar="TAKE", help="Record of a scene; one for each, in order. Otherwise those in FILM/."),
    ] = None,
    against: Annotated[str, typer.Option(metavar="OTHER.mp4", help="Show another film beside it.")] = "",
    out: Annotated[str, typer.Option("-o", "--out", metavar="REPORT.html", help="Where a page about it goes.")] = "",
    seconds: Annotated[float, typer.Option(help="Watch only so much of the film [s].", min=0.1)] = 300.0,
    references: Annotated[
        int, typer.Option(help="Render so many frames once more, whole, and compare (minutes).", min=0, max=1000)
    ] = 0,
    samples: Annotated[int, typer.Option(help="Samples per pixel of references.", min=1, max=65536)] = 256,
    as_json: Json = False,
) -> None:
    """Measure a finished film, with its record or without."""
    from .production.references import references as render
    from .review import review as measure
    from .review import side_by_side
    from .review.telling import table

    page = _page(out) if out else None
    with Watch() as watch:
        files = [Path(t) for t in take] if take else None
        rendered = render(film, references, samples=samples, takes=files, progress=watch) if references else []
        found = measure(film, takes=files, references=rendered, seconds=seconds, progress=watch)
        other = measure(against, seconds=seconds, progress=watch) if against else None
    notes = [*found.notes, *(f"{Path(against).name}: {note}" for note in (other.notes if other else ()))]
    if page:
        from .review.page import write

        write(found, film, page, against=other, seconds=seconds)
    if as_json:
        values = found.json()
        if other:
            values |= {"against": other.json(), "differences": [pair.json() for pair in side_by_side(found, other)]}
        _print(json.dumps({**values, "report": str(page) if page else None}, ensure_ascii=False))
        return
    _show(table(found, other), notes, to_stdout=page is None)
    if page:
        _print(str(page))


def _page(out: str) -> Path:
    path = Path(out)
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"{path.name!r} is not the name of a page", f"end it with .html: -o {path}.html")
    return path


def _show(table: Any, notes: Sequence[str], *, to_stdout: bool) -> None:
    """A table for a person; it is the result itself where nothing else is."""
    from rich.console import Console

    stream = sys.stdout if to_stdout else sys.stderr
    wide = None if stream.isatty() else 140
    Console(file=stream, highlight=False, soft_wrap=False, width=wide).print(table)
    say(*notes)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say what this machine has and lacks."""
    from .doctor import examine, report

    findings = examine()
    _print(json.dumps([vars(f) for f in findings], ensure_ascii=False) if as_json else report(findings))
    if any(f.state == "lacks" for f in findings):
        raise typer.Exit(1)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a screenplay."""
    from .screenplay import json_schema

    _print(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as of

    _print(of("soundstage"))


# ── running ─────────────────────────────────────────────────────────────────────────────────────────────────────────


STOPPED = 130


class _State:
    """What the messages of a stopped run need to know."""

    watch: Watch | None = None


def main() -> None:
    """Run the command line and exit."""
    # What goes wrong while half-written files are thrown away was said already.
    sys.unraisablehook = lambda _: None
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code, prints no traceback."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    with suppress(ValueError):  # not in the main thread: then nobody sends us signals
        signal.signal(signal.SIGTERM, _terminated)
    # What typer raises for any wrong argument; it has no public name.
    usage_error: type[Any] = typer.BadParameter.__mro__[2]
    try:
        code = typer.main.get_command(app).main(list(arguments), prog_name="soundstage", standalone_mode=False)
        if code == STOPPED:  # typer makes a code of Ctrl-C
            return _stopped()
        return code if isinstance(code, int) else 0
    except typer.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _stopped()
    except SoundstageError as error:
        what, _, details = error.what.partition("\n")
        what = what.rstrip(":")
        if details:
            what += f" (details in {_log(error, arguments) or 'no file: the cache cannot be written'})"
        say(f"soundstage: {what}", *([error.mend] if error.mend else []))
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output has seen enough; keep the interpreter from complaining when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except usage_error as error:
        say(f"soundstage: {_one_line(error.format_message())}", _help_line(error))  # type: ignore[attr-defined]
        return 2
    except MemoryError:
        say("soundstage: this machine has too little memory for this film", "make it smaller (--size) or shorter")
        return 1
    except Exception as error:
        return _unexpected(error, arguments)


def _terminated(*_: Any) -> None:
    raise KeyboardInterrupt


def _stopped() -> int:
    from .cache import cache_dir

    watch = _State.watch
    shooting = watch is not None and watch.step in ("shoot", "passes", "dress")
    kept = f"{watch.done} of {watch.total} frames are" if watch and shooting else "every finished step is"
    say(f"soundstage: stopped; {kept} kept in {cache_dir()}", "run the same command again to go on from here")
    return STOPPED


def _unexpected(error: Exception, arguments: Sequence[str]) -> int:
    """A fault of ours: short on the screen, whole in a file."""
    what = f"{type(error).__name__}: {_one_line(str(error))}"[:300]
    log = _log(error, arguments)
    say(f"soundstage: a fault in Soundstage itself: {what}", f"please report it{f' with {log}' if log else ''}")
    return 1


def _log(error: Exception, arguments: Sequence[str]) -> Path | None:
    """The file where everything about an error stands; None if it cannot be written."""
    try:
        from .cache import cache_dir

        folder = cache_dir() / "logs"
        folder.mkdir(exist_ok=True)
        log = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
        log.write_text(f"arguments: {list(arguments)!r}\n\n{''.join(traceback.format_exception(error))}", "utf-8")
    except OSError:
        return None
    return log


def _options(
    seconds: float | None,
    size: str,
    fps: int | None,
    quality: str,
    seed: int | None,
    style: str = "",
    grade: str = "",
) -> Options:
    from .production import Options
    from .production.options import parse_size

    return Options(
        seconds=seconds,
        size=parse_size(size) if size else None,
        fps=fps,
        quality=quality or None,  # type: ignore[arg-type]  # Options checks the word
        seed=seed,
        style=style or None,
        grade=grade or None,
    )


def _players(files: Sequence[str] | None) -> tuple[Any, ...]:
    """The characters that were named, read."""
    if not files:
        return ()
    from .production.casting import given

    return given(files)


def _tell_cast(screenplay: Any, players: Sequence[Any]) -> None:
    if players:
        from .production.casting import told

        say(*told(screenplay, players))


def _write(path: Path, text: str) -> None:
    from .post.bundle import write_whole

    if path.suffix.lower() not in (".yaml", ".yml"):
        raise InputError(f"{path.name!r} is not the name of a screenplay", f"end it with .yaml: -o {path}.yaml")
    write_whole(path, text.encode())


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _help_line(error: Any) -> str:
    context = getattr(error, "ctx", None)
    return f"see {context.command_path if context else 'soundstage'} --help"

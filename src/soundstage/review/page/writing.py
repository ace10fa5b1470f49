"""A review → one self-contained page: no other file is needed but the film beside it, and nothing is fetched."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from ...errors import OutputError
from ..footage import MOST_SECONDS
from ..rows import FEATURES, Review
from . import curves, head
from .features import Watched, section, section_of_two
from .links import Link
from .markup import Html, el, join, raw
from .material import LARGE, gather
from .moments import worst_of


def write(
    review: Review,
    film: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    against: Review | None = None,
    seconds: float = MOST_SECONDS,
) -> Path:
    """Write the page of a review, or of two side by side.

    Args:
        review: what was measured.
        film: the film; the page plays it from where it stands, by a relative path.
        out: the page.
        against: what was measured of another film.
        seconds: as much of the films was watched.

    Raises:
        InputError: a film cannot be read any more.
        OutputError: the page cannot be written.
    """
    target = Path(out)
    one = _watched(review, Path(film), target, seconds, "film")
    other = _watched(against, Path(against.film), target, seconds, "other") if against else None
    _save(target, page(one, other))
    return target


def page(one: Watched, other: Watched | None = None) -> Html:
    """The whole page."""
    title = head.title_of(one.review)
    if other is None:
        body = [head.top(one), *(section(one, feature) for feature in FEATURES)]
        films = [one]
    else:
        body = [head.top_of_two(one, other), *(section_of_two(one, other, feature) for feature in FEATURES)]
        films = [one, other]
    facts = [head.facts_table(watched.material, watched.review) for watched in films]
    end = el("footer", el("h2", "About the file" if other is None else "About the files"), *facts, _end())
    style, script = raw(_own("page.css")), raw(_own("page.js"))
    top = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_policy(script)),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", name="generator", content="Soundstage"),
        el("title", f"{title} – review"),
        el("style", style),
    )
    main = el("main", *body, end, class_="two" if other else None)
    return join(raw("<!doctype html>\n"), el("html", top, el("body", main, el("script", script)), lang="en"), "\n")


def _end() -> Html:
    return el(
        "p",
        "Everything here was measured in the finished film, as any player shows it. None of it measures whether the "
        "film is good to watch: only looking and listening do. A row opens to say what it means and what it does not "
        "know.",
        class_="muted",
    )


def _policy(script: str) -> str:
    """Nothing is fetched but the film, and no other script runs, whatever a title says."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "media-src 'self' file:; base-uri 'none'; form-action 'none'"
    )


def _own(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


def _watched(review: Review, film: Path, page_: Path, seconds: float, player: str) -> Watched:
    shown = min(float(review.facts.get("seconds") or 0.0), seconds)
    pictures = [*head.wishes(shown), *_pictures(review)]
    waves = [w.moment.time_s for feature in FEATURES for w in worst_of(review, feature) if w.heard]
    material = gather(film, pictures, waves, seconds)
    return Watched(review=review, material=material, link=Link.to(film, page_, player), seconds=shown)


def _pictures(review: Review) -> Iterator[tuple[float, int]]:
    for feature in FEATURES:
        yield from ((worst.moment.time_s, worst.width) for worst in worst_of(review, feature))
    drawn = curves.path_row(review)
    if drawn is not None:
        yield curves.path_moment(drawn), LARGE


def _save(target: Path, text: str) -> None:
    """Beside the place, then renamed into it."""
    name = ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}", suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except OSError as error:
        if name:
            with contextlib.suppress(OSError):
                Path(name).unlink(missing_ok=True)
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"{target} cannot be written: {reason}", "give another place with -o") from None

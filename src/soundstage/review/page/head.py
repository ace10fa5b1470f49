"""The top of the page: what film it is, how it did, what it looks like, and the film itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..footage import Facts
from ..rows import FEATURES, Review, Row
from ..telling import number
from .features import VERDICTS, Watched, short_rows, verdict_words
from .markup import Html, el, join
from .material import LARGE, TINY, Material
from .values import KINDS, goal, mark

FRAMES = 8
"""Pictures of the strip."""
TOLD = 2
"""Rows that fall short, told at the top for each feature."""
POSTER = 0.4
"""Where in the film the picture is taken that stands for it."""


def wishes(seconds: float) -> list[tuple[float, int]]:
    """The pictures the top of the page needs."""
    strip = [(seconds * (n + 0.5) / FRAMES, TINY) for n in range(FRAMES)]
    return [(seconds * POSTER, LARGE), *strip]


def title_of(review: Review) -> str:
    """The film's own title, or the name of its file."""
    return str(review.facts.get("title") or Path(review.film).stem)


def top(watched: Watched) -> Html:
    """Of a single film."""
    return el(
        "header",
        el("p", "Film review", class_="kicker"),
        el("h1", title_of(watched.review), dir="auto"),
        el("p", _short_facts(watched.material.facts), class_="facts"),
        el("p", in_short(watched.review), class_="sum"),
        el(
            "div",
            el("div", player(watched), strip(watched), class_="film"),
            el("nav", verdicts(watched), aria_label="Verdicts"),
            class_="opening",
        ),
        notes(watched.review),
        class_="top",
    )


def top_of_two(one: Watched, other: Watched) -> Html:
    """Of two films side by side."""
    sides = [
        el(
            "div",
            el("div", el("p", name, class_="kicker"), el("h2", title_of(watched.review), dir="auto")),
            el("p", _short_facts(watched.material.facts), class_="facts"),
            player(watched),
            el("div", strip(watched)),
            el("nav", verdicts(watched), aria_label=f"Verdicts of {name}"),
            el("div", notes(watched.review)),
            class_="film",
        )
        for watched, name in ((one, "This film"), (other, "The other"))
    ]
    return el(
        "header",
        el("p", "Film review", class_="kicker"),
        el("h1", "Two films side by side"),
        el("div", *sides, class_="sides tops"),
        class_="top",
    )


def in_short(review: Review) -> str:
    """The whole review in a sentence."""
    kinds: dict[bool | None, list[str]] = {True: [], False: [], None: []}
    for feature in FEATURES:
        kinds[review.verdict(feature)].append(feature)
    words = [
        f"{said} {_and(kinds[verdict])}"
        for verdict, said in ((False, "falls short in"), (True, "good in"))
        if kinds[verdict]
    ]
    if kinds[None]:
        words.append(f"{_and(kinds[None])} could not be judged")
    sentence = "; ".join(words)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def player(watched: Watched) -> Html | None:
    """The film beside the page."""
    facts, link = watched.material.facts, watched.link
    if not facts.has_picture:
        return el("audio", src=link.address, controls=True, preload="metadata", id=link.player)
    picture = watched.material.pictures.get((watched.seconds * POSTER, LARGE))
    width, height = facts.size or (16, 9)
    video = el(
        "video",
        el("a", "Open the film", href=link.address),
        src=link.address,
        controls=True,
        preload="metadata",
        playsinline=True,
        id=link.player,
        poster=picture.uri if picture else None,
        style=f"aspect-ratio:{width}/{height}",
        aria_label=f"The film {title_of(watched.review)}",
    )
    close = el("button", "×", type="button", class_="close", aria_label="Put the film back to its place")
    return el("div", el("div", video, close, class_="held"), class_="player")


def strip(watched: Watched) -> Html | None:
    """Pictures from the beginning to the end."""
    shown = {}
    for time_s, width in sorted(wishes(watched.seconds)):
        picture = watched.material.pictures.get((time_s, width))
        if picture is not None and width == TINY:
            shown[picture.time_s] = picture
    if not shown:
        return None
    frames = [
        watched.link.code(
            time_s,
            el("img", src=p.uri, width=float(p.size[0]), height=float(p.size[1]), alt=f"The film at {time_s:.1f} s"),
            class_="frame",
        )
        for time_s, p in shown.items()
    ]
    return el("div", *frames, class_="strip", tabindex="0", role="region", aria_label="Pictures of the film")


def verdicts(watched: Watched) -> Html:
    """One line for each feature."""
    return el("ol", *(_verdict(watched, feature) for feature in FEATURES), class_="verdicts")


def _verdict(watched: Watched, feature: str) -> Html:
    review = watched.review
    verdict = review.verdict(feature)
    short = short_rows(review, feature)
    words: list[str | Html] = [_told(row, watched) for row in short[:TOLD]]
    if len(short) > TOLD:
        words.append(el("span", f"and {len(short) - TOLD} more", class_="told"))
    return el(
        "li",
        el("a", feature.capitalize(), href=f"#{feature}", class_="name"),
        mark(verdict, VERDICTS[verdict]),
        el("p", *(words or [verdict_words(review, feature) + "."])),
        class_=KINDS[verdict],
    )


def _told(row: Row, watched: Watched) -> Html:
    """One row that falls short, in a line."""
    measured = number(row.value, row.measure).replace("-", "−")
    where = join(" at ", watched.link.code(row.worst.time_s)) if row.worst else None
    return el("span", f"{row.measure.label}: {measured} (goal {goal(row)})", where, class_="told")


def notes(review: Review) -> Html | None:
    """What a reader must know."""
    return el("ul", *(el("li", note, dir="auto") for note in review.notes), class_="notes") if review.notes else None


# ── facts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _short_facts(facts: Facts) -> str:
    words = [_length(facts.seconds)]
    if facts.size:
        words.append(f"{facts.size[0]}×{facts.size[1]}")
    if facts.fps:
        words.append(f"{facts.fps:.4g} fps")
    words.append(_channels(facts) if facts.has_sound else "no sound")
    words.append(_bytes(facts.bytes))
    return " · ".join(word for word in words if word)


def facts_table(material: Material, review: Review) -> Html:
    """Everything the container says."""
    facts = material.facts
    pairs: list[tuple[str, Any]] = [
        ("File", Path(review.film).name),
        ("Container", facts.container.split(",")[0]),
        ("Length", _length(facts.seconds)),
        ("Size of the file", _bytes(facts.bytes)),
        ("Pictures", f"{facts.pictures}" if facts.pictures else None),
        ("Picture", " ".join(w for w in (facts.video_codec, facts.pixel_format) if w)),
        ("Turned", f"{facts.rotation_deg}°" if facts.rotation_deg else None),
        ("Colour tags", " / ".join(t or "none" for t in _tags(facts)) if facts.has_picture else None),
        ("Shown as", facts.conversion),
        ("Sound", " ".join(w for w in (facts.audio_codec, _channels(facts)) if w) if facts.has_sound else "none"),
        ("Begins at once on a web page", {True: "yes", False: "no", None: None}[facts.faststart]),
    ]
    shown = [el("div", el("dt", name), el("dd", str(value), dir="auto")) for name, value in pairs if value]
    return el("dl", *shown, class_="all-facts")


def _tags(facts: Facts) -> tuple[str, str, str, str]:
    return facts.matrix, facts.primaries, facts.transfer, facts.range


def _length(seconds: float | None) -> str:
    if seconds is None:
        return ""
    whole = round(seconds)
    if seconds < 90:
        return f"{seconds:.4g} s"
    return (
        f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
        if whole >= 3600
        else f"{whole // 60}:{whole % 60:02} min"
    )


def _channels(facts: Facts) -> str:
    words = {1: "mono", 2: "stereo"}.get(facts.channels or 0, f"{facts.channels} channels" if facts.channels else "")
    return " ".join(w for w in (words, f"{facts.rate / 1000:g} kHz" if facts.rate else "") if w)


def _bytes(count: int) -> str:
    value, unit = float(count), "B"
    for larger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.3g} {unit}"

"""The page of a review: it stands by itself, says everything, and runs nothing that comes from a film."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import av
import films
import numpy as np
import pytest

from soundstage.cli import run
from soundstage.errors import OutputError
from soundstage.review import FEATURES, Moment, Review, Row, open_film, scorecard
from soundstage.review.page import curves as drawing
from soundstage.review.page import write
from soundstage.review.page.links import Link
from soundstage.review.page.markup import el, text
from soundstage.review.page.plot import Scale, thin, times
from soundstage.review.page.spectrogram import WIDEST, Spectrum
from soundstage.review.page.values import bar, shortfall
from soundstage.review.rows import not_measurable

SECONDS = 2.0
EVIL = "</title><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u202e"
VOID = {"meta", "img", "br", "source", "link"}


# ── a small film and what might be said of it ───────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds, with two knocks."""
    folder = tmp_path_factory.mktemp("page")
    return films.write(folder / "film.mp4", films.scene(48), sound=films.knocks((0.5, 1.5), SECONDS))


def review_of(film: Path, *rows: Row, notes: Sequence[str] = (), title: str = "") -> Review:
    """A review with some rows; all others are not measurable."""
    known = {row.key: row for row in rows}
    facts = {**open_film(film).facts.json(), **({"title": title} if title else {})}
    every = tuple(known.get(key) or not_measurable(key, "nothing to measure it by") for key in scorecard())
    return Review(film=str(film), facts=facts, rows=every, notes=tuple(notes))


def late(ms: float) -> Row:
    """A contact that is heard so late."""
    moment = Moment(time_s=0.5, what=f"ball strikes the floor, heard {ms} ms late", offset=ms)
    return Row(key="sync_p95", value=ms, worst=moment, moments=(moment, replace(moment, time_s=1.5)))


def told(film: Path, out: Path, *rows: Row, **more: object) -> Page:
    """The page of such a review, parsed."""
    write(review_of(film, *rows, **more), film, out)  # type: ignore[arg-type]
    return Page.read(out)


@dataclass
class Page(HTMLParser):
    """What is on a page."""

    source: str
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.source)
        self.close()

    @staticmethod
    def read(path: Path) -> Page:
        return Page(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str, kind: str = "") -> list[dict[str, str | None]]:
        return [a for name, a in self.tags if name == tag and (not kind or kind in (a.get("class") or "").split())]

    def addresses(self) -> Iterator[str]:
        for _, attributes in self.tags:
            for name in ("src", "href", "poster", "srcset", "action", "data"):
                if attributes.get(name) is not None:
                    yield str(attributes[name])


# ── it is sound ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_element_is_closed_and_headings_go_down_step_by_step(film: Path, tmp_path: Path) -> None:
    page = told(film, tmp_path / "page.html", late(80.0), Row(key="flicker", value=0.2))
    assert not page.open
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids)) and set(FEATURES) <= set(ids)


def test_it_can_be_read_by_those_who_do_not_see_it(film: Path, tmp_path: Path) -> None:
    page = told(film, tmp_path / "page.html", late(80.0), Row(key="flicker", value=0.2))
    assert all("alt" in image for image in page.all("img"))
    assert all(svg.get("aria-label") or svg.get("aria-hidden") for svg in page.all("svg"))
    assert all(head.get("scope") for head in page.all("th"))
    assert page.all("html")[0]["lang"] == "en" and page.all("h1")[0]["dir"] == "auto"
    assert all(link.get("aria-label") for link in page.all("a", "point"))


def test_nothing_is_fetched_but_the_film(film: Path, tmp_path: Path) -> None:
    out = tmp_path / "sub" / "page.html"
    page = told(film, out, late(80.0))
    for address in page.addresses():
        if not address.startswith(("data:image/webp;base64,", "#")):
            assert (out.parent / unquote(address.partition("#")[0])).resolve() == film.resolve()
    assert not re.search(r"https?:|//[a-z]|url\(|@import", re.sub('base64,[^"]*', "", page.source))


def test_a_title_cannot_run_anything(film: Path, tmp_path: Path) -> None:
    row = late(80.0)
    assert row.worst
    row = replace(row, worst=replace(row.worst, what=EVIL), moments=(replace(row.worst, what=EVIL),), why=EVIL)
    unknown = not_measurable("flicker", EVIL)
    page = told(film, tmp_path / "page.html", row, unknown, title=EVIL, notes=[EVIL])
    script = files("soundstage.review.page").joinpath("page.js").read_text("utf-8")
    assert page.source.count("<script") == 1 and f"<script>{script}</script>" in page.source
    assert not any(name.startswith("on") for _, a in page.tags for name in a)
    assert "\u202e" not in page.source
    assert page.text.count("<script>alert(1)</script>") >= 4  # it is shown, as a text
    policy = next(a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy") or ""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy and policy.startswith("default-src 'none'")


def test_a_title_inside_the_film_is_shown(film: Path, tmp_path: Path) -> None:
    titled = tmp_path / "titled.mp4"
    with av.open(str(film)) as source, av.open(str(titled), "w") as copy:
        streams = {s.index: copy.add_stream_from_template(s) for s in source.streams}
        copy.metadata["title"] = "كرة <b>Straßenbahn</b>"
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                copy.mux(packet)
    page = told(titled, tmp_path / "page.html")
    assert "كرة <b>Straßenbahn</b>" in page.text and not page.all("b")


def test_attributes_are_escaped_too() -> None:
    assert el("a", "<", title='"><b>') == '<a title="&quot;&gt;&lt;b&gt;">&lt;</a>'
    assert el("a", title=text("&")) == '<a title="&amp;amp;"></a>'
    assert el("i", el("b", "x"), class_="k", data_t=1.5, hidden=None, open=True) == (
        '<i class="k" data-t="1.5" open><b>x</b></i>'
    )


@pytest.mark.parametrize("name", ["a#b ?c 100%.mp4", "javascript:alert(1).mp4", "Größe.mp4", "q\"uote'.mp4"])
def test_any_name_of_a_film_can_be_linked(name: str, tmp_path: Path) -> None:
    address = Link.to(tmp_path / name, tmp_path / "page.html").address
    assert unquote(address) == name and re.fullmatch(r"[\w.~%/()'!*-]+", address)
    assert Link.to(tmp_path / "x" / name, tmp_path / "y" / "page.html").address.startswith("../x/")


# ── it says everything ──────────────────────────────────────────────────────────────────────────────────────────────


def test_every_row_is_there_and_those_without_a_value_say_why(film: Path, tmp_path: Path) -> None:
    page = told(film, tmp_path / "page.html", late(80.0), not_measurable("flicker", "the camera never stands still"))
    for measure in scorecard().values():
        assert measure.label in page.text, measure.key
    assert "the camera never stands still" in page.text
    assert "80.0 ms" in page.text and "falls short" in page.text and scorecard()["sync_p95"].about in page.text


def test_what_falls_short_is_told_at_the_top_with_its_time(film: Path, tmp_path: Path) -> None:
    page = told(film, tmp_path / "page.html", late(80.0), Row(key="loudness", value=-16.0))
    top = page.text.partition(scorecard()["flights"].about[:20])[0]
    assert "80.0 ms (goal ≤ 21 ms) at 0:00.5" in top
    assert any(a.get("href") == "#sync" for a in page.all("a", "name"))
    assert any(a.get("data-t") == "0.500" and "#t=0.5" in (a.get("href") or "") for a in page.all("a", "t"))


def test_the_worst_moment_has_its_picture_and_its_sound(film: Path, tmp_path: Path) -> None:
    page = told(film, tmp_path / "page.html", late(80.0))
    assert len(page.all("article", "large")) == 1
    assert "heard +80.0 ms" in page.text and "contact" in page.text
    assert any("The picture at 0.50 s" in (image["alt"] or "") for image in page.all("img"))
    assert len(page.all("div", "wave")) == 1


def test_a_plot_without_data_is_not_drawn(film: Path, tmp_path: Path) -> None:
    silent = films.write(tmp_path / "silent.mp4", films.scene(12))
    assert not told(silent, tmp_path / "page.html").all("figure")
    time_s = [n / 24 for n in range(48)]
    rows = (
        late(3.0),
        Row(key="flicker", value=0.2, series={"time_s": time_s, "flicker": [0.2] * 48}),
        Row(key="gravity_error", value=0.2, series={"time_s": time_s, "x": time_s, "y": [0.5] * 48}),
        Row(key="lip_lag", value=3.0, series={"opening_s": time_s, "opening": time_s, "wanted": time_s}),
        Row(key="loudness", value=-16.0, series={"momentary_s": time_s, "momentary_lufs": [-16.0] * 48}),
    )
    page = told(film, tmp_path / "page.html", *rows)
    assert len(page.all("figure")) == 6  # the spectrogram as well
    assert len(page.all("a", "point")) == 2 and len(page.all("a", "tag")) == 2


def test_ways_are_drawn_where_they_were_seen(film: Path, tmp_path: Path) -> None:
    nan = math.nan
    series = {"time_s": [0.1, 0.2, 0.3, nan, 0.4, 0.5], "x": [0.0, 0.5, 1.0, nan, 0.2, 0.4], "y": [0.5] * 6}
    rows = Row(key="parabola", value=1.0, series=series), Row(key="gravity_error", value=0.2, series=series)
    page = told(film, tmp_path / "page.html", *rows)
    assert len(page.all("figure")) == 2  # of both rows one, and the spectrogram
    ways = [a["d"] for a in page.all("path", "way")]
    assert ways == ["M0.0 90.0L160.0 90.0L320.0 90.0", "M64.0 90.0L128.0 90.0"]


def test_a_film_of_only_sound_and_one_of_only_pictures(film: Path, tmp_path: Path) -> None:
    heard = films.write(tmp_path / "heard.mp4", sound=films.knocks((0.5,), 1.0))
    page = told(heard, tmp_path / "heard.html", Row(key="true_peak", value=0.5, worst=Moment(time_s=0.5, what="peak")))
    assert page.all("audio") and not page.all("video") and not page.all("div", "strip")
    seen = films.write(tmp_path / "seen.mp4", films.scene(1))
    page = told(seen, tmp_path / "seen.html", Row(key="flicker", value=9.0, worst=Moment(time_s=7.0, what="late")))
    assert page.all("video") and not page.all("div", "wave")


# ── two films ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_films_side_by_side(film: Path, tmp_path: Path) -> None:
    out = tmp_path / "two.html"
    other = films.write(tmp_path / "other.mp4", films.scene(24), sound=films.knocks((0.5,), 1.0))
    write(review_of(film, late(3.0)), film, out, against=review_of(other, late(83.0), title=EVIL))
    page = Page.read(out)
    assert not page.open and len(page.all("video")) == 2
    assert "3.0 ms better" in page.text and "83.0 ms" in page.text and "−80.0 ms" in page.text
    assert page.all("td", "wins") and page.source.count("<script") == 1
    assert {a["data-for"] for a in page.all("a", "t")} == {"film", "other"}


def test_nothing_is_better_by_less_than_is_shown(film: Path, tmp_path: Path) -> None:
    write(review_of(film, late(3.0)), film, tmp_path / "two.html", against=review_of(film, late(3.001)))
    assert not Page.read(tmp_path / "two.html").all("td", "wins")


def test_the_command_writes_it(film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = films.write(tmp_path / "other.mp4", films.scene(12), sound=films.knocks((0.2,), 0.5))
    out = tmp_path / "two.html"
    assert run(["review", str(other), "--against", str(film), "--seconds", "1", "-o", str(out)]) == 0
    assert capsys.readouterr().out.strip() == str(out)
    page = Page.read(out)
    assert len(page.all("video")) == 2 and len(page.all("table", "two")) >= 3


# ── it is small ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_size_is_bounded_however_much_is_known(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (8, 360, 640, 3), dtype=np.uint8)
    film = films.write(tmp_path / "noise.mp4", list(noise), sound=films.knocks((0.5,), 1.0), crf=28)
    many = 20_000
    time_s = np.linspace(0, 1, many).tolist()
    moments = tuple(Moment(time_s=t, what="a strike, heard late", offset=50.0) for t in time_s)
    rows = [
        Row(key=key, value=1e3, worst=Moment(time_s=n % 8 / 24, what=f"worst of {key}"), moments=moments)
        for n, key in enumerate(scorecard())
    ]
    rows = [replace(row, series={"time_s": time_s, "curve": time_s}) for row in rows]
    write(review_of(film, *rows), film, tmp_path / "page.html")
    assert (tmp_path / "page.html").stat().st_size < 2_000_000


def test_a_long_film_has_no_wider_spectrogram() -> None:
    spectrum = Spectrum(2000)
    noise = np.random.default_rng(2).normal(0, 0.1, (20_000, 1)).astype(np.float32)
    for _ in range(10):
        spectrum.hear(noise)
    whole = spectrum.end()
    assert whole is not None and whole.level_db.shape[1] < 2 * WIDEST
    assert whole.seconds == pytest.approx(100.0, abs=0.2)


def test_a_tone_lies_at_its_time_and_frequency() -> None:
    rate = 48_000
    t = np.arange(2 * rate) / rate
    tone = np.where((t > 0.5) & (t < 1.0), 0.5 * np.sin(2 * np.pi * 1000 * t), 0.0).astype(np.float32)
    spectrum = Spectrum(rate, 2.0)
    for start in range(0, len(tone), 1024):
        spectrum.hear(tone[start : start + 1024, None])
    heard = spectrum.end()
    assert heard is not None
    row = int(np.argmax(heard.level_db.max(axis=1)))
    assert heard.hz[row] == pytest.approx(1000, rel=0.05)
    assert heard.level_db[row].max() == pytest.approx(-6.0, abs=3.0)
    loud = np.flatnonzero(heard.level_db[row] > -20) * heard.seconds / heard.level_db.shape[1]
    assert loud.min() == pytest.approx(0.5, abs=0.02) and loud.max() == pytest.approx(1.0, abs=0.02)


def test_thinning_keeps_the_extremes() -> None:
    values = np.zeros(100_000)
    values[77_777], values[3] = 9.0, -4.0
    _, kept = thin(np.arange(100_000.0), values)
    assert len(kept) <= 500 and kept.max() == 9.0 and kept.min() == -4.0


# ── small things ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_bars_show_on_which_side_of_the_goal_a_value_lies() -> None:
    for key, good, bad in [
        ("sync_p95", 3.0, 80.0), ("stoi", 0.95, 0.5), ("true_peak", -2.0, 0.5), ("repeats", 0.0, 3.0),
        ("sync_worst", 20.0, -90.0), ("mtf50", 0.5, 0.1), ("voice_right", 100.0, 50.0),
    ]:  # fmt: skip
        for value, met in ((good, True), (bad, False)):
            row = Row(key=key, value=value)
            drawn = bar(row)
            assert drawn is not None and row.met is met and (shortfall(row) > 0) is (not met)
            zone = re.search(r"left:([\d.]+)%;width:([\d.]+)%", drawn)
            dot = re.search(r"dot [a-z ]+\" style=\"left:([\d.]+)%", drawn)
            assert zone and dot
            low, width, at = float(zone[1]), float(zone[2]), float(dot[1])
            assert (low - 4.1 <= at <= low + width + 4.1) is met, (key, value, drawn)
    assert bar(Row(key="loudness", value=-16.0)) is None and bar(not_measurable("stoi", "")) is None


def test_scales_have_round_ticks() -> None:
    assert Scale(0.0, 5.5).ticks(6) == [0, 1, 2, 3, 4, 5]
    assert Scale(-40, 60).ticks(4) == pytest.approx([0, 50])
    for span in (1e-6, 0.3, 7.7, 1e4):
        assert 2 <= len(Scale(0, span).ticks()) <= 8


def test_times_are_written_as_players_do() -> None:
    assert [name for _, name in times(Scale(0.0, 5.5))] == ["0 s", "1 s", "2 s", "3 s", "4 s", "5 s"]
    assert [name for _, name in times(Scale(0.05, 0.36))][:3] == ["0.05 s", "0.10 s", "0.15 s"]
    assert [name for _, name in times(Scale(0.0, 600.0))] == ["0 s", "2:00", "4:00", "6:00", "8:00", "10:00"]
    assert [name for _, name in times(Scale(59.8, 60.3))] == [
        "59.8 s",
        "59.9 s",
        "1:00.0",
        "1:00.1",
        "1:00.2",
        "1:00.3",
    ]


def test_of_many_dots_the_worst_and_some_of_everywhere_are_drawn() -> None:
    dots = [drawing.Dot(time_s=float(n), ms=float(n == 700), what="", step=False) for n in range(2000)]
    shown = drawing.spread(sorted(dots, key=lambda dot: -abs(dot.ms)))
    assert len(shown) <= drawing.MOST_DOTS and 700.0 in [dot.time_s for dot in shown]
    assert shown[-1].time_s > 1900


def test_rows_without_numbers_in_their_curves_do_no_harm() -> None:
    row = Row(key="flicker", value=0.2, series={"time_s": [0.0, 1.0, 2.0], "flicker": [0.1, math.nan, 0.3]})
    drawn = drawing.over_time(row, 2.0)
    assert drawn is not None and "nan" not in drawn
    assert drawing.over_time(replace(row, series={"flicker": [1.0]}), 2.0) is None


def test_a_place_that_cannot_be_written_is_said(film: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        write(review_of(film), film, tmp_path / "file" / "page.html")


@pytest.mark.parametrize("dark", [False, True])
def test_colours_can_be_told_from_what_is_behind_them(dark: bool) -> None:
    style = files("soundstage.review.page").joinpath("page.css").read_text("utf-8")
    light, night = re.findall(r":root \{(.*?)\}", style, re.S)[:2]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", night if dark else light))
    for ink, papers in {
        "ink": ("paper", "card"), "soft": ("paper", "card", "plain-wash"), "link": ("paper", "card"),
        "good": ("good-wash", "card"), "short": ("short-wash", "card"), "k1": ("card", "paper"), "k2": ("card",),
    }.items():  # fmt: skip
        for paper in papers:
            assert contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper)


def contrast(one: str, other: str) -> float:
    """Of two colours (WCAG 2.2)."""
    light = []
    for colour in (one, other):
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        light.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(light) + 0.05) / (min(light) + 0.05)


# ── the README's films ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_scorecard_of_the_readmes_films(film: Path) -> None:
    home = Path(__file__).parents[2]
    spec = importlib.util.spec_from_file_location("readme_films", home / "benchmarks" / "readme_films.py")
    assert spec and spec.loader
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    found = bench.commands((home / "README.md").read_text("utf-8"))
    assert len(found) >= 5 and all(words[0] == "film" for words in found.values())
    reviews = {"good": review_of(film, late(3.0)), "late": review_of(film, late(80.0))}
    page = bench.page(reviews, {"good": "a ball", "late": "a | ball"}, "hand")
    assert "| Sound against contact, 95 of 100 within | ≤ 21 ms | 3.0 ms | 80.0 ms ✗ |" in page
    assert "- late: Sound against contact, 95 of 100 within, 80.0 ms at 0:00.5" in page
    table = [line for line in page.splitlines() if line.startswith("|")]
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 5 for line in table)

"""The way from words to a film, with stand-ins for the costly rooms: what is kept, resumed, overridden, refused."""

from __future__ import annotations

import hashlib
import json
import sys
import types
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import documents
import fakes
import soundstage
from soundstage import cache, clock, director
from soundstage.errors import InputError, NotUnderstoodError, OutputError, ScreenplayError
from soundstage.production import Options, check_vocabulary, film
from soundstage.production.options import apply, check_room, check_target, parse_size
from soundstage.production.summary import understood
from soundstage.screenplay import Screenplay, dump, load
from soundstage.screenplay.quality import SIZES
from soundstage.sound import Stems
from soundstage.take import Take
from test_post import write_png


class Rooms:
    """Stand-ins for director, rehearsal, camera and sound; they count what they do."""

    def __init__(self) -> None:
        self.rehearsed: list[Screenplay] = []
        self.scored = 0
        self.shot = 0
        self.stop_after: int | None = None

    def plan(self, prompt: str, **values: Any) -> Screenplay:
        planned = documents.fall(values["seconds"] or 0.5, seed=values["seed"] or 3)
        changed = {"prompt": prompt, "size": values["size"] or (64, 36), "quality": values["quality"]}
        return planned.model_copy(update={**changed, "not_understood": ("slowly",) if "slowly" in prompt else ()})

    def rehearse(self, sp: Screenplay) -> tuple[Take, ...]:
        self.rehearsed.append(sp)
        take = fakes.fake_take(motion="bounce", seconds=sp.scenes[0].seconds, fps=sp.fps)
        return (replace(take, scene=sp.scenes[0].id, seed=sp.seed, outcomes={sp.scenes[0].id: "fell"}),)

    def score_film(self, takes: Sequence[Take], *, levels: Any) -> Stems:
        self.scored += 1
        count = sum(round(clock.seconds(take.duration) * clock.AUDIO_RATE) for take in takes)
        silent = np.zeros((count, 2), dtype=np.float32)
        return Stems(dialogue=silent, effects=silent, footsteps=silent, ambience=silent, mix=silent)

    def shoot(self, takes: Sequence[Take], *, frames_dir: Path, size: Any, progress: Any, **look: Any) -> list[Path]:
        paths = []
        total = sum(len(take.camera.time) for take in takes)
        for take in takes:
            for row in range(len(take.camera.time)):
                what = f"{take.scene} {take.seed} {row} {size} {sorted(look.items())}"
                path = frames_dir / f"{hashlib.sha256(what.encode()).hexdigest()}.png"
                if not path.exists():
                    if self.stop_after == self.shot:
                        raise KeyboardInterrupt
                    self.shot += 1
                    part = frames_dir / "part.png"
                    write_png(part, np.full((size[1], size[0], 3), row * 7 % 256, dtype=np.uint8)).replace(path)
                paths.append(path)
                progress(len(paths), total)
        return paths


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Rooms:
    made = Rooms()
    monkeypatch.setenv("SOUNDSTAGE_CACHE", str(tmp_path / "cache"))
    for name, verbs in {
        "director": {"plan": made.plan},
        "rehearsal": {"rehearse": made.rehearse},
        "camera": {"shoot": made.shoot},
        "sound": {"score_film": made.score_film},
    }.items():
        stand_in = types.ModuleType(f"soundstage.{name}")
        vars(stand_in).update(verbs)
        monkeypatch.setitem(sys.modules, f"soundstage.{name}", stand_in)
        monkeypatch.setattr(soundstage, name, stand_in, raising=False)
    return made


def md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes()).hexdigest()


# ── a film ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_prompt_becomes_a_film_and_a_folder(rooms: Rooms, tmp_path: Path) -> None:
    steps: list[str] = []
    result = film("a ball falls", tmp_path / "ball.mp4", progress=lambda step, done, total: steps.append(step))
    assert list(dict.fromkeys(steps)) == ["plan", "rehearse", "score", "shoot", "finish", "review"]
    assert (result.frames, result.frames_rendered, result.seconds, result.size) == (12, 12, 0.5, (64, 36))
    assert load(result.film) == load(result.screenplay)
    assert load(result.film).prompt == "a ball falls"
    assert [Take.load(t).scene for t in result.takes] == ["one"]
    assert result.outcomes == {"one": "fell"}
    named = (
        "film",
        "screenplay",
        "take",
        "stems",
        "understood",
        "not_understood",
        "seconds",
        "size",
        "fps",
        "elapsed_s",
    )
    values = json.loads(json.dumps(result.json()))
    assert all(name in values for name in named)
    assert all(Path(p).exists() for p in [values["film"], *values["take"], *values["stems"].values(), values["report"]])
    assert not (cache.cache_dir() / "running").exists() or not list((cache.cache_dir() / "running").iterdir())


def test_the_second_run_does_nothing_again_and_is_equal(rooms: Rooms, tmp_path: Path) -> None:
    first = film("a ball falls", tmp_path / "a.mp4")
    second = film("a ball falls", tmp_path / "b.mp4")
    assert (len(rooms.rehearsed), rooms.scored, rooms.shot) == (1, 1, 12)
    assert second.frames_rendered == 0 and second.frames == 12 and second.outcomes == first.outcomes
    for one, other in [(first.film, second.film), (first.mix, second.mix), (first.takes[0], second.takes[0])]:
        assert md5(one) == md5(other)


def test_a_film_is_measured_once_and_the_report_tells(
    rooms: Rooms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = film("a ball falls", tmp_path / "a.mp4")
    told = json.loads(first.report.read_text("utf-8"))["review"]
    assert first.review is not None and told["rows"] == first.review["rows"] == first.json()["review"]["rows"]
    assert set(told["verdicts"]) == {"physics", "sync", "coherence", "control", "fidelity"}
    monkeypatch.setattr("soundstage.review.reviewing.open_film", None)  # measuring again would fail
    again = film("a ball falls", tmp_path / "b.mp4")
    assert again.review is not None and again.review["rows"] == first.review["rows"]
    assert json.loads(again.report.read_text("utf-8"))["review"] == told


def test_a_film_may_stay_unmeasured_and_is_not_lost_by_measuring(
    rooms: Rooms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = film("a ball falls", tmp_path / "a.mp4", review=False)
    assert result.review is None and "review" not in json.loads(result.report.read_text("utf-8"))
    monkeypatch.setattr("soundstage.review.reviewing.open_film", None)
    result = film("a ball falls", tmp_path / "a.mp4")
    assert result.review is None and result.film.exists()
    assert "NoneType" in json.loads(result.report.read_text("utf-8"))["review"]["failed"]


def test_the_saved_screenplay_and_the_film_itself_make_the_same_film(rooms: Rooms, tmp_path: Path) -> None:
    first = film("a ball falls", tmp_path / "a.mp4")
    for source in (first.screenplay, str(first.screenplay), first.film, load(first.film)):
        assert md5(film(source, tmp_path / "b.mp4").film) == md5(first.film)
    assert rooms.shot == 12


def test_a_stopped_film_goes_on(rooms: Rooms, tmp_path: Path) -> None:
    rooms.stop_after = 5
    with pytest.raises(KeyboardInterrupt):
        film("a ball falls", tmp_path / "a.mp4")
    assert [p.name for p in tmp_path.iterdir()] == ["cache"]
    rooms.stop_after = None
    assert film("a ball falls", tmp_path / "a.mp4").frames_rendered == 7
    assert (len(rooms.rehearsed), rooms.scored) == (1, 1)


def test_another_mix_renders_no_frame_and_rehearses_nothing(rooms: Rooms, tmp_path: Path) -> None:
    sp = documents.fall(0.5)
    film(sp, tmp_path / "a.mp4")
    louder = sp.model_copy(update={"sound": sp.sound.model_copy(update={"effects_db": 6.0})})
    assert film(louder, tmp_path / "a.mp4").frames_rendered == 0
    assert (len(rooms.rehearsed), rooms.scored) == (1, 2)


def test_another_look_or_title_rehearses_nothing(rooms: Rooms, tmp_path: Path) -> None:
    sp = documents.fall(0.5)
    film(sp, tmp_path / "a.mp4")
    film(sp.model_copy(update={"title": "Another"}), tmp_path / "a.mp4")
    film(sp, tmp_path / "a.mp4", quality="good", size=(192, 108))
    assert (len(rooms.rehearsed), rooms.scored, rooms.shot) == (1, 1, 24)


def test_a_scene_is_rehearsed_alone_so_that_others_may_change(rooms: Rooms, tmp_path: Path) -> None:
    fields = documents.document(0.5)
    lists = ("scenes", "props", "blocking", "beats", "lines", "shots")
    text = json.dumps({name: fields[name] for name in lists}).replace('"action": "fall"', '"action": "roll"')
    for name in ("one", "ball", "fall", "word", "wide"):
        text = text.replace(f'"{name}"', f'"{name}_2"')
    two = json.loads(text)
    two["props"][0]["kind"] = "ball"
    for name, records in two.items():
        fields[name] = fields[name] + records
    sp = Screenplay.model_validate(fields)
    film(sp, tmp_path / "a.mp4")
    assert [[s.id for s in r.scenes] for r in rooms.rehearsed] == [["one"], ["one_2"]]
    assert [[p.id for p in r.props] for r in rooms.rehearsed] == [["ball"], ["ball_2"]]
    for alone in rooms.rehearsed:
        Screenplay.model_validate(alone.model_dump(by_alias=True))  # each holds together by itself
    fields["props"][1]["mass_kg"] = 0.7
    film(Screenplay.model_validate(fields), tmp_path / "a.mp4")
    assert [r.scenes[0].id for r in rooms.rehearsed] == ["one", "one_2", "one_2"]


def test_a_damaged_frame_is_rendered_again(rooms: Rooms, tmp_path: Path) -> None:
    sp = documents.fall(0.5)
    film(sp, tmp_path / "a.mp4")
    frame = sorted(cache.frames_dir().glob("*.png"))[3]
    frame.write_bytes(frame.read_bytes()[:40])
    renamed = sp.model_copy(update={"title": "Another"})  # so that the kept film does not answer
    assert film(renamed, tmp_path / "a.mp4").frames_rendered == 1


def test_comments_in_an_edited_screenplay_stay(rooms: Rooms, tmp_path: Path) -> None:
    first = film("a ball falls", tmp_path / "a.mp4")
    mine = "# my notes\n" + first.screenplay.read_text()
    first.screenplay.write_text(mine)
    assert film(first.screenplay, tmp_path / "a.mp4").screenplay.read_text() == mine
    again = film(first.screenplay, tmp_path / "a.mp4", seed=9)
    assert load(again.screenplay).seed == 9
    assert (again.screenplay.parent / "screenplay.before.yaml").read_text() == mine


def test_a_full_cache_is_pruned(rooms: Rooms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film("a ball falls", tmp_path / "a.mp4")
    monkeypatch.setenv("SOUNDSTAGE_CACHE_GB", "0")
    film("a ball falls", tmp_path / "b.mp4", seed=9)
    left = cache.size_bytes()
    monkeypatch.setenv("SOUNDSTAGE_CACHE_GB", "10")
    film("a ball falls", tmp_path / "c.mp4", seed=9)
    assert rooms.shot == 24  # the first film's frames are gone, the second's were spared while it was made
    assert left < 2_000_000


# ── refused at the door ─────────────────────────────────────────────────────────────────────────────────────────────


def test_strict_refuses_what_is_not_understood(rooms: Rooms, tmp_path: Path) -> None:
    assert film("a ball falls slowly", tmp_path / "a.mp4").not_understood == ("slowly",)
    with pytest.raises(NotUnderstoodError, match="slowly"):
        film("a ball falls slowly", tmp_path / "b.mp4", strict=True)
    assert not (tmp_path / "b.mp4").exists()


@pytest.mark.parametrize(
    "values",
    [{"seconds": 0}, {"seconds": -1.0}, {"seconds": 3601}, {"seconds": float("nan")}, {"fps": 23}, {"fps": 0},
     {"size": (641, 360)}, {"size": (640, 361)}, {"size": (16, 16)}, {"size": (8000, 4000)}, {"size": (-2, 2)},
     {"quality": "great"}, {"seed": -1}, {"seed": 2**31}],
    ids=str,
)  # fmt: skip
def test_values_that_cannot_be_are_refused(values: dict[str, Any], rooms: Rooms, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        film("a ball falls", tmp_path / "a.mp4", **values)
    assert caught.value.mend
    assert not rooms.rehearsed


def test_sizes_are_read_and_the_nearest_is_named() -> None:
    assert parse_size("1280x720") == parse_size(" 1280 × 720 ") == (1280, 720)
    for text, near in [("641x361", "640x360"), ("10x9000", "32x7680"), ("99999x99999", "7680x7680")]:
        with pytest.raises(InputError) as caught:
            parse_size(text)
        assert near in caught.value.mend
    for text in ("1280", "x", "axb", "1280x720x3", "-1x2", ""):
        with pytest.raises(InputError, match="not a size"):
            parse_size(text)


def test_targets_are_checked_before_any_work(tmp_path: Path) -> None:
    assert check_target(tmp_path / "new" / "deep" / "a.mp4") == tmp_path / "new" / "deep" / "a.mp4"
    assert not (tmp_path / "new").exists()
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "taken").write_text("")
    for name, error in [("a.avi", InputError), ("a", InputError), ("folder.mp4", InputError),
                        ("file/a.mp4", OutputError), ("taken.mp4", OutputError)]:  # fmt: skip
        with pytest.raises(error):
            check_target(tmp_path / name)
    with pytest.raises(OutputError):
        check_target("/proc/a.mp4")


def test_room_on_the_disk_is_checked(tmp_path: Path) -> None:
    sp = documents.fall()
    check_room(sp, tmp_path)
    with pytest.raises(OutputError, match="GB"):
        check_room(sp.model_copy(update={"size": (7680, 4320), "seconds": 1, "scenes": sp.scenes * 40_000}), tmp_path)


# ── overrides ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_quality_sets_size_and_render_and_each_can_be_set_alone() -> None:
    sp = documents.fall()
    good = apply(sp, Options(quality="good"))
    assert (good.size, good.quality, good.render.motion_blur) == (SIZES["good"], "good", True)
    assert apply(sp, Options(quality="best", size=(320, 180))).size == (320, 180)
    assert apply(sp, Options(fps=60, seed=0)).fps == 60
    assert apply(sp, Options(seed=0)).seed == 0
    assert apply(sp, Options()) == sp


@pytest.mark.parametrize("seconds", [0.4, 1.0, 1.3, 2.0, 3.7])
def test_a_film_is_cut_or_held_and_still_holds_together(seconds: float) -> None:
    fields = documents.document(1.0)
    shot = fields["shots"][0]
    fields["shots"] = [{**shot, "end_s": 0.5}, {**shot, "id": "close", "start_s": 0.5}]
    fields["scenes"].append({**fields["scenes"][0], "id": "two"})
    fields["shots"].append({**shot, "id": "last", "scene": "two"})
    sp = apply(Screenplay.model_validate(fields), Options(seconds=seconds))
    again = load(dump(sp))
    assert again == sp
    assert sp.seconds == pytest.approx(seconds)


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────

WRONG = [
    ("cast", lambda d: d["cast"][0]["wardrobe"][0].update(kind="t_shrit"), "cast[0].wardrobe[0].kind", "t_shirt"),
    ("garment material", lambda d: d["cast"][0]["wardrobe"][0].update(material="fabrik"), "material", "fabric"),
    ("prop", lambda d: d["props"][0].update(kind="basketbal"), "props[0].kind", "basketball"),
    ("material", lambda d: d["props"][0].update(material="rubbr"), "props[0].material", "rubber"),
    ("set", lambda d: d["scenes"][0].update(set="studo"), "scenes[0].set", "studio"),
    ("ground", lambda d: d["scenes"][0].update(ground="marbel"), "scenes[0].ground", "marble"),
    ("ambience", lambda d: d["scenes"][0].update(ambience="rom"), "scenes[0].ambience", "room"),
    ("gaze", lambda d: d["blocking"][0].update(gaze="bal"), "blocking[0].gaze", "ball"),
    ("subject", lambda d: d["shots"][0]["camera"].update(subjects=["anna", "bal"]), "subjects[1]", "ball"),
    ("thing's action", lambda d: d["beats"][0].update(action="fal"), "beats[0].action", "fall"),
    ("person's action", lambda d: d["beats"][0].update(actor="anna", action="lauhg"), "beats[0].action", "laugh"),
    ("manner", lambda d: d["beats"][0].update(manner=["slowy"]), "beats[0].manner[0]", "slowly"),
    ("target", lambda d: d["beats"][0].update(target="centre"), "beats[0].target", "center"),
    ("place", lambda d: d["props"][0].update(placement=documents.place("near", "ana")), "placement.target", "anna"),
]


@pytest.mark.parametrize(("change", "path", "near"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_unknown_words_name_their_field_and_the_nearest(change: Any, path: str, near: str) -> None:
    fields = documents.document()
    change(fields)
    with pytest.raises(ScreenplayError) as caught:
        check_vocabulary(Screenplay.model_validate(fields))
    assert path in caught.value.what
    assert f"did you mean '{near}'?" in caught.value.mend


def test_the_hand_written_documents_use_known_words() -> None:
    check_vocabulary(documents.screenplay())
    check_vocabulary(documents.fall())


@pytest.mark.parametrize("prompt", ["Anna sits down on the sofa in a living room.", "Ben sits on a bench in a park."])
def test_what_a_set_builds_to_sit_on_is_a_place(prompt: str) -> None:
    check_vocabulary(director.plan(prompt))


def test_a_summary_says_everything_that_happens() -> None:
    text = "\n".join(understood(documents.screenplay()))
    for part in ("studio", "Anna", "ball", "fall", "“Oh!”", "t shirt", "1.78 m"):
        assert part in text

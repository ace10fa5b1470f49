"""Lamps added for people: what the entries say is what a white card sees; and faces can be told by night."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from documents import character, document, thing
from fakes import fake_pieces, fake_place, fake_take, fake_thing
from soundstage import library
from soundstage.camera import keys, lighting
from soundstage.daylight import daylight, exposed_white, fading, is_night, lamplight
from soundstage.errors import InputError, ScreenplayError
from soundstage.library import _lighting
from soundstage.production.vocabulary import check_vocabulary
from soundstage.rehearsal.layout import lay_out
from soundstage.screenplay import Screenplay
from soundstage.take import Person, Take, read_only
from soundstage.view import View

NAMES = library.names("lighting")
SETTINGS: dict[str, Any] = {
    "size": [64, 36], "samples": 1, "motion_blur": False, "shutter": 0.5, "denoise": False, "view_transform": "AgX",
    "contrast": "None", "exposure_ev": 0.0, "seed": 1,
}  # fmt: skip
HEAD_M = 1.62
"""Middle of the head of the person of `lit`."""


def person(skin: str = "#b97f5f", **identity: Any) -> Person:
    """A woman with bound hair, so that her face is seen."""
    fields = character("anna")
    return Person(
        id="anna",
        name="Anna",
        identity={**fields["identity"], "skin": skin, "height_m": 1.7, **identity},
        wardrobe=tuple(fields["wardrobe"]),
        voice=fields["voice"],
    )


def lit(
    name: str, set_: str = "studio", *, people: int = 1, at: Any = (0.0, 0.0), camera: float = 0.0, **more: Any
) -> Take:
    """A Take of people who stand at `at`, seen from 2.2 m off, `camera` degrees anticlockwise round them from -Y."""
    a = np.radians(camera - 90.0)
    x, y = at
    take = fake_take(
        things=more.pop("things", fake_pieces(set_)),
        set_=set_,
        people=[person()] * people,
        position=(x + 2.2 * np.cos(a), y + 2.2 * np.sin(a), 1.6),
        look_at=(x, y, 1.55),
        lens_mm=40.0,
        **more,
    )
    root = take.person_root.copy()
    root[..., :2] += at
    return replace(take, person_root=read_only(root), place=replace(take.place, lighting=name))


def in_picture(take: Take, at: Any) -> Any:
    """Where a point is in the picture of the first frame: right, down, and how far away."""
    return View.of(take.camera, 0, (64, 36)).project(np.array(at))


# ── the entries ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_is_read_and_stands_in_every_set(name: str) -> None:
    entry = library.lighting(name)
    assert entry.about
    for set_ in library.names("sets"):
        made = lighting.set_up(lit(name, set_))
        assert [lamp.name for lamp in made.lamps] == [lamp.name for lamp in entry.lamps]
        assert made.own == pytest.approx(2.0**entry.own_stops)


def test_the_ways_to_light_that_films_know_are_there() -> None:
    known = {"natural", "three_point", "rembrandt", "high_key", "low_key", "rim", "silhouette"}
    assert known <= set(NAMES)


@pytest.mark.parametrize(
    "change, said",
    [
        ({"key_to_fill": 3.0}, "key_to_fill of 4.00, not 3"),
        ({"colour": "#ffffff"}, "check the fields"),
        ({"about": None}, "check the fields"),
        ({"size_m": 0.0}, "three_point.key: check its distance"),
        ({"aim": "sky"}, "aim is people or backdrop"),
        ({"name": "fill"}, "key_to_fill|same name"),
    ],
)
def test_a_wrong_entry_is_told(monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], said: str) -> None:
    table = json.loads(json.dumps(_lighting._table("lighting")))
    entry = table["three_point"]
    target = entry["lamps"][0] if set(change) & {"size_m", "aim", "name"} else entry
    target.update(change)
    if change.get("about", "") is None:
        del entry["about"]
    monkeypatch.setattr(_lighting, "_table", lambda kind: table)
    with pytest.raises(ValueError, match=said):
        library.lighting.__wrapped__("three_point")


def test_a_lighting_that_is_not_there_is_an_error_with_the_choices() -> None:
    with pytest.raises(InputError) as caught:
        library.lighting("disco")
    assert "disco" in caught.value.what and "three_point" in caught.value.mend
    fields = document()
    fields["scenes"][0]["lighting"] = "rembrand"
    sp = Screenplay.model_validate(fields)
    with pytest.raises(ScreenplayError) as wrong:
        lay_out(sp, sp.scenes[0])
    assert "rembrand" in wrong.value.what and "rembrandt" in wrong.value.mend
    with pytest.raises(ScreenplayError, match=r"scenes\[0\].lighting"):
        check_vocabulary(sp)


def test_the_take_says_how_it_is_lit() -> None:
    fields = document()
    fields["scenes"][0]["lighting"] = "low_key"
    sp = Screenplay.model_validate(fields)
    assert lay_out(sp, sp.scenes[0]).place.lighting == "low_key"


def test_a_scene_can_have_another_ground_than_its_set() -> None:
    fields = document()
    fields["scenes"][0]["ground"] = "grass"
    sp = Screenplay.model_validate(fields)
    assert lay_out(sp, sp.scenes[0]).place.ground_material == "grass"


# ── where they stand ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("camera", [0.0, 65.0, 180.0, -120.0])
def test_the_key_stands_left_of_the_camera_and_the_rim_behind(camera: float) -> None:
    take = lit("three_point", "park", camera=camera)
    key, fill, rim = (in_picture(take, lamp.at) for lamp in lighting.set_up(take).lamps)
    head = in_picture(take, [0.0, 0.0, HEAD_M])
    assert key[0] < head[0] < fill[0]
    assert key[2] < head[2] < rim[2]


def test_natural_adds_nothing() -> None:
    assert lighting.set_up(lit("natural")) == lighting.SetUp(own=1.0)


def test_a_cut_does_not_move_the_light() -> None:
    take = lit("three_point", "park")
    other = take.camera.position.copy()
    other[len(other) // 2 :] = [3.0, 3.0, 1.0]
    cut = replace(take, camera=replace(take.camera, position=read_only(other)))
    assert lighting.set_up(cut) == lighting.set_up(take)


@pytest.mark.parametrize("name", [n for n in NAMES if n != "natural"])
@pytest.mark.parametrize("set_", [s for s in library.names("sets") if library.set_(s).room_m])
@pytest.mark.parametrize("corner", [(0.0, 0.0), (-1.0, -1.0), (0.9, 0.9), (1.0, -0.2)])
def test_lamps_stay_inside_the_room(name: str, set_: str, corner: tuple[float, float]) -> None:
    kind = library.set_(set_)
    assert kind.room_m is not None
    middle = np.array([*kind.params.get("room_center", [0.0, 0.0]), kind.room_m[2] / 2])
    half = np.array(kind.room_m) / 2
    at = middle[:2] + np.array(corner) * (half[:2] - 0.6)
    take = lit(name, set_, at=tuple(at))
    for lamp in lighting.set_up(take).lamps:
        assert (np.abs(np.array(lamp.at) - middle) < half - 0.2).all()
        assert np.linalg.norm(np.array(lamp.at) - np.array(lamp.towards)) > 0.3


def test_more_people_are_lit_from_farther_off() -> None:
    one, four = (lighting.set_up(lit("three_point", "park", people=n)).lamps[0] for n in (1, 4))
    assert np.linalg.norm(np.subtract(four.at, four.towards)) > np.linalg.norm(np.subtract(one.at, one.towards)) + 0.9
    assert four.white == one.white
    assert four.towards[0] == pytest.approx(1.2, abs=0.13)  # the middle of people 0.8 m apart


def test_without_people_the_lamps_stand_about_the_things() -> None:
    marble = fake_thing("marble", at=(0.4, 0.2, 0.758))
    made = lighting.set_up(lit("three_point", "workshop", people=0, things=[fake_thing("table"), marble]))
    key = made.lamps[0]
    assert np.linalg.norm(np.subtract(key.towards, marble.at)) < 0.1
    assert np.linalg.norm(np.subtract(key.at, key.towards)) < 1.0
    assert key.size_m < 0.4


def test_another_gesture_does_not_move_a_lamp_but_another_place_does() -> None:
    take = lit("three_point", "park")
    wiggled = replace(take, person_root=read_only(take.person_root + 0.004))
    moved = replace(take, person_root=read_only(take.person_root + [1.5, 0.0, 0.0]))
    assert lighting.set_up(wiggled) == lighting.set_up(take) != lighting.set_up(moved)


def test_frames_and_plates_are_new_when_the_lamps_are() -> None:
    natural, lamps = lit("natural", "park"), lit("three_point", "park")
    moved = replace(lamps, person_root=read_only(lamps.person_root + [1.5, 0.0, 0.0]))
    assert len({keys.frame_keys(take, SETTINGS, [0])[0] for take in (natural, lamps)}) == 2
    assert len({keys.plate_keys(take, SETTINGS, [0])[0] for take in (natural, lamps, moved)}) == 3


# ── the hour ────────────────────────────────────────────────────────────────────────────────────────────────────────


def sun_at(elevation: float, time_of_day: str = "sunset") -> Any:
    return replace(fake_place("park", time_of_day), sun_elevation_deg=elevation)


def test_no_sun_shines_from_below_the_horizon() -> None:
    for elevation in (-0.5, -3.0, -5.9):
        assert max(daylight(sun_at(elevation)).sun) == 0.0
    assert max(daylight(sun_at(1.0)).sun) > 0.1


def test_the_evening_grows_darker_and_the_lamps_brighter() -> None:
    hours = [daylight(sun_at(elevation)) for elevation in (8.0, 2.0, -1.0, -3.0, -5.0)]
    white = np.interp(
        [8.0, 2.0, -1.0, -3.0, -5.0], (-8, -4, -2, 0, 2, 4, 7, 10), (0, 0.019, 0.109, 0.349, 0.715, 1.062, 1.471, 1.77)
    )
    card = [h.sky_strength * w + 0.5 * max(h.sun) for h, w in zip(hours, white, strict=True)]
    assert (np.diff(card) < 0).all()
    lamps = [h.lamps for h in hours]
    assert lamps[0] == lamps[1] == 0.0 and (np.diff(lamps[1:]) > 0).all()
    assert lamps[-1] < lamplight(sun_at(-12.0, "night")) == 1.0
    assert fading(10.0) == 1.0 > fading(0.0) > fading(-4.0) > 0.0


def test_night_is_night_by_name_or_by_the_sun() -> None:
    for place in (sun_at(-25.0, "night"), sun_at(30.0, "night"), sun_at(-7.0, "sunset")):
        assert is_night(place) and daylight(place).night and daylight(place).lamps == 1.0
    assert not is_night(sun_at(-5.0)) and not daylight(sun_at(-5.0)).night


def test_added_lamps_suit_the_hour() -> None:
    noon, dusk, night = (exposed_white(sun_at(e, n)) for e, n in ((60.0, "noon"), (-3.0, "sunset"), (-20.0, "night")))
    assert noon > dusk > night > 0.2


@pytest.mark.parametrize("elevation", [34.0, 16.0, 10.0, 7.0, 3.0])
def test_skin_in_the_low_sun_gets_no_more_light_than_at_noon(elevation: float) -> None:
    noon, low = max(daylight(sun_at(62.0, "noon")).sun), np.array(daylight(sun_at(elevation)).sun)
    assert low @ [0.2126, 0.7152, 0.0722] < 1.15 * noon
    if elevation < 15.0:
        assert low[0] > 1.5 * low[2], "warm"


# ── rendered ────────────────────────────────────────────────────────────────────────────────────────────────────────


def render(jobs: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    """Reports of tests/lit_scenes.py by name."""
    for job in jobs:
        path = folder / f"{job['name']}.npz"
        job.pop("of").save(path)
        job["take"] = str(path)
    script = Path(__file__).with_name("lit_scenes.py")
    run = subprocess.run(
        [sys.executable, str(script)], input=json.dumps(jobs), capture_output=True, text=True, timeout=600, check=False
    )
    found = {report["name"]: report for report in map(json.loads, run.stdout.splitlines())}
    assert [report["error"] for report in found.values()] == [""] * len(jobs)
    return found


def test_a_white_card_sees_the_light_that_the_entry_states(tmp_path: Path) -> None:
    things = [fake_thing("ball", at=(0.0, 0.0, 0.1))]
    take = lit("three_point", people=0, things=things)
    lamps = {lamp.name: lamp for lamp in lighting.set_up(take).lamps}
    jobs: list[dict[str, Any]] = [
        {"name": name, "of": take, "only": f"added {name}", "card": {"at": lamp.towards, "facing": lamp.at}}
        for name, lamp in lamps.items()
    ]
    street = {"at": (1.4, 0.0, 1.2), "facing": (7.0, -3.8, 4.85)}
    night = fake_take(things=[], set_="street", time_of_day="night")
    jobs.append({"name": "street", "of": night, "only": "street light south 1", "card": street})
    found = render(jobs, tmp_path)
    seen = {name: found[name]["radiance"] for name in lamps}
    entry = library.lighting("three_point")
    for lamp in entry.lamps:
        assert seen[lamp.name] == pytest.approx(exposed_white(take.place) * 2.0**lamp.stops, rel=0.15)
    assert seen["key"] / seen["fill"] == pytest.approx(entry.key_to_fill, rel=0.15)
    assert found["street"]["radiance"] == pytest.approx(0.70, rel=0.15), "a lamp whose light is kept in a cone"


def face(take: Take, picture: Any) -> float:
    """Luminance 0…1 of the middle of the first person's face."""
    x, y, depth = in_picture(take, [*take.person_root[0, 0, :2], HEAD_M])
    r = 0.05 / depth * 64 * 40.0 / 36.0
    rows, columns = slice(int(y - r), int(np.ceil(y + r)) + 1), slice(int(x - r), int(np.ceil(x + r)) + 1)
    return float(np.median(np.array(picture)[rows, columns]))


@pytest.mark.slow
def test_faces_can_be_told_by_night_and_the_dark_stays_dark(tmp_path: Path) -> None:
    sets = ("park", "street", "outdoor_court", "living_room", "workshop", "gym")
    at = {"outdoor_court": (0.0, -4.6), "gym": (0.0, -4.6)}
    takes = {s: lit("natural", s, time_of_day="night", at=at.get(s, (0.0, 0.0))) for s in sets}
    found = render([{"name": s, "of": take} for s, take in takes.items()], tmp_path)
    shown: dict[str, float] = {}
    for s, take in takes.items():
        picture = np.array(found[s]["luminance"])
        shown[s] = face(take, picture)
        if not library.set_(s).indoor:
            assert np.quantile(picture, 0.02) < 0.08, f"{s}: black is black"
            assert np.median(picture) < 0.30, f"{s}: it is night"
    assert all(0.16 < value < 0.45 for value in shown.values()), shown


@pytest.mark.slow
def test_set_ups_look_as_they_are_called(tmp_path: Path) -> None:
    takes = {name: lit(name, "living_room", time_of_day="afternoon") for name in NAMES}
    takes["outdoors"] = lit("silhouette", "park", time_of_day="afternoon")
    found = render([{"name": name, "of": take} for name, take in takes.items()], tmp_path)
    faces = {name: face(take, found[name]["luminance"]) for name, take in takes.items()}
    whole = {name: float(np.mean(found[name]["luminance"])) for name in takes}
    assert faces["high_key"] > faces["natural"] > faces["silhouette"]
    assert whole["high_key"] > whole["three_point"] > whole["rembrandt"] > whole["low_key"]
    assert faces["silhouette"] < 0.4 * whole["silhouette"], "a dark figure before a bright background"
    assert faces["outdoors"] < 0.1 < whole["outdoors"]


@pytest.mark.slow
def test_the_blue_hour_is_blue_neither_day_nor_night(tmp_path: Path) -> None:
    hours: dict[str, Callable[[Take], Take]] = {
        "day": lambda t: t,
        "dusk": lambda t: replace(t, place=replace(t.place, sun_elevation_deg=-4.0)),
        "night": lambda t: replace(t, place=replace(t.place, sun_elevation_deg=-12.0, time_of_day="night")),
    }
    takes = {hour: change(lit("natural", "park")) for hour, change in hours.items()}
    found = render([{"name": hour, "of": take} for hour, take in takes.items()], tmp_path)
    whole = {hour: float(np.mean(found[hour]["luminance"])) for hour in hours}
    assert 1.3 * whole["night"] < whole["dusk"] < 0.85 * whole["day"], whole
    red, _, blue = found["dusk"]["sky"]
    assert blue > 1.1 * red, "though it shows the side where the sun went down"
    assert found["dusk"]["sky"][2] > 1.5 * found["night"]["sky"][2]


def test_props_of_a_document_stand_in_the_light() -> None:
    """A scene of things alone, from its document."""
    fields = document() | {"cast": [], "blocking": [], "lines": []}
    fields["props"] = [thing("ball")]
    fields["shots"][0]["camera"]["subjects"] = ["ball"]
    fields["scenes"][0]["lighting"] = "rembrandt"
    sp = Screenplay.model_validate(fields)
    layout = lay_out(sp, sp.scenes[0])
    take = replace(
        fake_take(things=[fake_thing("ball", at=tuple(layout.thing_position[0]))], set_="studio"), place=layout.place
    )
    key = lighting.set_up(take).lamps[0]
    assert np.linalg.norm(np.subtract(key.towards, layout.thing_position[0])) < 0.2

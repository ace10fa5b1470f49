"""Each shot is exposed for the light that falls towards its camera."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from soundstage import director
from soundstage.rehearsal import rehearse
from soundstage.rehearsal.cameras.metering import LIMITS_EV, metered
from soundstage.take import Place, Take

PROMPT = "A woman waves on a court at sunset."


def place_of(prompt: str = PROMPT) -> Place:
    return rehearse(director.plan(prompt, seconds=0.5))[0].place


def looking(azimuth_deg: float, pitch_deg: float = 0.0) -> np.ndarray:
    """(1, 3) direction, clockwise from +Y and upwards."""
    a, h = np.radians((azimuth_deg, pitch_deg))
    return np.array([[np.sin(a) * np.cos(h), np.cos(a) * np.cos(h), np.sin(h)]])


def test_who_looks_towards_a_low_sun_opens_up() -> None:
    place = place_of()
    towards, away = (metered(place, looking(place.sun_azimuth_deg + turn)) for turn in (0.0, 180.0))
    assert away < 0.1 < towards - away < LIMITS_EV[1] - LIMITS_EV[0] + 1e-9
    around = [metered(place, looking(place.sun_azimuth_deg + turn)) for turn in range(180, -1, -15)]
    assert np.all(np.diff(around) >= -1e-9) and np.all(np.abs(np.diff(around)) < 0.4)


@pytest.mark.parametrize("change", [{"weather": "overcast"}, {"sun_elevation_deg": 88.0}, {"time_of_day": "night"}])
def test_where_the_light_has_no_side_the_exposure_stays(change: dict[str, object]) -> None:
    place = replace(place_of(), **change)  # type: ignore[arg-type]
    values = [metered(place, looking(turn)) for turn in range(0, 360, 30)]
    assert np.ptp(values) < 0.15 and max(np.abs(values)) < 0.35


def test_rooms_and_cameras_that_look_straight_down_are_left_alone() -> None:
    assert metered(place_of("A woman waves in a living room."), looking(0.0)) == 0.0
    assert metered(place_of(), looking(0.0, -89.0)) == 0.0


def test_a_shot_keeps_its_exposure_and_the_document_decides() -> None:
    plan = director.plan("The camera circles a woman who waves on a court at sunset.", seconds=2.0)

    def shot(**changes: object) -> Take:
        camera = plan.shots[0].camera.model_copy(update=changes)
        shots = (plan.shots[0].model_copy(update={"camera": camera}), *plan.shots[1:])
        return rehearse(plan.model_copy(update={"shots": shots}))[0]

    metered_ev = shot().camera.exposure_ev
    assert np.ptp(metered_ev) == 0.0 and metered_ev[0] != 0.0
    assert np.allclose(shot(exposure_ev=1.0).camera.exposure_ev, metered_ev + 1.0)
    assert np.all(shot(metering="none", exposure_ev=1.0).camera.exposure_ev == 1.0)

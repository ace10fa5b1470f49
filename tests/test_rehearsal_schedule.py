"""The scene's clock: anchors, chains, circles and moments that wait for physics."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from soundstage import clock
from soundstage.errors import ScreenplayError
from soundstage.rehearsal.schedule import Cue, schedule
from soundstage.screenplay.model import Beat, Line, Outcome, When


def moment(anchor: str, of: str = "", offset: float = 0.0) -> When:
    return When.model_validate({"anchor": anchor, "of": of, "offset_s": offset})


def beat(name: str, when: When) -> Beat:
    return Beat(
        id=name,
        scene="s",
        actor="ann",
        action="wave",
        target="",
        prop="",
        manner=(),
        when=when,
        outcome=Outcome(kind="none", via=()),
    )


def line(name: str, when: When) -> Line:
    return Line(id=name, scene="s", speaker="ann", to="", text="Hi.", language="en", mood="neutral", when=when)


def cues(beats: list[Beat], lines: list[Line], contact: Any = None) -> dict[str, Cue]:
    play: Any = SimpleNamespace(beats=beats, lines=lines)
    scene: Any = SimpleNamespace(id="s")
    made = schedule(play, scene, beat_length=lambda _: 2.0, line_length=lambda _: 1.5, contact_time=contact)
    assert list(made) == sorted(made, key=lambda c: (c.start, c.id))
    return {cue.id: cue for cue in made}


def test_chains_follow_whatever_the_order_in_the_document() -> None:
    made = cues(
        [beat("b", moment("line_end", "l", 0.25)), beat("a", moment("start", offset=1.0))],
        [line("l", moment("beat_start", "a", 0.5))],
    )
    assert made["a"].start == clock.ticks(1.0)
    assert made["l"].start == clock.ticks(1.5)
    assert made["b"].start == clock.ticks(3.25)
    assert made["b"].end == clock.ticks(5.25)


def test_what_waits_for_a_contact_is_left_out_before_physics_and_placed_after() -> None:
    beats = [beat("a", moment("start")), beat("c", moment("line_end", "l"))]
    lines = [line("l", moment("contact", "ball", 0.5))]
    assert set(cues(beats, lines)) == {"a"}
    made = cues(beats, lines, lambda prop, after: clock.ticks(3.0) if prop == "ball" else None)
    assert made["l"].start == clock.ticks(3.5)
    assert made["c"].start == clock.ticks(5.0)


def test_a_contact_that_never_happens_is_said() -> None:
    with pytest.raises(ScreenplayError, match="'ball', which never touches"):
        cues([], [line("l", moment("contact", "ball"))], lambda prop, after: None)


def test_a_circle_is_said() -> None:
    with pytest.raises(ScreenplayError, match="circle: a, b"):
        cues([beat("a", moment("beat_end", "b")), beat("b", moment("beat_end", "a"))], [])


def test_before_the_scene_is_said() -> None:
    with pytest.raises(ScreenplayError, match=r"'a' would start 0\.50 s before"):
        cues([beat("a", moment("start", offset=-0.5))], [])

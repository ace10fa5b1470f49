"""The table of actions: every entry reads, times grow, adverbs work, mistakes are named."""

from __future__ import annotations

import pytest

from motion_stage import SITTING, beat, play, scene, solo
from soundstage.errors import InputError
from soundstage.rehearsal import motion
from soundstage.rehearsal.motion import table
from soundstage.screenplay.model import Beat

PEOPLE = {"anna": ("adult", (0.0, -4.6), 0.0)}


def model(action: str, **more: object) -> Beat:
    return Beat.model_validate({**beat("anna", action), **more})


@pytest.mark.parametrize("name", motion.action_names())
def test_moments_of_every_action_come_in_order(name: str) -> None:
    sits = name in SITTING
    layout, _, _ = solo("sit" if sits else "look_at")
    moments = motion.action_moments(model(name, target="chair" if sits else "other"), layout=layout)
    assert 0.3 < moments["end"] < 30
    assert all(0 < when <= moments["end"] for when in moments.values())
    made = table.action(name)
    assert ("release" in moments) == (made.release is not None)
    for columns, rows in made.sheets:
        assert columns[0] == "at" and len(rows) >= 2


@pytest.mark.parametrize("name", motion.manner_names())
def test_every_adverb_can_be_done(name: str) -> None:
    layout, _, _ = solo("look_at")
    assert motion.action_duration(model("wave", manner=[name]), layout=layout) > 0.5


def test_slow_takes_longer_than_quick() -> None:
    layout, _, _ = solo("look_at")
    slow, plain, quick = (
        motion.action_duration(model("shrug", manner=m), layout=layout) for m in (["slowly"], [], ["quickly"])
    )
    assert slow > plain > quick


def test_going_further_takes_longer() -> None:
    layout, _, _ = solo("look_at")
    near, far = (motion.action_duration(model("walk", target=t), layout=layout) for t in ("free_throw_line", "center"))
    assert far > near + 2.0
    assert motion.action_duration(model("run", target="center"), layout=layout) < far


def test_unknown_actions_and_adverbs_are_named_with_the_choices() -> None:
    layout, _, _ = solo("look_at")
    with pytest.raises(InputError, match="'levitate'") as wrong:
        motion.action_duration(model("levitate"), layout=layout)
    assert "jump_shot" in wrong.value.mend
    with pytest.raises(InputError, match="'purply'"):
        motion.action_duration(model("wave", manner=["purply"]), layout=layout)


def test_things_act_without_choreography() -> None:
    layout, cues, performance = play(scene(PEOPLE, [beat("ball", "fall")], ball="anna"))
    assert motion.action_duration(cues[0].record, layout=layout) > 0  # type: ignore[arg-type]
    assert motion.vocal(cues[0].record) is None  # type: ignore[arg-type]
    assert performance.root.shape[1] == 1


def test_laughs_and_sighs_have_a_voice() -> None:
    from soundstage import speech

    sounds = {name: motion.vocal(model(name)) for name in motion.action_names()}
    assert sounds["laugh"] == "laugh" and sounds["wave"] is None
    assert {s for s in sounds.values() if s} <= set(speech.kinds())


def test_moments_of_a_row() -> None:
    phases, moments = {"rise": (1.0, 0.4)}, {"release": 1.3}
    assert table.moment("rise", phases, moments, 1.0) == 1.0
    assert table.moment("rise:0.5", phases, moments, 1.0) == pytest.approx(1.2)
    assert table.moment("rise-0.1", phases, moments, 1.0) == pytest.approx(0.9)
    assert table.moment("release+0.05", phases, moments, 1.0) == pytest.approx(1.35)
    assert table.moment(0.6, phases, moments, 1.5) == pytest.approx(0.4)
    with pytest.raises(ValueError, match="no phase 'fall'"):
        table.moment("fall", phases, moments, 1.0)


def test_columns_stand_for_sides() -> None:
    assert table.spread("strong.elbow", 1, ()) == ("elbow.R",)
    assert table.spread("weak.elbow", 1, ()) == ("elbow.L",)
    assert table.spread("both.elbow", 0, ()) == ("elbow.L", "elbow.R")
    assert table.value_of("chest.turn", 10, 0) == -table.value_of("chest.turn", 10, 1)
    with pytest.raises(ValueError, match="no channel"):
        table.spread("strong.tail", 1, ())

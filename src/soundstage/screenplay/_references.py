"""Checks what a field alone cannot know: that ids are unique and point at something, and that shots fill their scenes.

Only structure is checked. A beat's `target` or `prop`, a gaze, a shot's subject and a placement's target may also be
a mark or a fixed piece of the set; those names are the library's and are checked where the library is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from .model import Beat, Line, Placement, Screenplay, Shot, When

RESERVED = ("camera", "ahead")
"""Names that mean something of their own where an id may stand."""
TOLERANCE_S = 1e-6
"""Two times of a document this close are the same [s]; decimal fractions are not exact in binary."""


class BrokenReference(ValueError):
    """A record points at nothing, or two records claim one place; `path` is the field, such as `lines[2].speaker`."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(f"{path}: {what}")
        self.path = path
        self.what = what


def check(screenplay: Screenplay) -> None:
    """Nothing, if the document holds together.

    Raises:
        BrokenReference: the first thing that does not, with the path of its field.
    """
    _check_ids(screenplay)
    _check_scenes(screenplay)
    _check_cast(screenplay)
    _check_placements(screenplay)
    _check_moments(screenplay)
    _check_shots(screenplay)


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _check_ids(sp: Screenplay) -> None:
    # Characters and props stand in the same fields, and so do beats and lines: each pair shares one set of names.
    groups: tuple[tuple[tuple[str, Sequence[_HasId]], ...], ...] = (
        (("cast", sp.cast), ("props", sp.props)),
        (("scenes", sp.scenes),),
        (("beats", sp.beats), ("lines", sp.lines)),
        (("shots", sp.shots),),
    )
    for group in groups:
        seen: dict[str, str] = {}
        for name, records in group:
            for index, record in enumerate(records):
                path = f"{name}[{index}]"
                if record.id in RESERVED:
                    raise BrokenReference(f"{path}.id", f"{record.id!r} has a meaning of its own; choose another id")
                if record.id in seen:
                    raise BrokenReference(f"{path}.id", f"{record.id!r} is already the id of {seen[record.id]}")
                seen[record.id] = path


def _check_scenes(sp: Screenplay) -> None:
    scenes = {scene.id for scene in sp.scenes}
    for name in ("props", "blocking", "beats", "lines", "shots"):
        for index, record in enumerate(getattr(sp, name)):
            if record.scene not in scenes:
                raise BrokenReference(
                    f"{name}[{index}].scene", f"there is no scene {record.scene!r}; there are: {_listed(scenes)}"
                )


def _check_cast(sp: Screenplay) -> None:
    cast = {character.id for character in sp.cast}
    present: dict[str, set[str]] = {scene.id: set() for scene in sp.scenes}
    for index, b in enumerate(sp.blocking):
        path = f"blocking[{index}].character"
        if b.character not in cast:
            raise BrokenReference(path, f"there is no character {b.character!r}; there are: {_listed(cast)}")
        if b.character in present[b.scene]:
            raise BrokenReference(path, f"{b.character!r} already has a place in scene {b.scene!r}")
        present[b.scene].add(b.character)
    for index, line in enumerate(sp.lines):
        _check_character(f"lines[{index}].speaker", line.speaker, cast, present[line.scene], line.scene)
        if line.to:
            _check_character(f"lines[{index}].to", line.to, cast, present[line.scene], line.scene)
    props = {prop.id: prop.scene for prop in sp.props}
    for index, beat in enumerate(sp.beats):
        path = f"beats[{index}].actor"
        if beat.actor in props:
            if props[beat.actor] != beat.scene:
                raise BrokenReference(path, f"{beat.actor!r} is in scene {props[beat.actor]!r}, not in {beat.scene!r}")
        elif beat.actor in cast:
            _check_character(path, beat.actor, cast, present[beat.scene], beat.scene)
        else:
            everybody = _listed(cast | set(props))
            raise BrokenReference(path, f"there is no character or prop {beat.actor!r}; there are: {everybody}")
        for field in ("target", "prop"):
            name = getattr(beat, field)
            if name in props and props[name] != beat.scene:
                where = f"is in scene {props[name]!r}, not in {beat.scene!r}"
                raise BrokenReference(f"beats[{index}].{field}", f"{name!r} {where}")


def _check_character(path: str, name: str, cast: set[str], present: set[str], scene: str) -> None:
    if name not in cast:
        raise BrokenReference(path, f"there is no character {name!r}; there are: {_listed(cast)}")
    if name not in present:
        raise BrokenReference(path, f"{name!r} has no place in scene {scene!r}; add a record to blocking")


def _check_placements(sp: Screenplay) -> None:
    cast = {character.id for character in sp.cast}
    props = {prop.id: prop.scene for prop in sp.props}
    rests_on: dict[tuple[str, str], tuple[str, str]] = {}
    for index, prop in enumerate(sp.props):
        path = f"props[{index}].placement"
        _check_placement(path, prop.placement, prop.scene, cast, props)
        rests_on[prop.scene, prop.id] = (prop.placement.target, path)
    for index, b in enumerate(sp.blocking):
        path = f"blocking[{index}].placement"
        _check_placement(path, b.placement, b.scene, cast, props)
        rests_on[b.scene, b.character] = (b.placement.target, path)
    for scene, name in rests_on:
        chain, here = [name], rests_on[scene, name][0]
        while (scene, here) in rests_on and here not in chain:
            chain.append(here)
            here = rests_on[scene, here][0]
        if here == name:
            circle = " → ".join([*chain, name])
            raise BrokenReference(f"{rests_on[scene, name][1]}.target", f"placed by each other in a circle: {circle}")


def _check_placement(path: str, p: Placement, scene: str, cast: set[str], props: Mapping[str, str]) -> None:
    if p.relation == "free":
        if p.target:
            raise BrokenReference(f"{path}.target", f"relation 'free' has no target, but names {p.target!r}")
        return
    if not p.target:
        raise BrokenReference(f"{path}.target", f"relation {p.relation!r} needs the id of a prop, character or mark")
    if p.relation == "held_by" and p.target not in cast:
        raise BrokenReference(
            f"{path}.target", f"only a character can hold; {p.target!r} is none; there are: {_listed(cast)}"
        )
    if props.get(p.target, scene) != scene:
        raise BrokenReference(f"{path}.target", f"{p.target!r} is in scene {props[p.target]!r}, not in {scene!r}")


def _check_moments(sp: Screenplay) -> None:
    moments: dict[str, tuple[str, Beat | Line]] = {}
    for index, beat in enumerate(sp.beats):
        moments[beat.id] = (f"beats[{index}].when.of", beat)
    for index, line in enumerate(sp.lines):
        moments[line.id] = (f"lines[{index}].when.of", line)
    kinds: dict[str, dict[str, str]] = {
        "beat": {beat.id: beat.scene for beat in sp.beats},
        "line": {line.id: line.scene for line in sp.lines},
        "prop": {prop.id: prop.scene for prop in sp.props},
    }
    for path, record in moments.values():
        _check_moment(path, record.when, record.scene, kinds)
    for index, shot in enumerate(sp.shots):
        for path, when in _moments_of(shot):
            _check_moment(f"shots[{index}].{path}.of", when, shot.scene, kinds)
    for name, (path, record) in moments.items():
        chain, when = [name], record.when
        while when.anchor not in ("start", "contact") and when.of not in chain:
            chain.append(when.of)
            when = moments[when.of][1].when
        if when.of == name and when.anchor != "contact":
            raise BrokenReference(path, f"they wait for each other in a circle: {' → '.join([*chain, name])}")


def _moments_of(shot: Shot) -> Iterator[tuple[str, When]]:
    """Every moment that a shot hangs on, with the path of its field."""
    if shot.cut is not None:
        yield "cut", shot.cut
    for k, move in enumerate(shot.camera.moves):
        if move.start is not None:
            yield f"camera.moves[{k}].start", move.start
        if move.end is not None:
            yield f"camera.moves[{k}].end", move.end
    for k, pull in enumerate(shot.camera.focus_pulls):
        yield f"camera.focus_pulls[{k}].start", pull.start


def _check_moment(path: str, when: When, scene: str, kinds: Mapping[str, Mapping[str, str]]) -> None:
    if when.anchor == "start":
        if when.of:
            raise BrokenReference(path, f"anchor 'start' is of nothing, but names {when.of!r}")
        return
    kind = "prop" if when.anchor == "contact" else when.anchor.partition("_")[0]
    known = kinds[kind]
    if when.of not in known:
        raise BrokenReference(path, f"there is no {kind} {when.of!r}; there are: {_listed(known)}")
    if known[when.of] != scene:
        raise BrokenReference(path, f"{when.of!r} is in scene {known[when.of]!r}, not in {scene!r}")


def _check_shots(sp: Screenplay) -> None:
    order = {scene.id: index for index, scene in enumerate(sp.scenes)}
    reached = dict.fromkeys(order, 0.0)
    latest = 0
    for index, shot in enumerate(sp.shots):
        path = f"shots[{index}]"
        if order[shot.scene] < latest:
            raise BrokenReference(f"{path}.scene", "shots stand in the order of their scenes; move this one up")
        latest = order[shot.scene]
        start = reached[shot.scene]
        if abs(shot.start_s - start) > TOLERANCE_S:
            kind = "leaves a gap after" if shot.start_s > start else "overlaps"
            raise BrokenReference(f"{path}.start_s", f"{kind} what comes before it; start at {start:g} s")
        if shot.end_s <= shot.start_s:
            raise BrokenReference(f"{path}.end_s", f"a shot ends after it starts ({shot.start_s:g} s)")
        reached[shot.scene] = shot.end_s
    for index, scene in enumerate(sp.scenes):
        if abs(reached[scene.id] - scene.seconds) > TOLERANCE_S:
            raise BrokenReference(
                f"scenes[{index}].seconds",
                f"the shots of scene {scene.id!r} end at {reached[scene.id]:g} s, the scene at {scene.seconds:g} s; "
                "let the last shot end with the scene",
            )

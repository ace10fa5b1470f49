"""Where everything stands when a scene starts: placements resolved into positions, things touching what they rest on.

World axes: Z up, ground at z = 0, headings anticlockwise from +Y. A placement's heading, pitch and roll are absolute,
`Rz(heading) · Rx(pitch) · Ry(roll)`. With relation "free", `at` is the ground point under the thing's frame and the
height of its lowest point. With any other relation `at` is an offset in world axes from where the relation puts it:

- on a thing: let down on the middle of its top (a ramp: on its high end), or on what already lies there;
  on a mark: standing there. An offset upwards leaves it that much higher.
- above: like on, 1 m higher.
- left_of, right_of, in_front_of, behind: beside the target as the target itself sees it, on the same level.
- near: beside the target, wherever there is room. held_by: before the chest; motion knows the exact place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians, sin
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import library
from ..errors import InputError, ScreenplayError
from ..screenplay.model import Blocking, Placement, Prop, Scene, Screenplay
from ..take import Array, Person, Place, Thing, read_only
from .physics import shapes

if TYPE_CHECKING:
    from .physics.settling import Nest

GAP_M = 0.1
"""Between things side by side."""
PERSON_GAP_M = 0.3
PERSON_RADIUS_M = 0.25
DROP_HEIGHT_M = 1.0
"""How high "above" is without an offset."""
SETTLE_M = 0.002
"""Things this close to a support rest on it; things this deep in another are lifted out of it."""
GROUND_NAMES = ("ground", "floor")
_SIDES = {"left_of": (-1.0, 0.0), "right_of": (1.0, 0.0), "in_front_of": (0.0, 1.0), "behind": (0.0, -1.0)}


@dataclass(frozen=True)
class Layout:
    """Who and what is where at the start of a scene."""

    things: tuple[Thing, ...]
    """Set pieces first, then the scene's props, in the order of the document."""
    thing_position: Array
    """(N, 3) origin of each thing's frame (see `physics.shapes`) [m]."""
    thing_rotation: Array
    """(N, 4) wxyz."""
    thing_velocity: Array
    """(N, 3) [m/s]"""
    thing_spin: Array
    """(N, 3) world axes [rad/s]"""
    people: tuple[Person, ...]
    person_position: Array
    """(P, 3) ground point between the feet."""
    person_heading: Array
    """(P,) radians, anticlockwise from +Y."""
    gaze: tuple[str, ...]
    """Per person, what they look at."""
    place: Place
    marks: Mapping[str, tuple[Array, float]]
    """Position (3,) and heading [rad] by name: the set's marks, things, people."""


def lay_out(screenplay: Screenplay, scene: Scene) -> Layout:
    """Everything of a scene in its place.

    Raises:
        ScreenplayError: a placement names nothing that is there, things would stand in each other, or a size does not
            suit a shape.
        InputError: the library knows no such set, prop or material.
    """
    kind = library.set_(scene.set)
    place = _place(scene, kind)
    pieces = [_set_piece(entry) for entry in kind.pieces]
    props = [prop for prop in screenplay.props if prop.scene == scene.id]
    things = tuple(piece for piece, _ in pieces) + tuple(_thing(prop) for prop in props)
    blocking = [b for b in screenplay.blocking if b.scene == scene.id]
    stage = _Stage(screenplay, scene, kind, place, things, len(pieces))
    for n, (_, placement) in enumerate(pieces):
        stage.put_thing(n, placement)
    stage.resolve(props, blocking)
    return stage.layout(props, blocking)


def _place(scene: Scene, kind: library.SetKind) -> Place:
    return Place(
        set=scene.set,
        time_of_day=scene.time_of_day,
        sun_elevation_deg=scene.sun_elevation_deg,
        sun_azimuth_deg=scene.sun_azimuth_deg,
        weather=scene.weather,
        ambience=scene.ambience,
        ambience_level_db=scene.ambience_level_db,
        ground_material=scene.ground or kind.ground,
        gravity=scene.gravity,
    )


def _set_piece(entry: Mapping[str, Any]) -> tuple[Thing, Placement]:
    kind = library.prop(entry["kind"])
    size = tuple(entry.get("size", kind.size))
    material = entry.get("material", kind.material)
    params = {**kind.params, **entry.get("params", {})}
    if kind.shape == "compound":
        params = shapes.compound_params(kind.name, params, size, kind.size, material)
    thing = Thing(
        id=entry["id"],
        kind=kind.name,
        shape=kind.shape,
        size=size,
        material=material,
        colour=entry.get("colour", kind.colour),
        mass_kg=entry.get("mass_kg", kind.mass_kg or 100.0),
        fixed=True,
        params=params,
    )
    x, y, z = entry.get("at", (0.0, 0.0, 0.0))
    placement = Placement(
        relation="free", target="", at=(x, y, z), heading_deg=entry.get("heading_deg", 0.0), pitch_deg=0.0, roll_deg=0.0
    )
    return thing, placement


def _thing(prop: Prop) -> Thing:
    kind = library.prop(prop.kind)
    library.material(prop.material)
    x, y, z = prop.size
    if min(prop.size) <= 0.0:
        raise ScreenplayError(f"props → {prop.id} → size {prop.size} has no volume", "give three lengths above 0 [m]")
    if (kind.shape == "sphere" and not np.allclose([x, y], [y, z], rtol=1e-3)) or (
        kind.shape in ("cylinder", "capsule") and not np.isclose(x, y, rtol=1e-3)
    ):
        raise ScreenplayError(
            f"props → {prop.id} → size {prop.size} does not suit a {kind.shape}",
            "a sphere has three equal sizes, a cylinder or capsule the same x and y",
        )
    params = dict(kind.params)
    if kind.shape == "compound":
        params = shapes.compound_params(kind.name, params, prop.size, kind.size, prop.material)
    return Thing(
        id=prop.id,
        kind=prop.kind,
        shape=kind.shape,
        size=prop.size,
        material=prop.material,
        colour=prop.colour,
        mass_kg=prop.mass_kg,
        fixed=prop.fixed,
        print_text=prop.print_text,
        params=params,
    )


def _rotation(placement: Placement) -> Array:
    """Rz(heading) · Rx(pitch) · Ry(roll) as a quaternion wxyz."""
    heading = shapes.turn((0, 0, 1), radians(placement.heading_deg))
    pitch, roll = (
        shapes.turn((1, 0, 0), radians(placement.pitch_deg)),
        shapes.turn((0, 1, 0), radians(placement.roll_deg)),
    )
    return shapes.multiply(shapes.multiply(heading, pitch), roll)


@dataclass(frozen=True)
class _Spot:
    """What a placement may refer to: a mark, a thing, a person."""

    position: Array
    heading: float
    thing: int = -1
    person: int = -1


class _Stage:
    """The scene while it is being set up."""

    def __init__(
        self,
        screenplay: Screenplay,
        scene: Scene,
        kind: library.SetKind,
        place: Place,
        things: tuple[Thing, ...],
        fixed: int,
    ) -> None:
        from .physics.settling import Nest  # loads the physics engine

        self.nest: Nest = Nest(things, place)
        self.things, self.place = things, place
        self.heights = {c.id: c.identity.height_m for c in screenplay.cast}
        self.characters = {c.id: c for c in screenplay.cast}
        self.scene = scene
        self.position = np.zeros((len(things), 3))
        self.rotation = np.tile([1.0, 0.0, 0.0, 0.0], (len(things), 1))
        self.placed: list[int] = []
        self.held: set[int] = set()
        self.lies_on: dict[int, set[int]] = {}
        self.first_prop = fixed
        self.person: dict[str, tuple[Array, float]] = {}
        self.spots: dict[str, _Spot] = {
            name: _Spot(np.array(m[:3], dtype=float), radians(m[3])) for name, m in kind.marks.items()
        }
        for name in GROUND_NAMES:
            self.spots.setdefault(name, _Spot(np.zeros(3), 0.0))
        ids = [t.id for t in things]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ScreenplayError(
                f"props → {twice[0]}: the set {kind.name!r} already has a thing of that name", "choose another id"
            )

    # ── order ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def resolve(self, props: list[Prop], blocking: list[Blocking]) -> None:
        """Place props and people, each after what it refers to."""
        waiting: dict[str, Prop | Blocking] = {p.id: p for p in props} | {b.character: b for b in blocking}
        numbers = {p.id: self.first_prop + n for n, p in enumerate(props)}
        while waiting:
            ready = [n for n, r in waiting.items() if r.placement.target not in waiting]
            if not ready:
                names = ", ".join(sorted(waiting))
                raise ScreenplayError(f"placed by each other in a circle: {names}", "place one of them free")
            for name in ready:
                record = waiting.pop(name)
                if isinstance(record, Prop):
                    self.put_thing(numbers[name], record.placement)
                else:
                    self.put_person(record)

    def _spot(self, owner: str, placement: Placement) -> _Spot:
        spot = self.spots.get(placement.target)
        if spot is None:
            raise ScreenplayError(
                f"{owner} → placement → target: there is no {placement.target!r} in scene {self.scene.id!r}",
                f"choose one of: {', '.join(sorted(self.spots))}",
            )
        return spot

    # ── things ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def put_thing(self, n: int, placement: Placement) -> None:
        """Place the n-th thing.

        Raises:
            ScreenplayError: its target is not there, or it would stand in something else.
        """
        thing, rotation = self.things[n], _rotation(placement)
        self.rotation[n] = rotation
        if placement.relation == "free":
            self._stand(n, np.array(placement.at))
        elif placement.relation in ("on", "above"):
            self._put_on(n, placement)
        elif placement.relation == "held_by":
            self._put_in_hands(n, placement)
        else:
            self._put_beside(n, placement)
        if n not in self.held:
            self._settle(n)
            self.placed.append(n)
        self.position[n] = self.nest.position(n)
        self.spots[thing.id] = _Spot(self.position[n].copy(), radians(placement.heading_deg), thing=n)
        # What the set calls a mark of the same name (the spot under the ring) stays findable as the thing itself.

    def _stand(self, n: int, at: Array) -> None:
        """Put a thing so that its lowest point is at a height."""
        from .physics.settling import underside

        up = np.array([0.0, 0.0, underside(self.things[n], self.rotation[n])])
        self.nest.put(n, at + up, self.rotation[n])

    def _put_on(self, n: int, placement: Placement) -> None:
        spot = self._spot(f"props → {self.things[n].id}", placement)
        offset = np.array(placement.at)
        lift = offset[2] + (DROP_HEIGHT_M if placement.relation == "above" else 0.0)
        at = spot.position + np.array([offset[0], offset[1], 0.0])
        if spot.thing >= 0:
            at = at + self._start_of_slope(spot.thing, n)
            self._let_down(n, spot.thing, at, on_others=lift == 0.0)
            self.lies_on[n] = {spot.thing} | self.lies_on.get(spot.thing, set())
        elif spot.person >= 0:
            name = placement.target
            self._stand(n, at + np.array([0.0, 0.0, self.heights[name]]))
        else:
            self._stand(n, at)
        self.nest.put(n, self.nest.position(n) + np.array([0.0, 0.0, lift]), self.rotation[n])

    def _let_down(self, n: int, target: int, at: Array, *, on_others: bool) -> None:
        """Lower a thing on to a target, and if asked on to what already lies on it.

        Raises:
            ScreenplayError: it would miss the target.
        """
        thing, support = self.things[n], self.things[target]
        if thing.shape == "compound":  # stands on its origin; its parts may be let into the ground (ramp)
            low, high = shapes.extent(support)
            local = shapes.matrix(self.rotation[target]).T @ (at - self.nest.position(target))
            missed = bool((local[:2] < low[:2]).any() or (local[:2] > high[:2]).any())
            self._stand(n, np.array([at[0], at[1], self._top(target)]))
        else:
            below = [target, *(m for m in self.placed if on_others and target in self.lies_on.get(m, set()))]
            highest = max(self._top(m) for m in below)
            self._stand(n, np.array([at[0], at[1], highest + 0.01]))
            sunk = self.nest.lower(n, below, deepest=highest + 0.1)
            missed = sunk is None or self.nest.distance(n, below, 0.01)[1] < 0
        if missed:
            x, y, _ = at - self.nest.position(target)
            raise ScreenplayError(
                f"props → {thing.id} → placement: ({x:g}, {y:g}) m from the middle of {support.id!r} it is not over it",
                f"keep the offset within ±{support.size[0] / 2:.2f} m, ±{support.size[1] / 2:.2f} m",
            )

    def _start_of_slope(self, target: int, n: int) -> Array:
        """From the middle of a ramp to where something starts down it; nothing for anything else."""
        thing = self.things[target]
        if "profile" not in thing.params:
            return np.zeros(3)
        reach = max(shapes.support(self.things[n], self.rotation[n], (1.0, 0.0, 0.0)), 0.01)
        along = shapes.matrix(self.rotation[target])[:, 0]
        return np.asarray(-along * max(0.0, thing.size[0] / 2 - 1.5 * reach))

    def _top(self, n: int) -> float:
        return float(self.nest.position(n)[2]) + shapes.support(self.things[n], self.rotation[n], (0.0, 0.0, 1.0))

    def _put_in_hands(self, n: int, placement: Placement) -> None:
        spot = self._spot(f"props → {self.things[n].id}", placement)
        if spot.person < 0:
            raise ScreenplayError(
                f"props → {self.things[n].id} → placement: {placement.target!r} cannot hold anything",
                f"choose a character of the scene: {', '.join(sorted(self.person)) or 'there is none'}",
            )
        ahead = np.array([-sin(spot.heading), cos(spot.heading), 0.0])
        height = self.heights[placement.target]
        at = spot.position + ahead * (0.2 * height) + np.array([0.0, 0.0, 0.62 * height]) + np.array(placement.at)
        self.held.add(n)
        self.nest.put(n, at, self.rotation[n])

    def _put_beside(self, n: int, placement: Placement) -> None:
        from .physics.settling import underside

        spot = self._spot(f"props → {self.things[n].id}", placement)
        level = spot.position[2]
        if spot.thing >= 0:
            level = self.nest.position(spot.thing)[2] - underside(self.things[spot.thing], self.rotation[spot.thing])
        sides = [_SIDES[placement.relation]] if placement.relation in _SIDES else _ROUND
        for away in (0.0,) if placement.relation in _SIDES else (0.0, 0.2, 0.5, 1.0):
            for side in sides:
                step = self._beside(spot, side, lambda d: shapes.support(self.things[n], self.rotation[n], -d))
                at = spot.position + step * (1.0 + away / max(float(np.linalg.norm(step)), 1e-9))
                self._stand(n, np.array([at[0], at[1], level]) + np.array(placement.at))
                if placement.relation in _SIDES or self.nest.distance(n, self.placed, 0.02)[1] < 0:
                    return
        raise ScreenplayError(
            f"props → {self.things[n].id} → placement: there is no room near {placement.target!r}",
            "place it free, or beside something else",
        )

    def _beside(self, spot: _Spot, side: tuple[float, float], own: Any) -> Array:
        """Horizontal way from a spot to the middle of something beside it."""
        c, s = cos(spot.heading), sin(spot.heading)
        direction = np.array([c * side[0] - s * side[1], s * side[0] + c * side[1], 0.0])
        if spot.thing >= 0:
            reach = shapes.support(self.things[spot.thing], self.rotation[spot.thing], direction) + GAP_M
        elif spot.person >= 0:
            reach = PERSON_RADIUS_M + PERSON_GAP_M
        else:
            reach = GAP_M
        return np.asarray(direction * (reach + own(direction)))

    def _settle(self, n: int) -> None:
        """Close small gaps to what is below and lift out of small overlaps.

        Raises:
            ScreenplayError: it stands in something by more than that.
        """
        thing = self.things[n]
        if thing.fixed and n < self.first_prop:
            return
        others = [m for m in self.placed if not (thing.fixed and self.things[m].fixed)]
        depth = min(self.nest.above_ground(n), 0.0)
        d, other, _ = self.nest.distance(n, others, 0.01)
        if min(depth, d) < -SETTLE_M:
            into = "the ground" if depth <= d else repr(self.things[other].id)
            raise ScreenplayError(
                f"props → {thing.id} → placement: it stands {-min(depth, d) * 1000:.0f} mm deep in {into}",
                "move it, or place it with relation 'on' so that it is let down from above",
            )
        if thing.shape == "compound" and thing.fixed:
            return
        start = self.nest.position(n)
        lift = max(-depth, -d if other >= 0 else 0.0, 0.0)
        if lift > 0.0:
            self.nest.put(n, start + np.array([0.0, 0.0, lift + 1e-5]), self.rotation[n])
        self.nest.lower(n, others, deepest=SETTLE_M + lift)

    # ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def put_person(self, b: Blocking) -> None:
        """Place a character.

        Raises:
            ScreenplayError: the target is not there, or two people would stand in one place.
        """
        p, heading = b.placement, radians(b.placement.heading_deg)
        at = np.array(p.at)
        if p.relation != "free":
            spot = self._spot(f"blocking → {b.character}", p)
            if p.relation in ("held_by", "above"):
                raise ScreenplayError(
                    f"blocking → {b.character} → placement: nobody can stand {p.relation!r} something",
                    "choose one of: free, on, left_of, right_of, in_front_of, behind, near",
                )
            if p.relation == "on":
                level = self._top(spot.thing) if spot.thing >= 0 else spot.position[2]
                at = np.array([spot.position[0], spot.position[1], level]) + at
            else:
                side = _SIDES.get(p.relation, (1.0, 0.0))
                step = self._beside(spot, side, lambda d: PERSON_RADIUS_M)
                at = np.array([*(spot.position + step)[:2], 0.0]) + at
        for name, (there, _) in self.person.items():
            if np.linalg.norm(there - at) < PERSON_RADIUS_M:
                raise ScreenplayError(
                    f"blocking → {b.character} → placement: {name!r} already stands there",
                    f"move one of them by at least {2 * PERSON_RADIUS_M:g} m",
                )
        self.person[b.character] = (at, heading)
        self.spots[b.character] = _Spot(at, heading, person=len(self.person) - 1)

    # ── result ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def layout(self, props: list[Prop], blocking: list[Blocking]) -> Layout:
        """The finished stage."""
        still = np.zeros((self.first_prop, 3))
        velocity = np.concatenate([still, np.array([p.velocity for p in props]).reshape(-1, 3)])
        spin = np.concatenate([still, np.array([p.spin for p in props]).reshape(-1, 3)])
        for b in blocking:
            if b.gaze not in ("camera", "ahead") and b.gaze not in self.spots:
                raise ScreenplayError(
                    f"blocking → {b.character} → gaze: there is no {b.gaze!r} in scene {self.scene.id!r}",
                    f"choose camera, ahead or one of: {', '.join(sorted(self.spots))}",
                )
        return Layout(
            things=self.things,
            thing_position=read_only(self.position),
            thing_rotation=read_only(self.rotation),
            thing_velocity=read_only(velocity),
            thing_spin=read_only(spin),
            people=tuple(self._person(b.character) for b in blocking),
            person_position=read_only(np.array([self.person[b.character][0] for b in blocking]).reshape(-1, 3)),
            person_heading=read_only(np.array([self.person[b.character][1] for b in blocking])),
            gaze=tuple(b.gaze for b in blocking),
            place=self.place,
            marks={name: (read_only(spot.position), spot.heading) for name, spot in self.spots.items()},
        )

    def _person(self, name: str) -> Person:
        c = self.characters.get(name)
        if c is None:
            raise ScreenplayError(
                f"blocking → {name}: there is no such character", f"choose one of: {', '.join(sorted(self.characters))}"
            )
        return Person(
            id=c.id,
            name=c.name,
            identity=c.identity.model_dump(mode="json"),
            wardrobe=tuple(g.model_dump(mode="json") for g in c.wardrobe),
            voice=c.voice.model_dump(mode="json"),
        )


_ROUND = [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7)]

__all__ = ["InputError", "Layout", "lay_out"]

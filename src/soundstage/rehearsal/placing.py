"""Resolves placements one after the other: each thing and person after what it refers to.

The rules are those of `layout`; this is where they are carried out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import cos, radians, sin
from typing import TYPE_CHECKING

import numpy as np

from .. import library
from ..errors import ScreenplayError
from ..screenplay.model import Blocking, Placement, Prop
from ..take import Array, Place, Thing
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
_ROUND = ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7))


def _turned(placement: Placement) -> Array:
    """Rz(heading) · Rx(pitch) · Ry(roll) as a quaternion wxyz."""
    heading = shapes.turn((0, 0, 1), radians(placement.heading_deg))
    pitch, roll = (
        shapes.turn((1, 0, 0), radians(placement.pitch_deg)),
        shapes.turn((0, 1, 0), radians(placement.roll_deg)),
    )
    return shapes.multiply(shapes.multiply(heading, pitch), roll)


@dataclass(frozen=True)
class Spot:
    """What a placement may refer to: a mark, a thing, a person."""

    position: Array
    heading: float
    thing: int = -1
    person: int = -1


class Stage:
    """The scene while it is being set up."""

    def __init__(
        self,
        scene: str,
        kind: library.SetKind,
        place: Place,
        things: tuple[Thing, ...],
        *,
        fixed: int,
        heights: Mapping[str, float],
    ) -> None:
        """`fixed` things come first and belong to the set; `heights` are those of the characters [m]."""
        from .physics.settling import Nest  # loads the physics engine

        self.nest: Nest = Nest(things, place)
        self.things = things
        self.heights = heights
        self.scene = scene
        self.position = np.zeros((len(things), 3))
        self.rotation = np.tile([1.0, 0.0, 0.0, 0.0], (len(things), 1))
        self.placed: list[int] = []
        self.held: set[int] = set()
        self.lies_on: dict[int, set[int]] = {}
        self.first_prop = fixed
        self.person: dict[str, tuple[Array, float]] = {}
        self.spots: dict[str, Spot] = {
            name: Spot(np.array(m[:3], dtype=float), radians(m[3])) for name, m in kind.marks.items()
        }
        for name, seat in kind.seats.items():
            self.spots.setdefault(name, Spot(np.array([*seat["at"], 0.0]), radians(seat["heading_deg"])))
        for name in GROUND_NAMES:
            self.spots.setdefault(name, Spot(np.zeros(3), 0.0))
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

    def _spot(self, owner: str, placement: Placement) -> Spot:
        spot = self.spots.get(placement.target)
        if spot is None:
            raise ScreenplayError(
                f"{owner} → placement → target: there is no {placement.target!r} in scene {self.scene!r}",
                f"choose one of: {', '.join(sorted(self.spots))}",
            )
        return spot

    # ── things ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def put_thing(self, n: int, placement: Placement) -> None:
        """Place the n-th thing.

        Raises:
            ScreenplayError: its target is not there, or it would stand in something else.
        """
        thing, rotation = self.things[n], _turned(placement)
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
        self.spots[thing.id] = Spot(self.position[n].copy(), radians(placement.heading_deg), thing=n)

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

    def _beside(self, spot: Spot, side: tuple[float, float], own: Callable[[Array], float]) -> Array:
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
        self.spots[b.character] = Spot(at, heading, person=len(self.person) - 1)

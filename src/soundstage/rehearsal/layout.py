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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import library
from ..errors import ScreenplayError
from ..screenplay.model import Blocking, Character, Placement, Prop, Scene, Screenplay
from ..take import Array, Person, Place, Thing, read_only
from .physics import shapes
from .placing import Stage
from .sun import in_set, sun_on_earth

__all__ = ["Layout", "lay_out"]


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
    stage = Stage(
        scene.id,
        kind,
        place,
        things,
        fixed=len(pieces),
        heights={c.id: c.identity.height_m for c in screenplay.cast},
    )
    for n, (_, placement) in enumerate(pieces):
        stage.put_thing(n, placement)
    stage.resolve(props, blocking)
    cast = {c.id: c for c in screenplay.cast}
    return _layout(stage, place, props, blocking, [_person(cast, b.character) for b in blocking])


def _layout(
    stage: Stage, place: Place, props: Sequence[Prop], blocking: Sequence[Blocking], people: Sequence[Person]
) -> Layout:
    still = np.zeros((stage.first_prop, 3))
    for b in blocking:
        if b.gaze not in ("camera", "ahead") and b.gaze not in stage.spots:
            raise ScreenplayError(
                f"blocking → {b.character} → gaze: there is no {b.gaze!r} in scene {stage.scene!r}",
                f"choose camera, ahead or one of: {', '.join(sorted(stage.spots))}",
            )
    return Layout(
        things=stage.things,
        thing_position=read_only(stage.position),
        thing_rotation=read_only(stage.rotation),
        thing_velocity=read_only(np.concatenate([still, np.array([p.velocity for p in props]).reshape(-1, 3)])),
        thing_spin=read_only(np.concatenate([still, np.array([p.spin for p in props]).reshape(-1, 3)])),
        people=tuple(people),
        person_position=read_only(np.array([stage.person[b.character][0] for b in blocking]).reshape(-1, 3)),
        person_heading=read_only(np.array([stage.person[b.character][1] for b in blocking])),
        gaze=tuple(b.gaze for b in blocking),
        place=place,
        marks={name: (read_only(spot.position), spot.heading) for name, spot in stage.spots.items()},
    )


def _place(scene: Scene, kind: library.SetKind) -> Place:
    """The place; a sun given by place and time on earth stands where it stood there and names the hour."""
    if scene.lighting not in library.names("lighting"):
        raise ScreenplayError(
            f"scenes → {scene.id} → lighting: there is no {scene.lighting!r}",
            f"choose one of: {', '.join(library.names('lighting'))}",
        )
    hour, elevation, azimuth = str(scene.time_of_day), scene.sun_elevation_deg, scene.sun_azimuth_deg
    if scene.on_earth is not None:
        sun = sun_on_earth(scene.on_earth, f"scenes → {scene.id} → on_earth")
        hour, elevation = sun.time_of_day, round(sun.elevation_deg, 3)
        azimuth = round(in_set(sun.azimuth_deg, scene.on_earth.north_deg), 3)
    return Place(
        set=scene.set,
        time_of_day=hour,
        sun_elevation_deg=elevation,
        sun_azimuth_deg=azimuth,
        weather=scene.weather,
        ambience=scene.ambience,
        ambience_level_db=scene.ambience_level_db,
        ground_material=scene.ground or kind.ground,
        gravity=scene.gravity,
        lighting=scene.lighting,
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


def _person(cast: Mapping[str, Character], name: str) -> Person:
    c = cast.get(name)
    if c is None:
        raise ScreenplayError(
            f"blocking → {name}: there is no such character", f"choose one of: {', '.join(sorted(cast))}"
        )
    return Person(
        id=c.id,
        name=c.name,
        identity=c.identity.model_dump(mode="json"),
        wardrobe=tuple(g.model_dump(mode="json") for g in c.wardrobe),
        voice=c.voice.model_dump(mode="json"),
    )

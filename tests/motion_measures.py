"""Measures of moving bodies, taken from the finished poses alone: each says how wrong something is, in metres."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from motion_stage import BONE, bones, centre_of_mass, skin, skin_of
from soundstage import clock
from soundstage.body import body
from soundstage.rehearsal.layout import Layout
from soundstage.rehearsal.motion import Performance
from soundstage.rehearsal.motion.maths import from_quaternion
from soundstage.take import Thing

Floats = NDArray[Any]
RATE = clock.POSE_RATE
TRUNK = ("hips", "waist", "ribs", "chest", "shoulders", "head")


def at(seconds: float) -> int:
    """Index on the pose grid."""
    return round(seconds * RATE)


def slide(layout: Layout, performance: Performance, start: float, end: float, p: int = 0) -> float:
    """How far skin of the soles that lies on the ground wanders there while its foot is said to stand still."""
    from soundstage.rehearsal.motion.plan import pose

    made = performance.plans[p]
    footing = pose(made).footing
    rows = slice(at(start), at(end), 3)
    poses = bones(layout, performance, p)[rows]
    worst = 0.0
    for foot, side in enumerate("LR"):
        sole = skin_of(layout, ("foot", "toe"), side, p)
        figure = made.who.figure
        sole = sole[figure.body.vertices[sole, 2] < -figure.sole + 0.02 * figure.scale]
        spots = skin(layout, poses, sole, p)
        toes = np.isin(sole, skin_of(layout, ("toe",), side, p))
        planted = footing.planted[foot][rows]
        flat = np.abs(footing.pitch[foot][rows]) < np.radians(1)
        for still, points in ((planted & flat, spots), (planted, spots[:, toes])):
            for run in np.split(np.arange(len(still)), np.flatnonzero(np.diff(still.astype(int))) + 1):
                if len(run) and still[run[0]]:
                    low = (points[run, :, 2] < 0.004)[..., None]
                    least, most = (np.where(low, points[run, :, :2], x).T for x in (np.inf, -np.inf))
                    worst = max(worst, float(np.hypot(*np.maximum(most.max(axis=2) - least.min(axis=2), 0.0)).max()))
    return worst


def outside_support(layout: Layout, performance: Performance, k: int, p: int = 0) -> float:
    """How far the centre of mass is outside what touches the ground at a sample; negative: so far inside."""
    figure = body(layout.people[p].identity)
    vertices = figure.skin(performance.root[k, p], performance.joints[k, p].astype(float))[np.unique(figure.faces)]
    ground = vertices[vertices[:, 2] < 0.02][:, :2]
    centre = centre_of_mass(performance, bones(layout, performance, p)[k : k + 1], p)[0, :2]
    return beyond_hull(centre, ground)


def beyond_hull(point: Floats, points: Floats) -> float:
    """Distance of a point from a hull, negative inside: the greatest over all directions of how far it is ahead."""
    angles = np.linspace(0.0, 2 * np.pi, 360, endpoint=False)
    ways = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return float((ways @ point - (points @ ways.T).max(axis=0)).max())


def seat_gap(layout: Layout, performance: Performance, k: int, seat: int, top: float, p: int = 0) -> float:
    """Height of the lowest skin of hips and thighs over the face of a seat, a thing of the layout."""
    figure = body(layout.people[p].identity)
    vertices = figure.skin(performance.root[k, p], performance.joints[k, p].astype(float))
    used = np.unique(figure.faces)
    main = np.take_along_axis(figure.weight_bones, figure.weights.argmax(axis=1)[:, None], axis=1)[:, 0]
    mine = [n for name, n in BONE.items() if name.startswith(("root", "pelvis", "upperleg"))]
    skin_ = vertices[used[np.isin(main[used], mine)]]
    axes = from_quaternion(np.asarray(layout.thing_rotation[seat], dtype=float))
    local = np.abs((skin_ - layout.thing_position[seat]) @ axes)[:, :2]
    over = (local < np.array(layout.things[seat].size[:2]) / 2).all(axis=1)
    return float(skin_[over][:, 2].min() - top)


def in_thing(
    layout: Layout, performance: Performance, k: int, thing: Thing, at_: Floats, axes: Floats, p: int = 0
) -> float:
    """How deep any skin is in a part of a thing made of boxes."""
    figure = body(layout.people[p].identity)
    vertices = figure.skin(performance.root[k, p], performance.joints[k, p].astype(float))[np.unique(figure.faces)]
    local = (vertices - at_) @ axes
    deepest = 0.0
    for part in thing.params.get("parts", ()):
        inside = np.array(part["size"]) / 2 - np.abs(local - np.array(part["position"]))
        deepest = max(deepest, float(inside.min(axis=1).max()))
    return deepest


def capsules(layout: Layout, poses: Floats, p: int = 0) -> dict[str, tuple[Floats, Floats, float]]:
    """Ends (T, 3) and radius of every capsule of a body."""
    figure = body(layout.people[p].identity)
    out = {}
    for c in figure.capsules:
        moved = poses[:, c.bone]
        ends = [moved[:, :3, :3] @ (np.asarray(e) - figure.heads[c.bone]) + moved[:, :3, 3] for e in (c.p0, c.p1)]
        out[c.name] = (ends[0], ends[1], float(c.radius))
    return out


def arms_in_trunk(layout: Layout, performance: Performance, rows: slice, p: int = 0) -> float:
    """How deep the axis of a forearm or hand comes into the flesh of trunk or head, both taken as capsules."""
    found = capsules(layout, bones(layout, performance, p)[rows], p)
    worst = -np.inf
    for side in "LR":
        for name in (f"forearm.{side}", f"hand.{side}"):
            a, b, _ = found[name]
            for other in TRUNK:
                c, d, thick = found[other]
                part = np.linspace(0.25 if name.startswith("forearm") else 0.0, 1.0, 7)
                points = a[:, None] + part[None, :, None] * (b - a)[:, None]
                along = (d - c)[:, None]
                u = np.einsum("tni,tni->tn", points - c[:, None], np.broadcast_to(along, points.shape))
                u = np.clip(u / np.maximum((along**2).sum(axis=2), 1e-12), 0.0, 1.0)
                gap = np.linalg.norm(points - c[:, None] - u[..., None] * along, axis=2)
                worst = max(worst, float((thick - gap).max()))
    return worst


def jerks(
    layout: Layout, performance: Performance, start: float, end: float, joints: tuple[float, ...], p: int = 0
) -> float:
    """Greatest acceleration near the joints of an action over the greatest between them."""
    names = [n for n in BONE if n.startswith(("spine", "neck", "head", "root", "upperarm", "lowerarm", "wrist"))]
    points = bones(layout, performance, p)[..., :3, 3][:, [BONE[n] for n in names]]
    push = np.linalg.norm(np.diff(points, 2, axis=0), axis=2).max(axis=1) * RATE**2
    t = np.arange(1, len(points) - 1) / RATE
    near = np.zeros(len(t), dtype=bool)
    for when in joints:
        near |= np.abs(t - when) < 0.06
    inside = (t > start) & (t < end)
    return float(push[near].max() / push[inside & ~near].max())

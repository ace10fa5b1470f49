"""Eyeballs: sclera, iris and pupil on one ball, and a clear wet cornea over it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...body import BONE_INDEX, Body
from .landmarks import face_of
from .patch import Patch

Array = NDArray[Any]

IRIS = 0.405
"""Radius of the iris as part of the eyeball's (MakeHuman's balls are larger than life, the iris is not)."""
SECTORS = 40


def eyeball(body: Body, side: str) -> Patch:
    """One eyeball (slot 0) and its cornea (slot 1), carried by its bone.

    The attribute `eye` holds the place on the eye: to the side and up in parts of the iris' radius, and 1 on the ball
    outside the iris.
    """
    face = face_of(body)
    centre = face.eye_left if side == "L" else face.eye_right
    radius = face.eye_radius * 0.985
    ball, ball_faces, eye = _ball(radius)
    shell, shell_faces = _cornea(radius)
    count = len(ball) + len(shell)
    return Patch(
        vertices=np.concatenate([ball, shell]) + centre,
        faces=(np.concatenate([ball_faces, shell_faces + len(ball)]),),
        slots=(np.repeat([0, 1], [len(ball_faces), len(shell_faces)]).astype(np.int32),),
        bones=np.full((count, 1), BONE_INDEX[f"eye.{side}"]),
        weights=np.ones((count, 1)),
        colours={"eye": np.concatenate([eye, np.zeros((len(shell), 3))])},
    )


def _rings(profile: Array) -> tuple[Array, Array]:
    """A body of revolution about -Y from (radius, y) rows; quads between rings."""
    angle = np.arange(SECTORS) * 2 * np.pi / SECTORS
    circle = np.stack([np.cos(angle), np.zeros(SECTORS), np.sin(angle)], axis=1)
    rings = circle[None] * profile[:, 0, None, None]
    rings[..., 1] = profile[:, 1, None]
    at = np.arange(len(profile) * SECTORS).reshape(len(profile), SECTORS)
    right = np.roll(at, -1, axis=1)
    faces = np.stack([at[:-1], right[:-1], right[1:], at[1:]], axis=-1).reshape(-1, 4)
    return rings.reshape(-1, 3), faces


def _ball(radius: float) -> tuple[Array, Array, Array]:
    """From the pupil outwards over the iris, its step, and round the back."""
    edge = np.arcsin(IRIS)
    iris = IRIS * radius
    r = np.array([0.0, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0]) * iris
    flat = -radius * np.cos(edge) * np.ones(len(r))
    flat += radius * 0.035 * (1.0 - r / iris) + radius * 0.02 * (r < 0.99 * iris)
    back = np.linspace(edge + 0.02, np.pi - 1e-3, 26)
    profile = np.concatenate(
        [np.column_stack([r, flat]), np.column_stack([radius * np.sin(back), -radius * np.cos(back)])]
    )
    vertices, faces = _rings(profile)
    eye = np.column_stack([vertices[:, 0] / iris, vertices[:, 2] / iris, np.zeros(len(vertices))])
    eye[len(r) * SECTORS :, 2] = 1.0
    return vertices, faces, eye


def _cornea(radius: float) -> tuple[Array, Array]:
    """A bulging cap that meets the ball a little outside the iris."""
    rim = np.arcsin(IRIS) * 1.18
    cap = np.linspace(1e-3, 1.0, 12)
    width = radius * np.sin(rim) * np.sin(cap * np.pi / 2) / np.sin(np.pi / 2)
    on_ball = -np.sqrt(radius**2 - width**2)
    bulge = radius * 0.075 * np.clip(1 - (width / (radius * np.sin(rim))) ** 2, 0, 1)
    profile = np.column_stack([width, on_ball - bulge - radius * 0.004])
    return _rings(profile)

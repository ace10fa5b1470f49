"""How far the lids are open while somebody is awake and at rest."""

from __future__ import annotations

import numpy as np

from ...body import FACE_INDEX, Body
from .eyes import IRIS
from .landmarks import face_of

MARGIN = ((20.0, 75.0), (0.60, 0.48))
"""Height of the upper lid's margin over the middle of the pupil, by age, in parts of the iris' radius: a margin reflex
distance of 4 mm is usual, and lids sink by almost 1 mm with age (Murchison et al. 1995)."""
LIMITS = (-0.42, 0.25)
"""Beyond these the action would fold the lid."""


def lid_rest(body: Body, age: float) -> float:
    """The weight of the action eyeBlink… that brings the upper lid where it is in people awake.

    MakeHuman's bodies differ in it: the lids of its men cover the pupil, those of its children leave the iris bare.
    """
    face = face_of(body)
    iris = IRIS * face.eye_radius
    ids = np.unique(body.parts["lash_upper.L"])
    offset = body.vertices[ids] - face.eye_left
    root = np.linalg.norm(offset, axis=1) + 1.0 * (np.abs(offset[:, 0]) > 0.5 * iris)
    margin = ids[np.argsort(root)[:3]]  # lashes grow on it
    shut = np.zeros(len(FACE_INDEX))
    shut[FACE_INDEX["eyeBlinkLeft"]] = 1.0
    now, then = (float((v[margin, 2] - face.eye_left[2]).mean()) for v in (body.vertices, body.with_face(shut)))
    wanted = float(np.interp(age, *MARGIN)) * iris
    return float(np.clip((now - wanted) / max(now - then, 1e-4), *LIMITS))

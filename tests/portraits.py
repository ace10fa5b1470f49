"""Run by test_portraits.py in a process of its own: photographs people's eyes and hair and says what they show.

python portraits.py FOLDER SPOILED < [hour, …]

Prints one line of JSON per picture: mean display colours (0…1) of the parts of an eye, or how lively hair is.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from fakes import fake_pieces, fake_take, look_rotation
from soundstage.body import BONE_INDEX, FACE_INDEX, body
from soundstage.take import Person, Take, read_only
from soundstage.view import View
from test_camera_shoot import pixels

SIZE = (160, 64)
ACROSS_M = 0.15
"""Width of the picture: the eyes and what is round them; an iris is 13 pixels wide."""
AWAY_M = 1.1
SET = {"noon": "park", "sunset": "outdoor_court", "night": "living_room"}
SUN_DEG = {"noon": 215.0, "sunset": 235.0, "night": 300.0}


def person(id: str, age: float, masculinity: float, height_m: float, skin: str, eyes: str, hair: tuple[str, str],
           ancestry: tuple[float, float, float], seed: int) -> Person:  # fmt: skip
    identity = {
        "age": age, "masculinity": masculinity, "height_m": height_m, "muscle": 0.5, "weight": 0.5, "proportions": 0.5,
        "ancestry": dict(zip(("african", "asian", "european"), ancestry, strict=True)), "skin": skin, "eyes": eyes,
        "hair": {"style": hair[0], "colour": hair[1]}, "beard": "none", "face_seed": seed, "left_handed": False,
    }  # fmt: skip
    return Person(id=id, name=id, identity=identity, wardrobe=(), voice={})


PEOPLE = (
    person("child", 8.0, 0.15, 1.28, "#e8bfa5", "#5b7a92", ("buzz", "#b9935a"), (0, 0, 1), 5),
    person("woman", 25.0, 0.05, 1.70, "#5a3825", "#3a2314", ("buzz", "#14100e"), (1, 0, 0), 7),
    person("man", 45.0, 0.95, 1.80, "#d3a083", "#4f6b4a", ("buzz", "#3b2a1e"), (0, 0, 1), 11),
    person("old", 70.0, 0.1, 1.63, "#e0b094", "#5b7a92", ("bob", "#a8a5a1"), (0, 0, 1), 13),
)


def stand(hour: str) -> Take:
    """Everybody side by side, seen one after another from in front; the last one's hair from beside."""
    take = fake_take(
        things=fake_pieces(SET[hour]) if hour == "night" else [], set_=SET[hour], time_of_day=hour, people=PEOPLE,
        sun_azimuth_deg=SUN_DEG[hour], seconds=0.5, lens_mm=36.0 * AWAY_M / ACROSS_M, focus_m=AWAY_M, f_stop=11.0,
    )  # fmt: skip
    root, camera = np.array(take.person_root), take.camera
    position, rotation = np.array(camera.position), np.array(camera.rotation)
    for n, someone in enumerate(PEOPLE):
        shape = body(someone.identity)
        eyes = shape.heads[[BONE_INDEX["eye.L"], BONE_INDEX["eye.R"]]].mean(axis=0)
        root[:, n] = ((n - 1.5) * 0.9, -0.2, shape.sole_height)
        at = root[0, n] + eyes + ((0.0, 0.0, 0.085) if someone.id == "old" else (0.0, 0.0, 0.0))
        turn = np.radians(-35.0 if someone.id == "old" else 0.0)
        position[n] = at + AWAY_M * np.array([np.sin(turn), -np.cos(turn), 0.02])
        rotation[n] = look_rotation(at - position[n])
    seen = replace(camera, position=read_only(position), rotation=read_only(rotation))
    return replace(take, camera=seen, person_root=read_only(root))


def shown(take: Take, n: int, picture: np.ndarray) -> dict[str, Any]:
    """Mean display colour of the parts of both eyes and the skin under them."""
    from soundstage.camera.people.eyes import IRIS
    from soundstage.camera.people.landmarks import face_of

    shape = body(PEOPLE[n].identity)
    face, view = face_of(shape), View.of(take.camera, n, SIZE)
    iris = IRIS * face.eye_radius

    def at(centre: Any, places: Any) -> np.ndarray:
        offset = np.array([[x, -0.9 * face.eye_radius / iris, z] for x, z in places]) * iris
        spots = np.rint(view.project(take.person_root[0, n] + centre + offset)[:, :2]).astype(int)
        return np.asarray(picture[spots[:, 1], spots[:, 0]] / 255.0)

    ring = np.radians([-60.0, -45.0, -30.0, -150.0, -135.0, -120.0, -10.0, 190.0])  # where no lid covers it
    irises, whites, cheeks = [], [], []
    for centre in (face.eye_left, face.eye_right):
        irises.append(at(centre, [(0.62 * np.cos(a), 0.62 * np.sin(a)) for a in ring]))
        whites.append(at(centre, [(x, z) for x in (-1.5, -1.35, 1.35, 1.5) for z in (-0.1, 0.1)]))
        cheeks.append(at(centre, [(x, z) for x in np.linspace(-2.5, 2.5, 9) for z in (-3.0, 3.2, -2.5)]))
    return {
        "iris": np.concatenate(irises).mean(axis=0).tolist(),
        "white": np.concatenate(whites).mean(axis=0).tolist(),
        "brightest_skin": np.percentile(np.concatenate(cheeks).mean(axis=1), 90).item(),
        "lid": opening(n),
    }


def opening(n: int) -> float:
    """Height of the upper lid's margin over the middle of the pupil at rest, in parts of the iris' radius."""
    from soundstage.camera.people.eyes import IRIS
    from soundstage.camera.people.landmarks import face_of
    from soundstage.camera.people.lids import lid_rest

    shape = body(PEOPLE[n].identity)
    face, strip = face_of(shape), np.unique(shape.parts["lash_upper.R"])
    action = np.zeros(len(FACE_INDEX))
    action[FACE_INDEX["eyeBlinkRight"]] = lid_rest(shape, float(PEOPLE[n].identity["age"]))
    iris = IRIS * face.eye_radius
    middle = strip[np.abs(shape.vertices[strip, 0] - face.eye_right[0]) < 0.5 * iris]
    away = np.linalg.norm(shape.vertices[middle] - face.eye_right, axis=1)
    margin = middle[np.argsort(away)[:3]]
    return float((shape.with_face(action)[margin, 2] - face.eye_right[2]).mean() / iris)


def liveliness(picture: np.ndarray) -> float:
    """How much the brightness of the picture's middle differs over 3 to 10 pixels, in parts of its mean."""
    from scipy.ndimage import gaussian_filter

    grey = picture.astype(float).mean(axis=2)
    band = gaussian_filter(grey, 1.0) - gaussian_filter(grey, 4.0)
    middle = slice(24, 52), slice(40, 120)
    return float(band[middle].std() / grey[middle].mean())


def draped() -> dict[str, float]:
    """Long hair on the child, under the collar: how far to the side it comes, how near the skin (5 % are nearer)."""
    from soundstage.camera.people.flesh import skin_of
    from soundstage.camera.people.hair import grow, styles
    from soundstage.camera.people.hair.head import Head

    shape = body(PEOPLE[0].identity)
    skin = skin_of(shape)
    head = Head(shape, skin.patch, skin.used)
    paths, _ = grow.strands(head, styles.style("long"), np.random.default_rng(1))
    points = paths[::8].reshape(-1, 3)
    points = points[head.local(points)[:, 2] < -2.6]
    _, away = skin.surface.nearest(points)
    aside = float(np.abs(head.local(points)[:, 0]).max())
    return {"aside": aside, "away": float(np.percentile(away, 5)), "points": len(points)}


def spoil() -> None:
    """White eyeballs under corneas like mirrors, lids as they come, hair in one piece that slides into the sleeves."""
    from soundstage.camera.people import build, lids, materials
    from soundstage.camera.people.hair import grow, styles
    from soundstage.camera.people.hair.head import Head

    grow.SHOULDER = 99.0
    Head.clothed = lambda self, points: np.zeros(len(points))
    materials.LID_SHADOW = (0.0, 0.0, 0.0)
    materials.MIRRORED = 12.0
    materials.sclera_colour = lambda identity: (0.85, 0.85, 0.85)
    build.lid_rest = lids.lid_rest = lambda body, age: 0.0
    smooth = {"apart": 0.0, "clump": 0.0, "frizz": 0.0}
    styles.STYLES = {name: replace(style, **smooth) for name, style in styles.STYLES.items()}


def main(folder: Path, spoiled: bool) -> None:
    reports = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    from soundstage.camera.blender.scene import Scene

    settings: dict[str, Any] = {
        "size": SIZE, "samples": 5, "motion_blur": False, "shutter": 0.5, "denoise": True, "view_transform": "AgX",
        "contrast": "None", "exposure_ev": 0.0, "seed": 1,
    }  # fmt: skip
    if spoiled:
        spoil()
    reports.write(json.dumps({"who": "child", "hour": "", **draped()}) + "\n")
    for hour in json.load(sys.stdin):
        take = stand(hour)
        scene = Scene(take, settings, 2)
        for n, someone in enumerate(PEOPLE):
            target = folder / f"{someone.id}_{hour}{'_spoiled' if spoiled else ''}.png"
            scene.render(n, 1, target, ())
            picture = pixels(target)
            found = {"hair": liveliness(picture)} if someone.id == "old" else shown(take, n, picture)
            reports.write(json.dumps({"who": someone.id, "hour": hour, **found}) + "\n")
    reports.flush()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] == "spoiled")

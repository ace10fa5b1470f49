"""Whoever is cast from a file is the same person in every film: the same surface, the same materials, the same face."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from soundstage import director
from soundstage.production import plan, rehearse
from soundstage.screenplay import dump_character
from test_camera_shoot import pixels

WORDS = "Eva, a tall woman of 40 with red hair, many freckles, three moles, rosy cheeks and green glasses"
FILMS = (
    ("Eva waves in a park at sunset", 5),
    ("Ben and Eva stand in a living room at night. Happy Eva in a blue coat laughs.", 77),
)
SABOTAGE: dict[str, dict[str, Any]] = {
    "another nose": {"face_seed": 4},
    "no freckles": {"freckles": 0.0},
    "other eyes": {"eyes": "#3a2314"},
    "moles elsewhere": {"moles": {"count": 3, "seed": 1}},
}
EXPECTED = {
    "another nose": {"shape", "picture"}, "no freckles": {"materials", "picture"}, "other eyes": {"materials"},
    "moles elsewhere": {"materials"},
}  # fmt: skip
NEAR_M = 1e-5
"""Surfaces that differ by less are one; a millionth of a body's height."""
LIKE = 0.002
"""Root mean square difference of two pictures of one face, in parts of full brightness."""


@dataclass(frozen=True)
class Built:
    """What somebody in a Take turned out to be."""

    surface: np.ndarray
    materials: list[Any]
    face: np.ndarray


def unlike(one: Built, other: Built) -> float:
    """Root mean square difference of two pictures, in parts of full brightness."""
    return float(np.sqrt(np.mean((one.face - other.face) ** 2)))


def different(one: Built, other: Built) -> list[str]:
    """What tells two people apart."""
    found = []
    if one.surface.shape != other.surface.shape or np.abs(one.surface - other.surface).max() > NEAR_M:
        found.append("shape")
    if one.materials != other.materials:
        found.append("materials")
    if unlike(one, other) > LIKE:
        found.append("picture")
    return found


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    folder = tmp_path_factory.mktemp("people")
    file = folder / "eva.yaml"
    file.write_text(dump_character(director.cast(WORDS).character), "utf-8")
    takes = []
    for number, (words, seed) in enumerate(FILMS):
        take = rehearse(plan(words, seed=seed, seconds=2, cast=[file]))[0]
        takes.append(folder / f"{number}.npz")
        take.save(takes[-1])
    # Without clothes, which the second film changes: it is the person that is compared.
    orders = [[str(take), "eva", {}] for take in takes] + [[str(takes[0]), "eva", c] for c in SABOTAGE.values()]
    run = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("same_person.py")), str(folder)],
        input=json.dumps(orders), capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(lines) == len(orders), run.stderr[-2000:]
    built = [
        Built(np.load(folder / f"{n}.npy"), line["materials"], pixels(folder / f"{n}.png") / 255.0)
        for n, line in enumerate(lines)
    ]
    return dict(zip(("park", "room", *SABOTAGE), built, strict=True))


def test_a_file_is_one_person_in_two_films(people: dict[str, Built]) -> None:
    assert len(people["park"].surface) > 10_000
    assert different(people["park"], people["room"]) == []


@pytest.mark.parametrize("changed", SABOTAGE)
def test_somebody_a_little_otherwise_is_found_out(people: dict[str, Built], changed: str) -> None:
    assert EXPECTED[changed] <= set(different(people["park"], people[changed]))

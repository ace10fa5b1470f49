"""Clothes: patterns and materials in words and documents, cloth laid flat, patterns that stay on it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

import documents
from portraits import PEOPLE
from soundstage import director, library
from soundstage.body import body
from soundstage.director.frame import Wear
from soundstage.director.reading import read_frame
from soundstage.errors import InputError
from soundstage.production.vocabulary import check_vocabulary
from soundstage.screenplay import Screenplay, dump, json_schema, load

HERE = Path(__file__).parent
WHITE, RED, BLUE, BLACK = "#f2f2ee", "#b81d1a", "#1f4fa8", "#17171a"

# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("prompt", "worn"),
    [
        ("A man in a striped shirt waves.", {"concept": "shirt", "pattern": "stripes"}),
        (
            "A woman in a red and white checked dress walks.",
            {"concept": "dress", "colour": RED, "pattern": "checks", "pattern_colour": WHITE},
        ),
        (
            "A woman wears a blue dress with white polka dots.",
            {"concept": "dress", "colour": BLUE, "pattern": "dots", "pattern_colour": WHITE},
        ),
        ("A man in a plaid shirt laughs.", {"concept": "shirt", "pattern": "plaid"}),
        (
            "A man in a black-and-white striped shirt waves.",
            {"concept": "shirt", "colour": BLACK, "pattern": "stripes", "pattern_colour": WHITE},
        ),
        ("A man in a shirt with vertical stripes waves.", {"concept": "shirt", "pattern": "vertical_stripes"}),
        ("A man in a plain white shirt waves.", {"concept": "shirt", "colour": WHITE, "pattern": "plain"}),
        ("A woman in a silk blouse nods.", {"concept": "blouse", "material": "satin"}),
        ("A man in a leather jacket walks.", {"concept": "jacket", "material": "leather"}),
        ("A man in a blue denim jacket walks.", {"concept": "jacket", "colour": BLUE, "material": "denim"}),
        ("A woman in a wool coat walks.", {"concept": "coat", "material": "wool"}),
        ('A boy in a T-shirt that says "HELLO" waves.', {"concept": "t_shirt", "print_text": "HELLO"}),
        (
            'A girl in a red T-shirt with the words "NO WAY" waves.',
            {"concept": "t_shirt", "colour": RED, "print_text": "NO WAY"},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_words_say_what_is_on_clothes_and_what_they_are_made_of(prompt: str, worn: dict[str, str]) -> None:
    frame = read_frame(prompt, "en")
    (found,) = frame.figures[0].wear
    found.phrase = ""
    assert found == Wear(**worn) and not frame.missed


def test_a_pattern_of_an_outfit_is_on_its_main_parts() -> None:
    worn = {g.kind: g.pattern for g in director.plan("A man in a grey pinstripe suit bows.").cast[0].wardrobe}
    assert worn["suit_jacket"] == worn["trousers"] == "pinstripes" and worn["shirt"] == worn["shoes"] == "plain"


def test_a_material_brings_its_usual_colour_unless_one_is_said() -> None:
    def jacket(prompt: str) -> Any:
        return next(g for g in director.plan(prompt).cast[0].wardrobe if g.kind == "jacket")

    plain, leather = jacket("A man in a jacket walks."), jacket("A man in a leather jacket walks.")
    assert leather.material == "leather" and leather.colour != plain.colour
    assert jacket("A man in a red leather jacket walks.").colour == RED


@pytest.mark.parametrize("colour", ["red", "white", "black", "yellow", "blue"])
def test_what_is_printed_can_be_read(colour: str) -> None:
    from soundstage.colour import linear, luminance

    worn = director.plan(f'A man in a {colour} T-shirt that says "GO" waves.').cast[0].wardrobe
    shirt = next(g for g in worn if g.kind == "t_shirt")
    cloth, ink = (luminance(linear(c)) + 0.05 for c in (shirt.colour, shirt.print_colour or shirt.trim))
    assert shirt.print_text == "GO" and max(cloth, ink) / min(cloth, ink) >= 3.0


# ── the document ────────────────────────────────────────────────────────────────────────────────────────────────────


def patterned(**fields: Any) -> dict[str, Any]:
    document = documents.document()
    document["cast"][0]["wardrobe"][0].update(fields)
    return document


def test_a_pattern_is_read_back_and_says_nothing_where_there_is_none() -> None:
    document = patterned(pattern="checks", pattern_colour="#ffffff", pattern_scale_m=0.02, print_colour="#101010")
    jsonschema.Draft202012Validator(json_schema()).validate(document)
    screenplay = Screenplay.model_validate(document)
    assert load(dump(screenplay)) == screenplay
    assert screenplay.model_dump(mode="json")["cast"][0]["wardrobe"][0]["pattern_scale_m"] == 0.02
    assert "pattern" not in dump(documents.screenplay())


@pytest.mark.parametrize(
    ("fields", "what"),
    [({"pattern_scale_m": 0.0}, "pattern_scale_m"), ({"pattern_colour": "white"}, "pattern_colour")],
)
def test_a_wrong_pattern_is_refused(fields: dict[str, Any], what: str) -> None:
    with pytest.raises(InputError, match=what):
        load(json.dumps(patterned(**fields)))


def test_a_pattern_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match=r"cast\[0\].wardrobe\[0\].pattern") as told:
        check_vocabulary(Screenplay.model_validate(patterned(pattern="stripse")))
    assert "stripes" in str(told.value)


# ── cloth laid flat ─────────────────────────────────────────────────────────────────────────────────────────────────


def stretch(kind: str, person: int) -> np.ndarray:
    """How much longer than on its panel every edge of a garment is (its outer side; trims have no pattern)."""
    from soundstage.camera.people.wardrobe import cloth
    from soundstage.camera.people.wardrobe.dress import MAKERS
    from soundstage.camera.people.wardrobe.measure import Measures
    from soundstage.camera.people.wardrobe.panels import laid_flat

    entry = library.garment(kind)
    m = Measures(body(PEOPLE[person].identity))
    pattern = cloth.Pattern(entry.cut, entry.layer, np.random.default_rng(1))
    patch = laid_flat(m, str(entry.cut["covers"]), MAKERS[str(entry.cut["covers"])](m, pattern))
    found = []
    for block, uv in list(zip(patch.faces, patch.uv, strict=True))[:1]:
        p, q = patch.vertices[block], uv
        for i in range(block.shape[1]):
            j = (i + 1) % block.shape[1]
            found.append(np.linalg.norm(q[:, i] - q[:, j], axis=1) / np.linalg.norm(p[:, i] - p[:, j], axis=1))
    return np.concatenate(found)


@pytest.mark.parametrize("kind", ["t_shirt", "trousers", "skirt", "dress"])
@pytest.mark.parametrize("person", [0, 2])
def test_cloth_is_as_wide_on_its_panel_as_on_the_body(kind: str, person: int) -> None:
    ratio = stretch(kind, person)
    assert 0.93 < np.median(ratio) < 1.07
    assert np.percentile(ratio, 10) > 0.7 and np.percentile(ratio, 90) < 1.25


def test_a_projection_from_the_front_would_not_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from soundstage.camera.people.wardrobe import panels

    monkeypatch.setattr(panels._Tube, "corners", lambda self, corners, middles: corners[..., [0, 2]])
    assert np.percentile(stretch("t_shirt", 2), 10) < 0.5


# ── patterns stay on the cloth ──────────────────────────────────────────────────────────────────────────────────────


def dressed(folder: Path, sabotage: str = "") -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "dressed.py", str(folder), sabotage], cwd=HERE, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, float] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("sabotage", ["", "world"])
def test_a_pattern_goes_with_the_cloth(tmp_path: Path, sabotage: str) -> None:
    found = dressed(tmp_path, sabotage)
    assert found["contrast"] > 0.08, "there are dots to be seen"
    assert found["posed_m"] > 0.1 and found["coordinates"] < 1e-6
    assert (found["picture"] < 0.02) == (not sabotage), found


@pytest.mark.parametrize(("pattern", "colour"), [("plain", RED), ("stripes", "")])
def test_cloth_of_several_colours_is_not_judged_by_one(pattern: str, colour: str) -> None:
    from dataclasses import replace

    from soundstage.review.sightings import top_of

    shirt = {"kind": "t_shirt", "colour": RED, "pattern": pattern}
    assert top_of(replace(PEOPLE[0], wardrobe=(shirt,))) == colour


# ── skin stays under cloth ──────────────────────────────────────────────────────────────────────────────────────────

ACTIONS = ("wave", "sit", "crouch", "run", "cross_arms")
THROUGH_M = 0.004
"""Less than cloth is thick with its folds."""
DRESSES = (
    ("t_shirt", "shorts"),
    ("shirt", "trousers"),
    ("sweater", "jeans"),
    ("dress",),
    ("pyjama_shirt", "pyjama_trousers"),
)


def come_through(kinds: tuple[str, ...], who: str, actions: tuple[str, ...], *, stiff: bool = False) -> float:
    """The largest part of the skin that is to be seen beside the rims of a garment and under it at rest, that comes out
    through the cloth over it; `stiff` hangs the cloth on the hips alone."""
    from motion_stage import bones, solo
    from soundstage.body import BONE_INDEX
    from soundstage.body._kinematics import blend
    from soundstage.camera.people.patch import Anchor, Surface, from_body
    from soundstage.camera.people.wardrobe import cloth, hidden_skin, worn
    from soundstage.camera.people.wardrobe.cuts import Points, distances, pieces
    from soundstage.camera.people.wardrobe.dress import MAKERS
    from soundstage.camera.people.wardrobe.measure import Measures

    shape = body(solo(actions[0], who)[0].people[0].identity)
    m = Measures(shape)
    clothes = worn([{"kind": k, "colour": "#808080", "trim": "#808080", "material": "cotton"} for k in kinds])
    seen, _ = from_body(shape, "body", keep=~hidden_skin(shape, clothes))
    most = 0.0
    for garment in clothes:
        cut = garment.kind.cut
        patch = MAKERS[garment.covers](m, cloth.Pattern(cut, garment.kind.layer, np.random.default_rng(1)))
        surface = Surface(patch.vertices, patch.triangles())
        points = Points(seen.vertices, seen.bones, seen.weights)
        under = np.max([distances(kind, m, c, points).inside for kind, c in pieces(cut)], axis=0) > 0.006
        anchor, _ = surface.nearest(seen.vertices)
        normal = anchor.blend(surface.normals)
        under &= ((seen.vertices - anchor.blend(patch.vertices)) * normal).sum(axis=1) < 0.0
        mine = np.flatnonzero(under)
        anchor = Anchor(anchor.corners[mine], anchor.shares[mine])
        weights = np.eye(patch.bones.shape[1])[0][None] if stiff else patch.weights
        carriers = np.full_like(patch.bones, BONE_INDEX["root"]) if stiff else patch.bones
        for action in actions:
            layout, _, performance = solo(action, who)
            poses = bones(layout, performance)
            for pose in poses[:: max(1, len(poses) // 6)]:
                weighed = np.broadcast_to(weights, patch.weights.shape)
                cloth_at = blend(pose, shape.heads, patch.vertices, carriers, weighed)
                skin_at = blend(pose, shape.heads, seen.vertices[mine], seen.bones[mine], seen.weights[mine])
                normal = anchor.blend(Surface(cloth_at, patch.triangles()).normals)
                normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
                out = ((skin_at - anchor.blend(cloth_at)) * normal).sum(axis=1)
                most = max(most, float((out > THROUGH_M).mean()) if len(out) else 0.0)
    return most


@pytest.mark.parametrize("who", ["adult", "child", "tall"])
@pytest.mark.parametrize("kinds", DRESSES, ids="+".join)
def test_no_skin_comes_through_cloth(kinds: tuple[str, ...], who: str) -> None:
    assert come_through(kinds, who, ACTIONS) < 0.05


def test_cloth_that_does_not_go_with_the_limbs_lets_skin_through() -> None:
    assert come_through(("t_shirt", "shorts"), "adult", ("run", "sit"), stiff=True) > 0.1


# ── what there is to wear ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("person", [0, 1])
@pytest.mark.parametrize("kind", library.names("wardrobe"))
def test_every_garment_fits_every_body(kind: str, person: int) -> None:
    from soundstage.camera.people.wardrobe import cloth
    from soundstage.camera.people.wardrobe.dress import MAKERS
    from soundstage.camera.people.wardrobe.measure import Measures

    entry, shape = library.garment(kind), body(PEOPLE[person].identity)
    pattern = cloth.Pattern(entry.cut, entry.layer, np.random.default_rng(1))
    patch = MAKERS[str(entry.cut["covers"])](Measures(shape), pattern)
    assert np.isfinite(patch.vertices).all() and patch.count > 50
    assert np.allclose(patch.weights.sum(axis=1), 1.0, atol=1e-3)
    low, high = shape.vertices.min(axis=0), shape.vertices.max(axis=0)
    assert (patch.vertices > low - 0.35).all() and (patch.vertices < high + 0.35).all()
    used = np.concatenate([block.ravel() for block in patch.faces])
    assert used.min() >= 0 and used.max() < patch.count


@pytest.mark.parametrize(
    ("prompt", "there", "gone"),
    [
        ("A policewoman waves.", {"shirt", "trousers", "peaked_cap"}, set()),
        ("A police officer in a uniform walks.", {"peaked_cap"}, {"jersey"}),
        ("A player in a red uniform runs.", {"jersey"}, {"peaked_cap"}),
        ("A chef laughs.", {"chef_jacket", "apron", "chef_hat"}, {"shirt"}),
        ("A boy in blue pyjamas yawns.", {"pyjama_shirt", "pyjama_trousers"}, {"shoes", "sneakers"}),
        ("A man in swim trunks jumps.", {"swim_trunks"}, {"shirt", "trousers", "socks", "sneakers"}),
        ("A woman in a swimsuit and a watch waves.", {"swimsuit", "watch"}, {"t_shirt", "jeans", "sneakers"}),
        ("A woman in a black dress and high heels walks.", {"dress", "heels"}, {"socks", "sneakers"}),
        ("A girl with a helmet, a scarf and a yellow backpack walks.", {"helmet", "scarf", "backpack"}, set()),
        ("A worker in a hard hat points.", {"hard_hat"}, {"helmet"}),
        ("Ben watches a ball fall.", set(), {"watch"}),
    ],
)
def test_what_people_in_these_clothes_wear(prompt: str, there: set[str], gone: set[str]) -> None:
    plan = director.plan(prompt)
    kinds = {g.kind for g in plan.cast[0].wardrobe}
    assert there <= kinds and not gone & kinds and not plan.not_understood

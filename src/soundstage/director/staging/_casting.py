"""Who plays it: every figure becomes a character with a body, clothes and a voice of its own."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import library
from ...colour import linear, luminance
from ...screenplay.model import Ancestry, Character, Garment, Identity, Moles, Voice
from ..frame import Figure, Wear
from ._sheet import Settings, facts

SPORT_ACTIONS = {"jump_shot", "free_throw", "shoot"}
LEGIBLE = 3.0
"""Contrast from which on large letters can be read (WCAG 2.1, 1.4.3)."""
INK = {"light": "#f4f2ec", "dark": "#1b1b1f"}
INK_TURNS = 0.3
"""Luminance of cloth from which on dark ink is taken."""
FEMALE_BUILD, MALE_BUILD = 0.06, 0.94


def cast(figures: Sequence[Figure], settings: Settings) -> tuple[dict[str, Character], list[str]]:
    """Characters by id, each unlike the others, and the clothes that the wardrobe does not have.

    Who is one of the `given` characters stays who that is; only clothes can be others, and only if they were named.
    """
    given = {character.id: character for character in settings.given}
    used: dict[str, list[str]] = {"skin": [], "hair": [], "style": [], "top": [], "bottom": [], "variant": []}
    found: dict[str, Character] = {}
    missed: list[str] = []
    for character in (given[f.given] for f in figures if f.given in given):
        for part, value in (("skin", character.identity.skin), ("variant", character.voice.variant)):
            used[part].append(value)
    for figure in copy.deepcopy(list(figures)):
        rng = settings.rng(f"cast/{figure.id}")
        if figure.given in given:
            found[figure.id] = _played(given[figure.given], figure, missed, rng)
            continue
        settle(figure, rng)
        identity = _identity(figure, rng, used, _marks(figure, settings))
        found[figure.id] = Character(
            id=figure.id, name=figure.name or figure.role.replace("_", " "), identity=identity,
            wardrobe=_wardrobe(missed, figure, rng, used), voice=_voice(figure, identity, rng, used),
        )  # fmt: skip
    return found, missed


def _played(character: Character, figure: Figure, missed: list[str], rng: np.random.Generator) -> Character:
    """Somebody from a file, under the id of this film, in the clothes that were named for it."""
    figure.sex = "f" if character.identity.masculinity < 0.5 else "m"
    figure.years = character.identity.age
    wardrobe = character.wardrobe
    if figure.outfit_said or figure.wear or figure.bare:
        wardrobe = _changed(character.wardrobe, figure, missed, rng)
    return character.model_copy(update={"id": figure.id, "wardrobe": wardrobe})


def _changed(
    own: tuple[Garment, ...], figure: Figure, missed: list[str], rng: np.random.Generator
) -> tuple[Garment, ...]:
    """Their own clothes with what was named in place of its parts; an outfit leaves only what is worn on the head."""
    parts = facts("casting")["dresses"]
    named: list[Garment] = []
    for wear in figure.wear:
        named.extend(_garment(missed, wear, report=True))
    kept = [g for g in own if g.kind not in figure.bare]
    if figure.outfit_said:
        kept = [g for g in kept if parts.get(g.kind) in ("head", "eyes")]
    taken = {parts.get(g.kind, "top") for g in named}
    taken |= {"top", "bottom"} if "whole" in taken else {"whole"} if taken & {"top", "bottom"} else set()
    bare = _bare(figure.wear) - {parts.get(g.kind, "top") for g in named}
    chosen = [*named, *(g for g in kept if parts.get(g.kind) not in taken | bare)]
    covered = {parts.get(g.kind, "top") for g in chosen} | bare
    missing = {"top", "bottom"} - covered if "whole" not in covered else set()
    for g in _wardrobe([], figure, rng, {}) if missing or figure.outfit_said else ():
        part = parts.get(g.kind)
        if part in missing or (figure.outfit_said and part not in covered):
            chosen.append(g)
    return _in_order(chosen)


def _in_order(garments: list[Garment]) -> tuple[Garment, ...]:
    return tuple(sorted(garments, key=lambda g: (library.garment(g.kind).layer, g.kind)))


def settle(figure: Figure, rng: np.random.Generator) -> None:
    """Decide the sex and years that were left open."""
    ages = facts("casting")["ages"]
    first, second = rng.random(2)
    if not figure.sex:
        figure.sex = "m" if figure.beard else "f" if first < 0.5 else "m"
    if figure.years is None:
        low, high = ages.get(figure.age, ages["young"] if figure.outfit == "sport" else ages["adult"])
        figure.years = round(low + (high - low) * second)


def _pick(rng: np.random.Generator, options: list[Any], used: list[Any]) -> Any:
    """One of the options, of those not yet used if there are any."""
    fresh = [o for o in options if o not in used] or options
    choice = fresh[int(rng.integers(len(fresh)))]
    used.append(choice)
    return choice


def _identity(figure: Figure, rng: np.random.Generator, used: dict[str, list[str]], marks: dict[str, Any]) -> Identity:
    data = facts("casting")
    years = float(figure.years or 30)
    grown, female = years >= 17, figure.sex == "f"
    ancestry = figure.ancestry or str(rng.choice(list(data["ancestry"])))
    people = data["ancestry"][ancestry]
    grey = years >= data["chances"]["grey_from"]
    hair_colour = figure.hair_colour or _pick(rng, data["grey"]["hair"] if grey else people["hair"], used["hair"])
    style = figure.hair_style or _hair_style(people, female, years, rng, used)
    beard = figure.beard or _beard(female, years, rng, data["chances"]["beard_m"])
    muscle, weight = _build(figure, rng)
    masculinity = FEMALE_BUILD if female else MALE_BUILD
    if not grown:
        masculinity = 0.5 + (masculinity - 0.5) * np.clip((years - 8) / 9, 0.3, 1.0)
    return Identity.model_validate(
        {
            "age": years,
            "masculinity": round(float(masculinity), 3),
            "height_m": _height(figure, years, rng),
            "muscle": muscle,
            "weight": weight,
            "proportions": round(float(rng.uniform(0.5, 0.85)), 2),
            "ancestry": Ancestry(**people["mix"]),
            "skin": figure.skin or _pick(rng, people["skin"], used["skin"]),
            "eyes": figure.eyes or str(rng.choice(people["eyes"])),
            "hair": {"style": style, "colour": hair_colour},
            "beard": beard,
            "face_seed": int(rng.integers(1, 1_000_000)),
            "left_handed": rng.random() < data["chances"]["left_handed"]
            if figure.left_handed is None
            else figure.left_handed,
            **marks,
        }
    )


def _marks(figure: Figure, settings: Settings) -> dict[str, Any]:
    """Of the skin, those that were asked for; drawn apart, so that they change nothing else of anybody."""
    said = {name: getattr(figure, name) for name in ("freckles", "redness", "wrinkles")}
    marks: dict[str, Any] = {name: level for name, level in said.items() if level is not None}
    if figure.moles:
        seed = int(settings.rng(f"moles/{figure.id}").integers(1, 1_000_000))
        marks["moles"] = Moles(count=figure.moles, seed=seed)
    return marks


def _hair_style(
    people: dict[str, Any], female: bool, years: float, rng: np.random.Generator, used: dict[str, list[str]]
) -> str:
    if not female and years >= 60 and rng.random() < facts("casting")["chances"]["old_bald_m"]:
        return "balding"
    if female and years >= 60:
        return str(_pick(rng, ["short", "bob", "bun", "curly"], used["style"]))
    return str(_pick(rng, people["hair_f" if female else "hair_m"], used["style"]))


def _beard(female: bool, years: float, rng: np.random.Generator, chance: float) -> str:
    draw, kind = rng.random(), rng.choice(["stubble", "full", "moustache"], p=[0.6, 0.3, 0.1])
    return "none" if female or years < 20 or draw > chance else str(kind)


def _build(figure: Figure, rng: np.random.Generator) -> tuple[float, float]:
    """Muscle and weight."""
    muscle, weight = 0.5, 0.48
    if figure.outfit == "sport":
        muscle, weight = 0.68, 0.45
    muscle, weight = {
        "slim": (0.42, 0.24), "heavy": (0.45, 0.82), "muscular": (0.85, 0.52), "": (muscle, weight),
    }.get(figure.build, (muscle, weight))  # fmt: skip
    jitter = rng.uniform(-0.04, 0.04, 2)
    return round(float(muscle + jitter[0]), 3), round(float(weight + jitter[1]), 3)


def _height(figure: Figure, years: float, rng: np.random.Generator) -> float:
    if figure.height_m is not None:
        return float(np.clip(figure.height_m, 0.7, 2.3))
    data = facts("casting")["height"]
    draw = float(np.clip(rng.standard_normal(), -1.2, 1.2))
    if years < 18:
        height = float(np.interp(years, data["child_years"], data[f"child_{figure.sex}"])) * (1 + 0.025 * draw)
    else:
        adult = data[f"adult_{figure.sex}"]
        height = adult["mean"] + adult["spread"] * draw
        height -= data["old_loss"] * float(np.clip((years - 50) / 30, 0, 1))
        if figure.outfit == "sport" and not figure.height:
            height += data["word_tall"]
    height += {"tall": data["word_tall"], "short": data["word_short"]}.get(figure.height, 0.0)
    return round(float(np.clip(height, 0.7, 2.3)), 2)


def _wardrobe(
    missed: list[str], figure: Figure, rng: np.random.Generator, used: dict[str, list[str]]
) -> tuple[Garment, ...]:
    """The outfit of the occasion, with what was described in place of its parts."""
    data = facts("casting")
    described = {data["dresses"].get(w.concept, "top"): w for w in figure.wear}
    chosen: list[Garment] = []
    outfit = _outfit(figure)
    main = data["outfit_main"].get(outfit, data["outfit_main"]["other"])
    bare = _bare(figure.wear) - set(described)
    for concept, colours, *pattern in data["outfit"][outfit]:
        part = data["dresses"][concept]
        drawn = _pick(rng, colours, used.get(part, []))
        if figure.outfit_colour and part in main:
            drawn = figure.outfit_colour
        if part in described or part in bare or (part in ("top", "bottom") and "whole" in described):
            continue
        worn = Wear(concept=concept, colour=drawn, pattern=pattern[0] if pattern else "")
        if (cloth := figure.outfit_cloth) is not None and part in main:
            worn.material, worn.pattern_colour = cloth.material, cloth.pattern_colour
            worn.pattern = cloth.pattern or worn.pattern
        chosen.extend(_garment(missed, worn, report=False))
    for wear in described.values():
        chosen.extend(_garment(missed, wear, report=True))
    return _in_order(chosen)


def _bare(wear: Sequence[Wear]) -> set[str]:
    """Parts of the body that stay bare with what is worn."""
    without = facts("casting")["without"]
    return {part for w in wear for part in without.get(w.concept, ())}


def _outfit(figure: Figure) -> str:
    if figure.outfit:
        return figure.outfit
    years = figure.years or 30
    if years < 13:
        return "child"
    return f"{'old' if years >= 62 else 'casual'}_{figure.sex}"


def _garment(missed: list[str], wear: Wear, *, report: bool) -> list[Garment]:
    """The garment, or the nearest that the wardrobe has; none if it has nothing near."""
    there = library.names("wardrobe")
    data = facts("casting")
    options = [wear.concept, *data["instead"].get(wear.concept, [])]
    kind = next((k for k in options if k in there), None)
    if kind is None:
        if report:
            missed.append(wear.phrase or wear.concept.replace("_", " "))
        return []
    entry = library.garment(kind)
    material = wear.material or entry.material
    dye = data["dyes"].get(material, entry.colour) if material != entry.material else entry.colour
    colour = wear.colour or dye
    kept = colour == entry.colour or "lens" in entry.cut  # green sunglasses have green frames
    trim = entry.trim if kept else shade(colour, 0.75)
    text = wear.print_text[:24]
    return [
        Garment(
            kind=kind, colour=colour, trim=trim, material=material, print_text=text,
            print_colour=_legible(colour, trim) if text else None,
            pattern=wear.pattern or "plain", pattern_colour=wear.pattern_colour or None,
        )
    ]  # fmt: skip


def _legible(colour: str, trim: str) -> str | None:
    """The colour of what is printed on cloth: the trim's (None) where that stands out, else white or black ink."""
    cloth, own = (luminance(linear(c)) + 0.05 for c in (colour, trim))
    if max(cloth, own) / min(cloth, own) >= LEGIBLE:
        return None
    return INK["light"] if cloth < INK_TURNS else INK["dark"]


def shade(colour: str, factor: float) -> str:
    """A darker (factor < 1) or lighter tone of a colour."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    toned = [round(p * factor if factor <= 1 else 255 - (255 - p) / factor) for p in parts]
    return "#" + "".join(f"{min(255, max(0, p)):02x}" for p in toned)


def _voice(figure: Figure, identity: Identity, rng: np.random.Generator, used: dict[str, list[str]]) -> Voice:
    years, female = identity.age, figure.sex == "f"
    kind = "girl" if female else "boy"
    if years >= 15:
        kind = ("old_" if years >= 62 else "") + ("woman" if female else "man")
    data = facts("casting")["voice"][kind]
    variant = _pick(rng, data["variants"], used["variant"])
    pitch, spread, wpm, formant = (rng.uniform(*data[k]) for k in ("pitch", "range", "wpm", "formant"))
    deeper = {"deep": -12, "high": 14}.get(figure.voice, 0)
    return Voice(
        engine="espeak", variant=variant, pitch=int(np.clip(round(pitch) + deeper, 0, 99)), pitch_range=round(spread),
        words_per_minute=round(wpm), formant_scale=round(float(formant), 3),
    )  # fmt: skip

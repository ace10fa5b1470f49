"""A screenplay in short sentences: what will happen, for people to read before anything is rendered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..screenplay import Beat, Character, Identity, Line, Outcome, Prop, Scene, Screenplay, When


def understood(screenplay: Screenplay) -> tuple[str, ...]:
    """One line per place, person, group of things, deed and line; in the order of the film."""
    return tuple(line for scene in screenplay.scenes for line in _scene(screenplay, scene))


def person(c: Character) -> str:
    """One line that says who somebody is and what they wear."""
    who, wear = c.identity, ", ".join(_words(g.kind) for g in c.wardrobe) or "underwear"
    sex = "female" if who.masculinity < 0.5 else "male"
    traits = [sex, f"{who.age:g} years", f"{who.height_m:.2f} m", f"{_words(who.hair.style)} hair", *_marks(who)]
    return f"person: {c.name or c.id}, {', '.join(traits)}, wears {wear}"


def _marks(who: Identity) -> Iterator[str]:
    """What marks a face, where the document says something of it."""
    if who.freckles:
        yield f"freckles {who.freckles:g}"
    if who.moles.count:
        yield f"{who.moles.count} mole{'s' if who.moles.count > 1 else ''}"
    if who.redness:
        yield f"redness {who.redness:g}"
    if who.wrinkles is not None:
        yield f"wrinkles {who.wrinkles:g}"


def _scene(sp: Screenplay, scene: Scene) -> Iterator[str]:
    ground = f", ground of {_words(scene.ground)}" if scene.ground else ""
    yield f"place: {_words(scene.set)}{ground}, {scene.time_of_day}, {scene.weather}, {scene.seconds:g} s"
    names = {c.id: c.name or c.id for c in sp.cast}
    present = {b.character: b for b in sp.blocking if b.scene == scene.id}
    for c in sp.cast:
        if c.id in present:
            yield person(c)
    props = [p for p in sp.props if p.scene == scene.id]
    for (kind, material), count in Counter((p.kind, p.material) for p in props).items():
        several = f"{count} × " if count > 1 else ""
        yield f"thing: {several}{_words(kind)} of {_words(material)}{_where(props, kind, names)}"
    for beat in (b for b in sp.beats if b.scene == scene.id):
        yield f"deed: {_deed(beat, names)}"
    for line in (x for x in sp.lines if x.scene == scene.id):
        yield f"line: {_line(line, names)}"


def _where(props: list[Prop], kind: str, names: dict[str, str]) -> str:
    places = {(p.placement.relation, p.placement.target) for p in props if p.kind == kind}
    if len(places) != 1:
        return ""
    relation, target = places.pop()
    return "" if relation == "free" else f", {_words(relation)} {names.get(target, _words(target))}"


def _deed(beat: Beat, names: dict[str, str]) -> str:
    words = [names.get(beat.actor, _words(beat.actor)), _words(beat.action)]
    words += [names.get(n, _words(n)) for n in (beat.prop, beat.target) if n]
    text = " ".join([*words, *map(_words, beat.manner)])
    return f"{text}{_when(beat.when)}{_outcome(beat.outcome)}"


def _line(line: Line, names: dict[str, str]) -> str:
    mood = "" if line.mood == "neutral" else f" ({line.mood})"
    return f"{names[line.speaker]} says{mood}: “{line.text}”{_when(line.when)}"


def _when(when: When) -> str:
    after = f"{when.offset_s:+.1f} s"
    if when.anchor == "start":
        return f", at {when.offset_s:.1f} s"
    if when.anchor == "contact":
        return f", {after} from when {_words(when.of)} first touches something"
    return f", {after} from the {when.anchor.rpartition('_')[2]} of {_words(when.of)}"


def _outcome(outcome: Outcome) -> str:
    if outcome.kind == "none":
        return ""
    via = f" ({', '.join(outcome.via)})" if outcome.via else ""
    return f" → {_words(outcome.kind)}{via}"


def _words(name: str) -> str:
    return name.replace("_", " ")

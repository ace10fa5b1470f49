"""Checks the words of a screenplay against the library: kinds, materials, garments, places, marks and actions."""

from __future__ import annotations

from collections.abc import Iterator

from .. import library
from ..errors import ScreenplayError
from ..screenplay import Character, Document, Screenplay
from ..screenplay.nearest import nearest
from . import actions

VIEWER = ("camera",)
AHEAD = ("camera", "ahead")


def check_vocabulary(document: Document | Screenplay) -> None:
    """Nothing, if every name exists.

    Raises:
        ScreenplayError: the first that does not, with its line (where known), its field and the nearest names.
    """
    read = Document(document, "screenplay") if isinstance(document, Screenplay) else document
    for path, word, what, names in _words(read.screenplay):
        if word not in names:
            raise read.error(path, f"there is no {what} {word!r}", nearest(word, names))


def check_clothes(character: Character, name: str) -> None:
    """As `check_vocabulary`, for the clothes of a character from the file `name`."""
    for path, word, what, names in _clothes("wardrobe", character):
        if word not in names:
            raise ScreenplayError(f"{name}: {path}: there is no {what} {word!r}", nearest(word, names))


Word = tuple[str, str, str, tuple[str, ...]]
"""Path of the field, the word there, what it should name, the names there are."""


def _words(sp: Screenplay) -> Iterator[Word]:
    materials = library.names("materials")
    yield "look.grade", sp.look.grade, "grade", library.names("grades")
    yield "look.style", sp.look.style, "style", library.names("styles")
    for c, character in enumerate(sp.cast):
        yield from _clothes(f"cast[{c}].wardrobe", character)
    for p, prop in enumerate(sp.props):
        yield f"props[{p}].kind", prop.kind, "prop", library.names("props")
        yield f"props[{p}].material", prop.material, "material", materials
    for s, scene in enumerate(sp.scenes):
        yield f"scenes[{s}].set", scene.set, "set", library.names("sets")
        yield f"scenes[{s}].lighting", scene.lighting, "lighting", library.names("lighting")
        if scene.ground:
            yield f"scenes[{s}].ground", scene.ground, "material", materials
        yield f"scenes[{s}].ambience", scene.ambience, "ambience", _ambiences()
    yield from _places(sp)
    yield from _deeds(sp)


def _clothes(path: str, character: Character) -> Iterator[Word]:
    for g, garment in enumerate(character.wardrobe):
        yield f"{path}[{g}].kind", garment.kind, "garment", library.names("wardrobe")
        yield f"{path}[{g}].material", garment.material, "material", library.names("materials")
        yield f"{path}[{g}].pattern", garment.pattern, "pattern", library.names("patterns")


def _ambiences() -> tuple[str, ...]:
    return tuple(dict.fromkeys(library.set_(name).ambience for name in library.names("sets")))


def _marks(sp: Screenplay) -> dict[str, tuple[str, ...]]:
    """Everything that has a place, by scene: people, props, pieces, marks and seats of the set."""
    marks = {}
    for scene in sp.scenes:
        kind = library.set_(scene.set)
        people = [b.character for b in sp.blocking if b.scene == scene.id]
        props = [prop.id for prop in sp.props if prop.scene == scene.id]
        pieces = [str(piece["id"]) for piece in kind.pieces]
        marks[scene.id] = tuple(dict.fromkeys([*people, *props, *pieces, *kind.marks, *kind.seats]))
    return marks


def _places(sp: Screenplay) -> Iterator[Word]:
    marks = _marks(sp)
    for p, prop in enumerate(sp.props):
        if prop.placement.relation != "free":
            yield f"props[{p}].placement.target", prop.placement.target, "thing or mark", marks[prop.scene]
    for b, blocking in enumerate(sp.blocking):
        if blocking.placement.relation != "free":
            path = f"blocking[{b}].placement.target"
            yield path, blocking.placement.target, "thing or mark", marks[blocking.scene]
        yield f"blocking[{b}].gaze", blocking.gaze, "thing or mark to look at", (*marks[blocking.scene], *AHEAD)
    for s, shot in enumerate(sp.shots):
        for n, subject in enumerate(shot.camera.subjects):
            yield f"shots[{s}].camera.subjects[{n}]", subject, "thing or mark", marks[shot.scene]


def _deeds(sp: Screenplay) -> Iterator[Word]:
    marks = _marks(sp)
    props = {prop.id for prop in sp.props}
    for b, beat in enumerate(sp.beats):
        known = actions.of_things() if beat.actor in props else actions.of_people()
        yield f"beats[{b}].action", beat.action, "action", known
        for m, manner in enumerate(beat.manner):
            yield f"beats[{b}].manner[{m}]", manner, "manner", actions.manners()
        for field, word in (("prop", beat.prop), ("target", beat.target)):
            if word:
                yield f"beats[{b}].{field}", word, "thing or mark", (*marks[beat.scene], *AHEAD)

"""What people do, and which meaning of a verb fits its clause."""

from __future__ import annotations

from collections.abc import Callable

from ... import library
from ..frame import Deed
from . import _motions, _pairs, _shots, _strikes, _vessels
from ._clauses import can_act, can_suffer
from ._language import Sense, value
from ._motions import manners, used
from ._people import persons
from ._phrases import Verb
from ._reader import Reader
from ._things import things
from ._where import standing

PEOPLE_ACTIONS = {name for name, entry in library.actions().items() if "release" not in entry and name != "stand"}
POSTURES = {name for name, entry in library.actions().items() if entry.get("support")}
AWAY = {name for name, entry in library.actions().items() if entry.get("away")}
TOWARDS = {"to", "at", "near", "with", "on", "into", "over", "behind", "in_front_of"}


def doers(reader: Reader) -> list[str]:
    """Figures among the clause's subjects."""
    return list(dict.fromkeys(n for s in reader.clause.subjects for n in s.ids if reader.frame.figure(n)))


def act(reader: Reader) -> bool:
    """Make something of the clause's verb; whether that was possible."""
    verb = reader.clause.verb
    if verb is None:
        return False
    return any(_try(reader, sense) for sense in _ranked(reader))


def _ranked(reader: Reader) -> list[Sense]:
    """The verb's meanings, those first that fit who does it and to whom."""
    clause, verb = reader.clause, reader.clause.verb
    assert verb is not None  # for the type checker: the caller has looked

    def fit(sense: Sense) -> float:
        one = Verb(item=verb.item, senses=(sense,))
        points = 2.0 * any(can_act(s, one) for s in clause.subjects) if clause.subjects else 0.0
        points += 1.5 * any(can_suffer(o, one) for o in clause.objects) if clause.objects else 0.0
        if clause.objects and not value(sense).get("whom"):
            points -= 0.5
        return points

    unique = list(dict.fromkeys(Sense(s.cls, s.concept) for s in verb.senses))
    return sorted(unique, key=fit, reverse=True)


def _try(reader: Reader, sense: Sense) -> bool:
    reader.meaning = sense.concept
    handler = _HANDLERS.get(sense.concept)
    if handler is not None:
        return handler(reader, sense)
    if sense.concept in PEOPLE_ACTIONS:
        return person_action(reader, sense)
    return False


def _target(reader: Reader, roles: set[str] = TOWARDS) -> str:
    """Somebody or something an action is turned to."""
    clause = reader.clause
    nouns = [*[o for o in clause.objects if o not in clause.subjects], *[n for n in clause.marked if n.role in roles]]
    for noun in nouns:
        if noun.name or noun.sense("person") or noun.pronoun in ("pronoun_m", "pronoun_f"):
            found = [n for n in persons(reader, noun) if n not in doers(reader)]
            if found:
                return found[0]
        elif noun.pronoun == "pronoun_reciprocal":
            return ""
        elif noun.pronoun == "self_camera":
            reader.note(noun.items, "the camera")
            return "camera"
        elif _shots.part_of(reader, noun):
            reader.note(noun.heads, "the hoop")
            return "hoop"
        elif (
            noun.sense("thing") and noun.role != "with" and not noun.sense("garment")
        ) or noun.pronoun == "pronoun_one":
            found = things(reader, noun)
            if found:
                return found[0]
    return ""


def person_action(reader: Reader, sense: Sense) -> bool:
    """laugh, wave, nod, walk …"""
    names = doers(reader)
    verb = reader.clause.verb
    if not names or (verb is not None and verb.negated):
        return False
    target = _target(reader, TOWARDS | {"from"} if sense.concept in AWAY else TOWARDS)
    _own_sex(reader, names)
    deed = Deed(
        id=reader.new_id(sense.concept), action=sense.concept, actors=names, target=target, manner=manners(reader)
    )
    reader.happen(deed)
    return used(reader, f"{', '.join(names)}: {sense.concept}{f' → {target}' if target else ''}")


def _own_sex(reader: Reader, names: list[str]) -> None:
    """ "shakes her head" tells what she is."""
    verb, figure = reader.clause.verb, reader.frame.figure(names[0])
    if verb is None or figure is None or figure.sex:
        return
    words = reader.language.root.next
    for index in verb.item.tokens[1:]:
        for own in words[reader.tokens[index].text].senses if reader.tokens[index].text in words else ():
            if own.concept == "possessive" and own.feature in ("m", "f"):
                figure.sex = own.feature


def look(reader: Reader, sense: Sense) -> bool:
    """ "watches", "looks at": from the start it is a gaze, later a turn of the head."""
    names = doers(reader)
    if not names:
        return False
    target = _target(reader)
    verb = reader.clause.verb
    if not target and any(n.pronoun == "pronoun_reciprocal" for n in [*reader.clause.objects, *reader.clause.marked]):
        return used(reader, "they look at each other")
    shot = _shots.last_shot(reader)
    if not target and shot is not None and set(names) & set(shot.actors):
        return used(reader, "watches the shot")
    if not target:
        return False
    early = not any(isinstance(h, Deed) and set(h.actors) & set(names) for h in reader.frame.happenings)
    for name in names:
        figure = reader.frame.figure(name)
        if figure is not None and (early or reader.clause.attributive):
            figure.gaze = target
    if not early and verb is not None:
        reader.happen(Deed(id=reader.new_id("look"), action="look_at", actors=names, target=target))
    return used(reader, f"{', '.join(names)} looks at {target}")


def light(reader: Reader, sense: Sense) -> bool:
    """ "takes a shot", "gives a wave", "has a smile": what the noun says is done."""
    if _shots.act_done(reader, sense):
        return True
    for noun in reader.clause.objects:
        entry = value(noun.sense("act"))
        action = entry.get("action", "")
        if action in _pairs.PAIRS and _pairs.together(reader, Sense("verb", action), doers(reader), _target(reader)):
            reader.note(noun.heads, action)
            return True
        if action in PEOPLE_ACTIONS - _pairs.PAIRS and doers(reader):
            deed = Deed(
                id=reader.new_id(action), action=action, actors=doers(reader), target=_target(reader, {"to", "at"})
            )
            deed.manner = manners(reader)
            for item in noun.adjectives:
                if manner := value(item.sense("manner")).get("manner"):
                    deed.manner.append(manner)
                    reader.note(item, f"manner {manner}")
            reader.happen(deed)
            reader.note(noun.heads, action)
            return used(reader, f"{', '.join(deed.actors)}: {action}")
    return False


def throw(reader: Reader, sense: Sense) -> bool:
    """ "throws the ball to Ben", and at a hoop a shot."""
    clause = reader.clause
    if any(_shots.part_of(reader, n) for n in [*clause.marked, *clause.objects]) and (doers(reader) or clause.passive):
        return _shots.shoot(reader, sense)
    if clause.passive and not doers(reader):
        return False
    names = doers(reader)
    thing = _object(reader)
    if not names or not thing:
        return False
    again = ""
    ball = reader.frame.item(thing)
    at_hoop = reader.hoop and sense.concept == "throw" and not _target_of_throw(reader, thing)
    if at_hoop and ball is not None and ball.kind in ("basketball", "ball"):
        return _shots.shoot(reader, sense)  # where there is a hoop, that is what a ball is thrown at
    if any(
        isinstance(h, Deed) and h.action in ("throw", "drop") and h.object == thing for h in reader.frame.happenings
    ):
        reader.cut(same_place=True)  # again: it is back in the hands
        reader.mention(thing)
        again = _earlier_target(reader, thing, names[0])
        for other in reader.frame.figures:
            other.holds = [n for n in other.holds if n != thing]
    figure = reader.frame.figure(names[0])
    if figure is not None and not _has(reader, names[0], thing) and not _held(reader, thing):
        figure.holds.append(thing)
    target = _target_of_throw(reader, thing) or again
    action = "drop" if sense.concept == "drop" else "throw"
    deed = Deed(
        id=reader.new_id(action), action=action, actors=names[:1], object=thing, target=target, manner=manners(reader)
    )
    reader.happen(deed)
    return used(reader, f"{names[0]} {action}s {thing}{f' to {target}' if target else ''}")


def _earlier_target(reader: Reader, thing: str, thrower: str) -> str:
    """What the thing was thrown at in the scene before; thrown back, it goes to whom it came from."""
    for happening in reversed(reader.frames[-2].happenings):
        if isinstance(happening, Deed) and happening.action == "throw" and happening.object == thing:
            back = happening.target == thrower
            target = happening.actors[0] if back else happening.target
            reader.frame.present.add(target)
            return target
    return ""


def _held(reader: Reader, thing: str) -> bool:
    return any(thing in f.holds for f in reader.frame.figures)


def _object(reader: Reader) -> str:
    """What the clause's verb is done to, if hands can do it: nobody lifts furniture."""
    held = [n for d in doers(reader) if (f := reader.frame.figure(d)) for n in f.holds]
    for noun in reader.clause.objects:
        if noun.pronoun == "pronoun_one" and held and reader.meaning in ("throw", "drop", "hold", "put_down"):
            return held[-1]  # "throws it again"
        if noun.sense("thing") or noun.pronoun in ("pronoun_one", "pronoun_many"):
            for name in things(reader, noun):
                item = reader.frame.item(name)
                if item is not None and not library.prop(item.kind).fixed:
                    return name
    return ""


def _target_of_throw(reader: Reader, thing: str) -> str:
    for noun in reader.clause.marked:
        if noun.role not in ("to", "at", "into", "against", "onto", "over"):
            continue
        if noun.name or noun.sense("person") or noun.pronoun in ("pronoun_m", "pronoun_f"):
            return next(iter(persons(reader, noun)), "")
        if noun.sense("thing"):
            return next((n for n in things(reader, noun) if n != thing), "")
    return ""


def drop(reader: Reader, sense: Sense) -> bool:
    """A person lets go; told in the passive, things just fall."""
    if doers(reader):
        return throw(reader, sense)
    return _motions.fall(reader, sense)


def hold(reader: Reader, sense: Sense) -> bool:
    """What is in somebody's hands from the start."""
    names, thing = doers(reader), _object(reader)
    if not names or not thing:
        return False
    figure, item = reader.frame.figure(names[0]), reader.frame.item(thing)
    if figure is None or item is None:
        return False
    if thing not in figure.holds:
        figure.holds.append(thing)
    for noun in reader.clause.marked:
        if noun.role == "in" and noun.sense("bodypart"):
            reader.note(noun.heads, "")
    return used(reader, f"{names[0]} holds {thing}")


def wear(reader: Reader, sense: Sense) -> bool:
    """Clothes were put on when the clause's nouns were read."""
    worn = [n for n in [*reader.clause.objects, *reader.clause.marked] if n.sense("garment") or n.sense("outfit")]
    return used(reader, "wears") if worn and any(i.used for n in worn for i in n.heads) else False


def have(reader: Reader, sense: Sense) -> bool:
    """Hair, a beard, eyes: read with their nouns. Things: held."""
    own = [
        n
        for n in reader.clause.objects
        if n.sense("hair", "beard", "eyes", "skin", "skin_mark", "bodypart", "garment", "voice")
    ]
    if own and any(i.used for n in own for i in n.heads):
        return used(reader, "has")
    return hold(reader, sense) or light(reader, sense)


def stand(reader: Reader, sense: Sense) -> bool:
    """Being there: placements were read with their nouns."""
    nouns = [*reader.clause.subjects, *reader.clause.objects]
    if reader.meaning == "be" and _tells_apart(reader):
        return used(reader, "is")
    for noun in nouns:
        if not noun.ids and not noun.name and (noun.sense("thing") or noun.sense("arrangement")):
            things(reader, noun)
    standing(reader)
    if any(n.pronoun == "pronoun_reciprocal" for n in [*reader.clause.marked, *reader.clause.objects]):
        reader.note(
            [i for n in reader.clause.marked if n.pronoun == "pronoun_reciprocal" for i in n.items], "each other"
        )
    verb = reader.clause.verb
    return used(reader, "is there") if not (verb and verb.negated) else False


def push(reader: Reader, sense: Sense) -> bool:
    """What stands in a row or a pile is set off; whose hand does it is not seen."""
    names = [n for o in reader.clause.objects for n in things(reader, o)]
    items = [i for n in names if (i := reader.frame.item(n))]
    if any(i.count > 1 and (i.kind == "domino" or i.arrangement) for i in items):
        return _strikes.knock_over(reader, sense)
    if _motions.subject_items(reader) and items:
        return _strikes.hit(reader, sense)
    return False


def sit(reader: Reader, sense: Sense) -> bool:
    """Things may be said to sit somewhere; people sit on something, from the start or once they have sat down."""
    if not doers(reader):
        return stand(reader, sense)
    on = [n for n in reader.clause.marked if n.role in ("on", "in", "at", "onto", "into", "down") and n.sense("thing")]
    found = [i for n in on for name in things(reader, n) if (i := reader.frame.item(name)) is not None]
    seats = [i.id for i in found if "seat_height" in library.prop(i.kind).params]
    low = [n for n in reader.clause.marked if n.role in ("on", "in", "onto", "down") and n.sense("surface")]
    if low and not found:
        for noun in low:
            reader.note(noun.heads, "the ground")
        return posture(reader, Sense("verb", "sit_on_ground"), "", sense.concept == "sit")
    if found and not seats:
        reader.leave(reader.clause.verb.item if reader.clause.verb else on[0].heads[0])
        return False
    for seat in found:
        if seat.count > 1 and not seat.counted:
            seat.count = len(doers(reader))
    return posture(reader, Sense("verb", "sit"), seats[0] if seats else "", sense.concept == "sit")


def kneel_or_crouch(reader: Reader, sense: Sense) -> bool:
    """Into a posture that needs nothing but the ground."""
    return posture(reader, sense, "", state=False)


def pick_up(reader: Reader, sense: Sense) -> bool:
    """Something that lies there is taken into the hands; "from the table" tells where it lies."""
    names, thing = doers(reader), _object(reader)
    verb, item = reader.clause.verb, reader.frame.item(thing)
    if not names or item is None or (verb is not None and verb.negated) or _held(reader, thing):
        return False
    for noun in reader.clause.marked:
        if noun.role in ("from", "off", "on") and noun.sense("surface"):
            reader.note(noun.heads, "the ground")
        elif noun.role in ("from", "off", "on") and noun.sense("thing") and not item.relation:
            found = [n for n in things(reader, noun) if n != thing]
            if found:
                item.relation, item.target = "on", found[0]
    last = reader.frame.happenings[-1] if reader.frame.happenings else None
    if isinstance(last, Deed) and last.action in ("crouch", "kneel") and last.actors == names[:1]:
        reader.frame.happenings.remove(last)  # "crouches and picks up": it is one movement
    deed = Deed(
        id=reader.new_id("pick_up"), action="pick_up", actors=names[:1], object=thing, manner=manners(reader)
    )  # fmt: skip
    reader.happen(deed)
    return used(reader, f"{names[0]} picks up {thing}")


def put_down(reader: Reader, sense: Sense) -> bool:
    """What somebody holds or has picked up is put on the ground, or on something."""
    names, thing = doers(reader), _object(reader)
    verb, figure = reader.clause.verb, reader.frame.figure(names[0]) if names else None
    if figure is None or not thing or (verb is not None and verb.negated):
        return False
    if not _has(reader, names[0], thing):
        if any(isinstance(h, Deed) and h.object == thing for h in reader.frame.happenings) or _held(reader, thing):
            return False
        figure.holds.append(thing)
    target = ""
    for noun in reader.clause.marked:
        if noun.role in ("on", "onto", "down") and noun.sense("surface"):
            reader.note(noun.heads, "the ground")
        elif noun.role in ("on", "onto", "down") and noun.sense("thing"):
            target = next((n for n in things(reader, noun) if n != thing), target)
    deed = Deed(
        id=reader.new_id("put_down"), action="put_down", actors=names[:1], object=thing, target=target,
        manner=manners(reader),
    )  # fmt: skip
    reader.happen(deed)
    return used(reader, f"{names[0]} puts {thing} down{f' on {target}' if target else ''}")


def _has(reader: Reader, person: str, thing: str) -> bool:
    """Somebody has it in the hands: from the start, or since they picked it up."""
    figure = reader.frame.figure(person)
    taken = [
        h for h in reader.frame.happenings
        if isinstance(h, Deed) and h.object == thing and h.action in ("pick_up", "put_down", "throw", "drop")
    ]  # fmt: skip
    if taken:
        return taken[-1].action == "pick_up" and person in taken[-1].actors
    return figure is not None and thing in figure.holds


def cry(reader: Reader, sense: Sense) -> bool:
    """Tears, unless something is said: then it is called out."""
    if any(i.said for i in reader.items):
        return False
    last = next((h for h in reversed(reader.frame.happenings) if isinstance(h, Deed)), None)
    if last is not None and last.action == "cry" and last.actors == doers(reader):  # "hides her face and cries"
        return used(reader, "cries")
    return person_action(reader, sense)


def drink(reader: Reader, sense: Sense) -> bool:
    """From what is held, or taken up for it."""
    return _vessels.drink(reader, sense, doers(reader))


def together(reader: Reader, sense: Sense) -> bool:
    """By two at once."""
    return _pairs.together(reader, sense, doers(reader), _target(reader))


def posture(reader: Reader, sense: Sense, target: str, state: bool) -> bool:
    """A posture is taken; told as a `state` of somebody who has done nothing yet, they are in it from the start."""
    names = doers(reader)
    verb = reader.clause.verb
    if not names or (verb is not None and verb.negated):
        return False
    _own_sex(reader, names)
    done = [h for h in reader.frame.happenings if isinstance(h, Deed) and set(h.actors) & set(names)]
    same = [h for h in done if h.action == sense.concept]
    if state and same and not target:
        return used(reader, f"{', '.join(names)} still: {sense.concept}")
    ing = verb is not None and any(s.feature == "ing" for s in verb.item.senses)
    deed = Deed(
        id=reader.new_id(sense.concept), action=sense.concept, actors=names, target=target, manner=manners(reader),
        already=not done and (state or ing),
    )  # fmt: skip
    reader.happen(deed)
    return used(reader, f"{', '.join(names)}: {sense.concept}{f' on {target}' if target else ''}")


def stand_up(reader: Reader, sense: Sense) -> bool:
    """Back to standing; who has not sat down before sits from the start."""
    names = doers(reader)
    verb = reader.clause.verb
    if not names or (verb is not None and verb.negated):
        return False
    down = [
        h for h in reader.frame.happenings
        if isinstance(h, Deed) and set(h.actors) & set(names) and h.action in (*POSTURES, "stand_up")
    ]  # fmt: skip
    if not down or down[-1].action == "stand_up":
        if any(isinstance(h, Deed) and set(h.actors) & set(names) for h in reader.frame.happenings):
            return False  # they stand already
        froms = [n for n in reader.clause.marked if n.role in ("from", "off") and n.sense("thing")]
        seats = [
            name for n in froms for name in things(reader, n)
            if (i := reader.frame.item(name)) and "seat_height" in library.prop(i.kind).params
        ]  # fmt: skip
        deed = Deed(id=reader.new_id("sit"), action="sit", actors=names, target=next(iter(seats), ""), already=True)
        reader.happen(deed)
    reader.happen(Deed(id=reader.new_id("stand_up"), action="stand_up", actors=names, manner=manners(reader)))
    return used(reader, f"{', '.join(names)}: stand_up")


def _tells_apart(reader: Reader) -> bool:
    """ "two balls …: one is a golf ball, the other is a basketball": the group becomes what is said."""
    clause = reader.clause
    subject, named = next(iter(clause.subjects), None), next(iter(clause.objects), None)
    if subject is None or named is None or subject.pronoun not in ("first_of", "other_of") or not named.sense("thing"):
        return False
    group = next((i for i in reversed(reader.frame.items) if i.count > 1 or i.id in reader.split), None)
    new = things(reader, named)
    if group is None or not new or group.id in new:
        return False
    reader.split.add(group.id)
    reader.note(subject.items, f"one of them is {new[0]}")
    group.count -= 1
    for deed in reader.frame.happenings:
        if isinstance(deed, Deed) and group.id in deed.actors and new[0] not in deed.actors:
            deed.actors.append(new[0])
            if group.count == 0:
                deed.actors.remove(group.id)
    if group.count == 0:
        reader.frame.items.remove(group)
        reader.things.remove(group.id)
    return True


def talk(reader: Reader, sense: Sense) -> bool:
    """Talking needs words: only what is quoted can be spoken."""
    clause = reader.clause
    spoken = any(i.said for i in reader.items)
    _target(reader)
    if spoken and doers(reader) and not clause.negated_verb:
        return used(reader, "they talk")
    return False


_HANDLERS: dict[str, Callable[[Reader, Sense], bool]] = {
    "shoot": _shots.shoot, "jump_shot": _shots.shoot, "score": _shots.result, "swish": _shots.result,
    "bank_in": _shots.result, "miss": _shots.result, "fall_short": _shots.result, "rim_out": _shots.result,
    "airball": _shots.result, "make_shot": _shots.act_done, "light": light, "fall": _motions.fall,
    "bounce": _motions.bounce, "roll": _motions.roll, "slide": _motions.roll, "spin": _motions.spin,
    "hit": _strikes.hit, "topple": _strikes.topple, "collapse": _strikes.topple, "knock_over": _strikes.knock_over,
    "stop": _motions.stop, "go": _motions.bounce, "fly": _motions.bounce, "drop": drop, "throw": throw, "hold": hold,
    "wear": wear, "have": have, "stand": stand, "be": stand, "exist": stand, "sit": sit, "sit_down": sit, "cry": cry,
    **dict.fromkeys(_pairs.PAIRS, together), "drink": drink, "pick_up": pick_up, "put_down": put_down,
    "stand_up": stand_up, **dict.fromkeys(POSTURES - {"sit"}, kneel_or_crouch), "talk": talk, "look_at": look,
    "make_of": stand, "push": push, "follow": _motions.stop, "name": stand,
}  # fmt: skip

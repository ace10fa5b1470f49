"""Building a person: armature, skin, eyes, mouth, hair, clothes."""

from __future__ import annotations

from ...body import Body
from ...take import Person
from .armature import make_armature
from .beard import TINT
from .flesh import make_flesh, skin_of
from .hair import make_hair, style
from .lids import lid_rest
from .rig import PersonRig
from .wardrobe import dress, hidden_skin, under_hat, worn


def build_person(person: Person, body: Body) -> PersonRig:
    """The person standing in the scene in rest pose, ready to be keyed.

    >>> rig = build_person(person, body(person.identity))         # doctest: +SKIP
    >>> for frame, k in enumerate(samples):                       # doctest: +SKIP
    ...     rig.key(frame, take.person_root[k, p], take.person_joints[k, p], take.person_face[k, p])
    """
    armature = make_armature(person.id, body)
    skin = skin_of(body)
    garments = worn(person.wardrobe, camisole=float(person.identity["masculinity"]) < 0.6)
    hidden = hidden_skin(body, garments)
    objects = make_flesh(
        person.id,
        person.identity,
        body,
        skin,
        armature,
        hidden=hidden,
        tints=(style(person.identity["hair"]["style"]).tint, TINT[person.identity["beard"]]),
    )
    objects += make_hair(person.id, person.identity, body, skin, armature, under_hat=under_hat(garments))
    objects += dress(person.id, body, garments, armature, int(person.identity["face_seed"]))
    return PersonRig(armature=armature, objects=tuple(objects), lid_rest=lid_rest(body, float(person.identity["age"])))

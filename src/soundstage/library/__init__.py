"""What exists: materials, props, sets, garments, lamps. All facts of a thing, to eye, ear and touch, stand together.

The facts are data (`data/*.toml`); this module only reads them into frozen records. Adding a material, a prop, a set
or a garment is adding an entry there.
"""

from ._entries import (
    Garment,
    Material,
    Pattern,
    PropKind,
    SetKind,
    actions,
    gaits,
    garment,
    grade,
    material,
    names,
    pattern,
    prop,
    set_,
    style,
)
from ._lighting import Flag, Lamp, Lighting, lighting

__all__ = [
    "Flag",
    "Garment",
    "Lamp",
    "Lighting",
    "Material",
    "Pattern",
    "PropKind",
    "SetKind",
    "actions",
    "gaits",
    "garment",
    "grade",
    "lighting",
    "material",
    "names",
    "pattern",
    "prop",
    "set_",
    "style",
]

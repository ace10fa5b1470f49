"""What exists: materials, props, sets, garments. The physical, visual and acoustic facts of a thing stand together.

The facts are data (`data/*.toml`); this module only reads them into frozen records. Adding a material, a prop, a set
or a garment is adding an entry there.
"""

from ._entries import Garment, Material, PropKind, SetKind, garment, material, names, prop, set_

__all__ = ["Garment", "Material", "PropKind", "SetKind", "garment", "material", "names", "prop", "set_"]

"""Scattered parts of a picture, rendered in one go.

Every call of the renderer costs time of its own: with motion blur all that moves is deformed anew for each. So the
rectangles that hold the parts are packed into one small picture, whose camera sends the ray of each of its pixels
where the pixel belongs in the whole, and none at all for pixels that nobody needs. Cycles lets a camera be written in
Open Shading Language; this one is the pinhole with a thin lens that the scene's own camera is. Where that is not to
be had (devices other than the CPU and OptiX) each rectangle is rendered alone.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from ..changes import Rect
from ..packing import Size, Spot, pack
from ..pictures import write_png
from . import pixels

Array = NDArray[Any]

_SHADER = """\
shader atlas(output point position = 0.0, output vector direction = 0.0, output color throughput = 1.0)
{{
  point raster = camera_shader_raster_position();
  float x = raster.x * {width}, y = {height} - raster.y * {height};
  float across = 0.0, down = 0.0;
  int found = 0;
{cases}
  float needed = texture("{mask}", raster.x, 1.0 - raster.y, "interp", "closest", "wrap", "black");
  if (!found || needed < 0.5) {{
    throughput = color(0.0);
    return;
  }}
  float focus = 1.0;
  getattribute("cam:focal_distance", focus);
  getattribute("cam:aperture_position", position);
  direction = normalize(vector(across * {scale:.9g}, -down * {scale:.9g}, 1.0) * focus - position);
}}
"""
_CASE = """\
  if (x >= {x0} && x < {x1} && y >= {y0} && y < {y1}) {{ across = x + {right}; down = y + {below}; found = 1; }}
"""


def render(camera: Any, rects: Sequence[Rect], needed: Array, seed: int, *, together: bool = True) -> list[Array]:
    """Pixels of each rectangle of the picture, as they would be written to a file; black where none is needed.

    `needed` is bool (height, width), of the whole picture. Where rays cannot be sent one by one, all is rendered.
    """
    if not rects or not together or not possible(camera):
        return [pixels.render(seed, rect) for rect in rects]
    spots, size = pack([(x1 - x0, y1 - y0) for x0, y0, x1, y1 in rects])
    mask = np.zeros((size[1], size[0]), dtype=np.uint8)
    for (x, y), (x0, y0, x1, y1) in zip(spots, rects, strict=True):
        mask[y : y + y1 - y0, x : x + x1 - x0] = 255 * needed[y0:y1, x0:x1]
    lens, picture = camera.data, bpy.context.scene.render
    whole = picture.resolution_x, picture.resolution_y
    kind = lens.type
    with tempfile.TemporaryDirectory(prefix="soundstage-atlas-") as folder:
        # A new folder for each: the renderer remembers what files of a name held.
        path = Path(folder) / "needed.png"
        write_png(path, np.repeat(mask[..., None], 3, axis=2))
        code = _compiled(_source(rects, spots, size, whole, lens.sensor_width / lens.lens, path), Path(folder))
        try:
            lens.type, lens.custom_mode = "CUSTOM", "INTERNAL"
            lens.custom_bytecode, lens.custom_bytecode_hash = code, hashlib.sha256(code.encode()).hexdigest()[:32]
            lens.update_tag()
            picture.resolution_x, picture.resolution_y = size
            atlas = pixels.render(seed)
        finally:
            lens.type = kind
            picture.resolution_x, picture.resolution_y = whole
    return [atlas[y : y + y1 - y0, x : x + x1 - x0] for (x, y), (x0, y0, x1, y1) in zip(spots, rects, strict=True)]


def possible(camera: Any) -> bool:
    """Whether this build and device can render with a camera written in OSL."""
    import _cycles

    return bool(_cycles.with_osl) and bpy.context.scene.cycles.device == "CPU" and camera.data.type == "PERSP"


def _source(
    rects: Sequence[Rect], spots: Sequence[Spot], size: Size, whole: Size, width_at_one: float, mask: Path
) -> str:
    """The camera as OSL; `width_at_one` is the width [m] of what it sees at a distance of 1 m."""
    cases = "".join(
        _CASE.format(
            x0=x, x1=x + x1 - x0, y0=y, y1=y + y1 - y0, right=x0 - x - whole[0] / 2, below=y0 - y - whole[1] / 2
        )
        for (x, y), (x0, y0, x1, y1) in zip(spots, rects, strict=True)
    )
    return _SHADER.format(
        width=size[0], height=size[1], cases=cases.rstrip(), scale=width_at_one / whole[0], mask=mask.as_posix()
    )


def _compiled(source: str, folder: Path) -> str:
    """Bytecode of a shader."""
    import _cycles

    written, made = folder / "atlas.osl", folder / "atlas.oso"
    written.write_text(source, encoding="utf-8")
    if not _cycles.osl_compile(str(written), str(made)):
        raise RuntimeError(f"the shader of the atlas camera does not compile:\n{source}")
    return made.read_text(encoding="utf-8")

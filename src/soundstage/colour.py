"""Colours: from documents (sRGB, "#rrggbb") to light (scene-linear Rec.709)."""

from __future__ import annotations

RGB = tuple[float, float, float]


def linear(hex_colour: str) -> RGB:
    """Scene-linear Rec.709 of an "#rrggbb" colour (IEC 61966-2-1)."""
    channels = (int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return r, g, b


def scaled(rgb: RGB, factor: float) -> RGB:
    """The colour made brighter or darker."""
    return rgb[0] * factor, rgb[1] * factor, rgb[2] * factor


def blend(a: RGB, b: RGB, t: float) -> RGB:
    """From a (t = 0) to b (t = 1)."""
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t


def luminance(rgb: RGB) -> float:
    """Relative luminance (Rec.709)."""
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def blackbody(kelvin: float) -> RGB:
    """Linear Rec.709 of a black body, luminance 1 (Kim et al. 2002 fit of the Planckian locus, 1667-25000 K)."""
    t = 1e3 / kelvin
    if kelvin < 4000:
        x = -0.2661239 * t**3 - 0.2343589 * t**2 + 0.8776956 * t + 0.179910
    else:
        x = -3.0258469 * t**3 + 2.1070379 * t**2 + 0.2226347 * t + 0.240390
    if kelvin < 2222:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif kelvin < 4000:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    big_x, big_z = x / y, (1 - x - y) / y
    r = 3.2404542 * big_x - 1.5371385 - 0.4985314 * big_z
    g = -0.9692660 * big_x + 1.8760108 + 0.0415560 * big_z
    b = 0.0556434 * big_x - 0.2040259 + 1.0572252 * big_z
    return max(r, 0.0), max(g, 0.0), max(b, 0.0)

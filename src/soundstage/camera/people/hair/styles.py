"""Hair styles as numbers. Lengths in [m] on a grown-up's head; they grow with the head."""

from __future__ import annotations

from dataclasses import dataclass

from ....errors import InputError


@dataclass(frozen=True, kw_only=True)
class Style:
    """How hair grows, lies and is cut."""

    count: int
    """Strands drawn; far fewer and thicker than life's 100,000."""
    width: float = 0.00042
    """Of a strand [m]."""
    top: float
    """Length on top."""
    sides: float
    """Length over the ears and at the nape."""
    lift: float = 0.35
    """0 lies flat … 1 stands up, at the root."""
    gravity: float = 0.0
    """How fast a strand turns downwards, per step."""
    flow: str = "whorl"
    """whorl: outwards from the crown; part: sideways from a parting; back: combed back; radial: stands out."""
    part: float = 0.0
    """Where the parting is, to the left, in pupil distances."""
    volume: float = 0.006
    """How far hair lies off the skull [m]."""
    clump: float = 0.3
    """How much strands join in locks, 0…1."""
    locks: int = 450
    frizz: float = 0.0012
    """How far single strands stray [m]."""
    apart: float = 0.002
    """How far whole locks stray [m]."""
    rise: float = 0.35
    """Where the sides end and the top begins, in pupil distances above the eyes."""
    wave: float = 0.0
    """Depth of waves [m]."""
    wavelength: float = 0.07
    """Of waves and curls [m]."""
    curl: float = 0.0
    """Radius of curls [m]."""
    cut: float | None = None
    """Cut straight at this height, in pupil distances above the eyes (negative: below)."""
    fringe: float = 0.0
    """Length of a fringe over the forehead."""
    tie: str = ""
    """"" loose, "tail" or "bun"."""
    bald: float = 0.0
    """How much of the top is bare, 0…1."""
    tint: float = 0.75
    """How much of its colour shows on the scalp."""
    points: int = 10


STYLES: dict[str, Style] = {
    "shaved": Style(count=0, top=0.0, sides=0.0, tint=0.42),
    "buzz": Style(
        count=15000, width=0.00034, top=0.007, sides=0.005, lift=0.75, clump=0.0, frizz=0.0004, apart=0.0002, tint=0.75, points=3
    ),
    "short": Style(
        count=13000, top=0.046, sides=0.015, lift=0.42, gravity=0.05, volume=0.006, clump=0.6, locks=650, frizz=0.0016,
        rise=0.6, points=7,
    ),
    "side_part": Style(
        count=14000, top=0.066, sides=0.015, lift=0.22, gravity=0.36, flow="part", part=0.42, volume=0.009, clump=0.6,
        locks=420, frizz=0.0014, rise=0.85, points=9,
    ),
    "balding": Style(
        count=8000, top=0.022, sides=0.016, lift=0.3, gravity=0.06, clump=0.45, locks=500, frizz=0.0016, apart=0.001, bald=1.0, tint=0.4,
        points=6,
    ),
    "bob": Style(
        count=15000, top=0.30, sides=0.22, lift=0.30, gravity=0.75, flow="part", part=0.12, volume=0.014, clump=0.85,
        locks=420, frizz=0.0012, wave=0.003, apart=0.004, cut=-1.75, points=14,
    ),
    "long": Style(
        count=16000, top=0.52, sides=0.44, lift=0.28, gravity=0.75, flow="part", part=0.06, volume=0.014, clump=0.85,
        locks=380, frizz=0.0014, apart=0.004, wave=0.004, wavelength=0.13, cut=-5.0, points=20,
    ),
    "wavy": Style(
        count=16000, top=0.40, sides=0.33, lift=0.36, gravity=0.65, flow="part", part=0.3, volume=0.020, clump=0.7,
        locks=300, frizz=0.003, wave=0.011, wavelength=0.075, cut=-3.7, points=26,
    ),
    "curly": Style(
        count=11000, top=0.24, sides=0.20, lift=0.62, gravity=0.38, flow="part", part=0.05, volume=0.026, clump=0.8,
        locks=330, frizz=0.004, curl=0.0085, wavelength=0.030, cut=-2.3, points=44,
    ),
    "afro": Style(
        count=12000, width=0.00045, top=0.085, sides=0.070, lift=1.0, flow="radial", volume=0.0, clump=0.25, locks=1600,
        frizz=0.004, curl=0.0032, wavelength=0.010, points=34,
    ),
    "ponytail": Style(
        count=13000, top=0.34, sides=0.34, lift=0.2, flow="back", volume=0.011, clump=0.75, locks=190, frizz=0.0010, apart=0.0006,
        tie="tail", points=14,
    ),
    "bun": Style(
        count=13000, top=0.34, sides=0.34, lift=0.2, flow="back", volume=0.009, clump=0.7, locks=200, frizz=0.0009, apart=0.0006,
        tie="bun", points=14,
    ),
}  # fmt: skip


def style(name: str) -> Style:
    """A style by name. Raises InputError that lists the names."""
    if name not in STYLES:
        raise InputError(f"there is no hair style {name!r}", f"choose one of: {', '.join(STYLES)}")
    return STYLES[name]

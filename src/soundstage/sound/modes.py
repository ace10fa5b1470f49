"""Natural frequencies of simple bodies, from their size and substance.

Each function returns frequencies [Hz], ascending, shape (M,), below `HIGHEST_HZ`. Lengths in [m], Young's modulus in
[Pa], density in [kg/m³]. Classical results (Leissa, Vibration of Plates; Blevins, Formulas for Natural Frequency;
Lamb 1882 for the sphere); no finite elements, so odd shapes are heard as the simple body nearest to them.
"""

from __future__ import annotations

import numpy as np

from ._kernel import SOUND_SPEED, Array

HIGHEST_HZ = 17_000.0
_FREE_BAR = np.array([22.373, 61.673, 120.903, 199.859, 298.556, 416.991, 555.165])  # (k L)² of bending
_FREE_DISC = np.array([5.25, 9.08, 12.24, 20.5, 21.5, 33.1, 35.2, 38.5, 47.4, 53.0])  # λ², ν ≈ 0.3
_SPHERE = np.array([2.50, 2.64, 3.40, 3.87, 3.92, 4.44, 5.07, 5.09, 6.13, 6.33])  # ω R / c_shear, ν ≈ 0.28
_SHELL = np.array([0.70, 0.83, 0.88, 0.91, 0.95, 1.01])  # ω R / c_plate of a thin sphere, n = 2…7
_CAVITY = np.array([2.0816, 3.3421, 4.4934, 4.5141, 5.6467, 5.9404])  # zeros of j_n'(ka)


def _sorted(frequency: Array) -> Array:
    flat = np.sort(np.asarray(frequency, dtype=float).ravel())
    return flat[(flat > 0) & (flat < HIGHEST_HZ)]


def wave_speed(young: float, density: float) -> float:
    """Speed of compression along a thin rod, sqrt(E/ρ) [m/s]."""
    return float(np.sqrt(young / density))


def bar(length: float, thickness: float, young: float, density: float, poisson: float) -> Array:
    """Bending of a free bar; thick bars are slowed by shear (Timoshenko, by the first-order correction)."""
    speed = wave_speed(young, density)
    gyration = thickness / np.sqrt(12.0)
    thin = _FREE_BAR * gyration * speed / (2 * np.pi * length**2)
    shear = 1 + _FREE_BAR * (gyration / length) ** 2 * (1 + 2 * (1 + poisson) / 0.833)
    return _sorted(thin / np.sqrt(shear))


def block(size: tuple[float, float, float], young: float, density: float, poisson: float) -> Array:
    """A free solid box: bending both ways, twist and stretch along its three edges."""
    long, wide, thin = sorted(size, reverse=True)
    speed = wave_speed(young, density)
    shear_speed = speed / np.sqrt(2 * (1 + poisson))
    order = np.arange(1, 5)
    twist = 2 * thin / np.sqrt(wide**2 + 3.7 * thin**2) * shear_speed * order / (2 * long)
    stretch = [speed * order / (2 * edge) for edge in (long, wide, thin)]
    bends = [
        bar(long, thin, young, density, poisson),
        bar(long, wide, young, density, poisson),
        bar(wide, thin, young, density, poisson),
    ]
    return _sorted(np.concatenate([*bends, twist, *stretch]))


def plate(
    size: tuple[float, float], thickness: float, young: float, density: float, poisson: float
) -> tuple[Array, Array]:
    """A rectangular plate on simple supports: frequencies (M,), ascending, and half-waves (M, 2) across its sides.

    f_mn = (π/2) sqrt(E h² / (12 ρ (1-ν²))) (m²/a² + n²/b²).
    """
    stiffness = np.pi / 2 * thickness * np.sqrt(young / (12 * density * (1 - poisson**2)))
    m, n = (index.ravel() for index in np.meshgrid(np.arange(1, 13), np.arange(1, 13)))
    frequency = stiffness * ((m / size[0]) ** 2 + (n / size[1]) ** 2)
    order = np.argsort(frequency, kind="stable")
    order = order[frequency[order] < HIGHEST_HZ]
    return frequency[order], np.stack([m, n], axis=1)[order]


def disc(diameter: float, thickness: float, young: float, density: float, poisson: float) -> Array:
    """A free round plate (coin, lid): f = λ²/(2π a²) sqrt(D / (ρ h)), each twice: no disc is quite round."""
    radius = diameter / 2
    bending = thickness * np.sqrt(young / (12 * density * (1 - poisson**2)))
    frequency = _FREE_DISC * bending / (2 * np.pi * radius**2)
    return _sorted(np.concatenate([frequency, 1.02 * frequency]))


def sphere(diameter: float, young: float, density: float, poisson: float) -> Array:
    """A solid elastic sphere (Lamb): f = η c_shear / (2π R). Small hard ones are silent: their modes are ultrasonic."""
    shear_speed = np.sqrt(young / density / (2 * (1 + poisson)))
    return _sorted(_SPHERE * shear_speed / (np.pi * diameter))


def hollow_sphere(diameter: float, young: float, density: float, poisson: float) -> Array:
    """A thin hard shell (table-tennis ball, bauble)."""
    speed = np.sqrt(young / density / (1 - poisson**2))
    return _sorted(_SHELL * speed / (np.pi * diameter))


def hoop(radius: float, bar_diameter: float, young: float, density: float) -> Array:
    """A round bar bent to a ring, bending in its plane and out of it, n = 2…8 waves round.

    f = (1/2π) (κ/R²) sqrt(E/ρ) n(n²-1)/sqrt(n²+1), κ = d/4; out of plane sqrt(n²+1) becomes sqrt(n²+1+ν).
    """
    n = np.arange(2, 9)
    base = bar_diameter / 4 / radius**2 * wave_speed(young, density) / (2 * np.pi) * n * (n**2 - 1)
    return _sorted(np.concatenate([base / np.sqrt(n**2 + 1), base / np.sqrt(n**2 + 1.3)]))


def cup(
    diameter: float, height: float, wall: float, young: float, density: float, poisson: float, *, closed: bool
) -> Array:
    """A thin cylinder with a bottom (cup), or a bottom and a neck (bottle, `closed`): bell-like bending of the wall.

    The inextensional ring n = 2…6, stiffened by the ends in the ratio in which they hold the wall (a fit to mugs at
    1.5-2.5 kHz and wine bottles at 2-4 kHz, not a theory).
    """
    n = np.arange(2, 7)
    radius = diameter / 2
    speed = np.sqrt(young / density / (1 - poisson**2))
    ring = wall / (np.sqrt(12) * radius**2) * speed / (2 * np.pi) * n * (n**2 - 1) / np.sqrt(n**2 + 1)
    ends = 2.2 if closed else 1.25
    held = np.sqrt(1 + ((ends * diameter / height) ** 2 + (0.6 if closed else 0.0)) * (2 / n) ** 4)
    bottom = disc(diameter, wall * 1.3, young, density, poisson) * 1.9  # clamped, so higher than free
    return _sorted(np.concatenate([ring * held, ring * held * 1.018, bottom]))


def cavity(radius: float) -> Array:
    """Standing waves of the air inside a sphere: ka = 2.08, 3.34, 4.49 …"""
    return _sorted(_CAVITY * SOUND_SPEED / (2 * np.pi * radius))


def breathing(radius: float, mass: float, overpressure: float) -> float:
    """The lowest mode of an inflated ball: its skin's mass on the spring of its air [Hz].

    sqrt(3 γ P / (σ R)) / 2π with P absolute [Pa] and σ the skin's mass per area [kg/m²]; measured near 150-200 Hz in
    volleyballs and basketballs (Browning et al., ASA 129, 5aSA3).
    """
    skin = mass / (4 * np.pi * radius**2)
    return float(np.sqrt(3 * 1.4 * (101_325 + overpressure) / (skin * radius)) / (2 * np.pi))

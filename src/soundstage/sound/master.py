"""The last gain: loudness, true peak, and stems that add up to the mix.

What happens (voices, effects, steps) is brought to the film's loudness; the ambience stays at the level its scene
asks for, so a sparse film does not pump up its room tone. A look-ahead limiter holds the true peak, and its gain is
applied to all that is played alike: the stems always add up to the mix, and each is under the ceiling itself.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import ndimage

from ._kernel import RATE, Array, decibel, fade, gain, high_pass
from .events import Stems
from .loudness import loudness, peaks, true_peak

DEFAULT_LOUDNESS = -16.0
DEFAULT_TRUE_PEAK = -1.0
CODING_DB = 1.0
"""What AAC at 256 kbit/s adds to peaks, at most, so that the film keeps under the ceiling and not the mix alone."""
STRUCK = ("effects", "footsteps")
RATIO = 2.5
"""Of levels before and after limiting [dB per dB]: the loudest meets the ceiling, a softer strike stays softer."""
MOST_LIMITING_DB = 12.0
"""A film of single clicks would need more to reach its loudness: it stays softer instead."""
LARGEST_GAIN_DB = 26.0
"""A film of nothing but soft steps stays soft."""
_LOOK_AHEAD_S = 0.0015
_RELEASE_S = 0.08
_SUBSONIC_HZ = 24.0
_END_S = 0.02


def master(stems: Mapping[str, Array], ambience: Array, levels: Mapping[str, float]) -> Stems:
    """Stems (N, 2) in float64 to finished ones; `stems` has dialogue, effects and footsteps."""
    ceiling = gain(float(levels.get("true_peak_dbtp", DEFAULT_TRUE_PEAK)) - CODING_DB)
    target = float(levels.get("loudness_lufs", DEFAULT_LOUDNESS))
    end = fade(len(ambience), 0, round(_END_S * RATE))[:, None]
    clean = {name: high_pass(stem, _SUBSONIC_HZ, 2) * end if np.any(stem) else stem for name, stem in stems.items()}
    ambience = ambience * end
    # The bed is kept out of the limiter, so that it does not breathe with every bounce; what is played leaves it room.
    ambience = ambience * _limiter([ambience], 0.4 * ceiling)[:, None]
    ceiling -= true_peak(ambience)
    level = _gain_to(clean, ambience, target, ceiling)
    parts = _held({name: stem * level for name, stem in clean.items()}, ceiling) | {"ambience": ambience}
    done = {name: stem.astype(np.float32) for name, stem in parts.items()}
    mix = np.sum([stem.astype(np.float64) for stem in done.values()], axis=0).astype(np.float32)
    return Stems(**done, mix=mix)


def _gain_to(stems: Mapping[str, Array], ambience: Array, target: float, ceiling: float) -> float:
    """Gain on what is played so that the limited mix has the wanted loudness, as near as the limits let it."""
    played = _sum(stems)
    if not np.any(played) or not np.isfinite(loudness(played)):
        return 1.0
    peak = true_peak(played)
    highest = min(LARGEST_GAIN_DB, decibel(ceiling / max(peak, 1e-9)) + MOST_LIMITING_DB)
    db = min(target - loudness(played), highest)
    for _ in range(5):
        louder = {name: stem * gain(db) for name, stem in stems.items()}
        miss = target - loudness(_sum(_held(louder, ceiling)) + ambience)
        if abs(miss) < 0.05 or (miss > 0 and db >= highest):
            break
        db = min(db + float(np.clip(miss, -6.0, 6.0)), highest)
    return gain(db)


def _held(stems: Mapping[str, Array], ceiling: float) -> dict[str, Array]:
    """The stems under the ceiling, alone and together; a softer strike stays softer than a hard one."""
    struck = [name for name in stems if name in STRUCK]
    together = _limiter([_sum({name: stems[name] for name in struck})], ceiling, ratio=RATIO)[:, None]
    parts = {name: stem * together if name in struck else stem for name, stem in stems.items()}
    held = _limiter([*parts.values(), _sum(parts)], ceiling)[:, None]
    return {name: stem * held for name, stem in parts.items()}


def _sum(stems: Mapping[str, Array]) -> Array:
    return np.asarray(np.sum(list(stems.values()), axis=0))


def _limiter(signals: list[Array], ceiling: float, *, ratio: float = np.inf) -> Array:
    """Gain (N,) ≤ 1 that keeps every signal under the ceiling: smooth before a peak, slow after it.

    With a `ratio` the loudest peak meets the ceiling and those less loud stay under it, by so many dB less than before.
    """
    count = len(signals[0])
    peak = np.zeros(count)
    for x in signals:
        peak = np.maximum(peak, peaks(x, 0.25 * ceiling))
    over = np.maximum(peak / ceiling, 1e-12)
    most = float(over.max(initial=0.0))
    if most <= 1.0:
        return np.ones(count)
    knee = most ** (-1.0 / (ratio - 1.0))
    wanted = np.where(over > knee, (over / most) ** (1.0 / ratio) / over, 1.0)
    ahead = round(_LOOK_AHEAD_S * RATE)
    lowest = ndimage.minimum_filter1d(wanted, 2 * ahead + 1, mode="nearest")
    released = _release(lowest)
    # The average of a running minimum over the same span never exceeds what any sample in it may have.
    window = np.hanning(2 * ahead + 3)[1:-1]
    smooth = np.convolve(np.pad(released, ahead, mode="edge"), window / window.sum(), mode="valid")
    return np.minimum(smooth, 1.0)


def _release(lowest: Array) -> Array:
    """The gain with a slow way back up: it falls at once and recovers exponentially."""
    keep = np.exp(-1.0 / (_RELEASE_S * RATE))
    loss = -np.log(np.maximum(lowest, 1e-6))
    # y[n] = max(loss[n], keep · y[n-1]) = keep^n · running maximum of loss[n] / keep^n, in blocks lest it overflow.
    out = np.empty_like(loss)
    carried, block = 0.0, RATE // 4
    for first in range(0, len(loss), block):
        part = loss[first : first + block]
        powers = keep ** np.arange(1, len(part) + 1)
        out[first : first + block] = powers * np.maximum(np.maximum.accumulate(part / powers), carried)
        carried = float(out[first + len(part) - 1])
    return np.asarray(np.exp(-out))

"""Faces over time: speech on the lips, moods, laughter, blinks, the small life of a face at rest.

    animate(time, people, utterances, phones, cues, seed) → (T, P, 52)
    gaze_shifts(time, joints)                             → when eyes leap, for blinks that come with it

Lips follow the phones of the Take to the millisecond; everything else follows lines, beats and a seed. Gaze is not
here: eyes turn by their bones, and the eyeLook actions stay 0. The numbers are in library/data/visemes.toml.
"""

from ._animate import animate
from ._gaze import gaze_shifts

__all__ = ["animate", "gaze_shifts"]

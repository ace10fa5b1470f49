"""The sound of a Take: voices, strikes, rolling and scraping, steps, nets, ambience, rooms, and their mix.

    score(take, levels={...})          → Stems
    score_film([take, …], levels={…})  → Stems of the scenes in a row, loudness set over the whole film

Everything is synthesised from the Take's event tables and the library's physical facts; there are no recordings.
"""

from .events import Stems
from .score import score, score_film

__all__ = ["Stems", "score", "score_film"]

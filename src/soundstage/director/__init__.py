"""Understanding: words become a screenplay, with an honest list of what was not understood.

    plan("a glass marble rolls down a wooden ramp and hits a stack of blocks")  ->  Screenplay

`reading/` makes a language-free frame of the words (the words of each language are data); `staging/` decides
everything the words left open. `cast` makes a single person of words.
Nothing here knows how bodies move, things fall or pictures are made.
"""

from ._cast import Casting, cast
from ._plan import Reading, plan, read, vocabulary
from .reading import LANGUAGES

__all__ = ["LANGUAGES", "Casting", "Reading", "cast", "plan", "read", "vocabulary"]

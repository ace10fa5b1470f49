"""Speech: text → samples with the exact time of every sound and word; and laughs, sighs, gasps and grunts.

    speak(text, voice, language, mood)  → Speech
    vocalise(kind, voice, seed)         → Speech
    length_s(text, voice, …)            → seconds

The engine is eSpeak NG: formant synthesis, over a hundred languages, offline. Its articulation is kept and its glottis
replaced (soundstage.speech.vocoder), which takes away the buzz, but it is still recognisably a synthetic voice, with a
synthetic melody. It knows nothing of meaning: stress and intonation come from spelling and punctuation alone.
"""

from .records import PAUSE, Phone, Speech, Word
from .say import length_s, speak
from .vocal import kinds, vocalise
from .voices import moods, variants

__all__ = ["PAUSE", "Phone", "Speech", "Word", "kinds", "length_s", "moods", "speak", "variants", "vocalise"]

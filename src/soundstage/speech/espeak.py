"""eSpeak NG, called in this process: text → 22,050 Hz samples with the sample at which each sound and word starts.

The library is one global machine. It is not re-entrant, so a lock guards it; and it carries state from one call to
the next (flutter, roughness, echo, breath noise, counted glottal cycles), so the same call would sound different the
second time. Every call therefore loads the library anew (about 4 ms) and gives it a complete voice of our own without
those features: a call's samples depend on its arguments alone. `soundstage.speech.vocoder` puts the life back, seeded.

Phoneme events need the legacy `espeak_Initialize`; an event's id holds at most eight bytes of UTF-8, so a sound cut in
the middle of a character loses that character.
"""

from __future__ import annotations

import _ctypes
import ctypes
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, SoundstageError

RATE = 22_050
"""Sample rate of the engine [Hz]."""

_AUDIO_SYNCHRONOUS = 2
_PHONEME_EVENTS, _PHONEME_IPA, _DONT_EXIT = 1, 2, 1 << 15
_CHARS_UTF8, _POSITION_CHARACTER = 1, 1
_PARAMETER_RATE, _PARAMETER_VOLUME, _PARAMETER_PITCH, _PARAMETER_RANGE = 1, 2, 3, 4
_PARAMETERS_OFF = (5, 6, 7)  # spoken punctuation, spoken capitals, word gap
_EVENT_END, _EVENT_WORD, _EVENT_PHONEME = 0, 1, 7
_PATH_LIMIT = 59  # the library keeps the path of a voice in 60 bytes


_lock = threading.Lock()


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_void_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True)
class Sound:
    """A phoneme event: the sign as the engine writes it (with ˈ or ˌ; empty for a pause) and its first sample."""

    sign: str
    sample: int


@dataclass(frozen=True)
class WordStart:
    """A word event: index of its first character in the text, and its first sample."""

    position: int
    sample: int


@dataclass(frozen=True)
class Raw:
    """What the engine said."""

    pcm: NDArray[np.int16]
    sounds: tuple[Sound, ...]
    words: tuple[WordStart, ...]


class _Engine:
    """The library loaded for one call."""

    def __init__(self) -> None:
        import espeakng_loader

        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = os.fsencode(espeakng_loader.get_data_path())
        flags = _PHONEME_EVENTS | _PHONEME_IPA | _DONT_EXIT
        if self._library.espeak_Initialize(_AUDIO_SYNCHRONOUS, 0, data, flags) != RATE:
            raise SoundstageError("the speech engine (eSpeak NG) does not start", "reinstall espeakng-loader")
        self._chunks: list[NDArray[np.int16]] = []
        self._sounds: list[Sound] = []
        self._words: list[WordStart] = []
        self._callback = _Callback(self._receive)  # kept, or the library would call freed memory
        self._library.espeak_SetSynthCallback(self._callback)

    def close(self) -> None:
        """Unload the library, and with it every static variable it has."""
        self._library.espeak_Terminate()
        handle = self._library._handle
        del self._library
        if sys.platform == "win32":
            _ctypes.FreeLibrary(handle)
        else:
            _ctypes.dlclose(handle)

    def _receive(self, samples: Any, count: int, events: Any) -> int:
        if count > 0 and samples:
            self._chunks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        index = 0
        while (event := events[index]).type != _EVENT_END:
            index += 1
            if event.type == _EVENT_PHONEME:
                sign = ctypes.string_at(ctypes.addressof(event.id), 8).split(b"\0", 1)[0].decode("utf-8", "ignore")
                self._sounds.append(Sound(sign, event.sample))
            elif event.type == _EVENT_WORD:
                self._words.append(WordStart(event.text_position - 1, event.sample))
        return 0

    def speak(self, text: str, voice: str, rate: int, pitch: int, pitch_range: int) -> Raw:
        with _voice_file(voice) as path:
            if self._library.espeak_SetVoiceByFile(path) != 0:
                raise SoundstageError("the speech engine does not take its voice", "reinstall espeakng-loader")
        settings = [(_PARAMETER_RATE, rate), (_PARAMETER_VOLUME, 100)]
        settings += [(_PARAMETER_PITCH, pitch), (_PARAMETER_RANGE, pitch_range)]
        for parameter, value in settings + [(p, 0) for p in _PARAMETERS_OFF]:
            self._library.espeak_SetParameter(parameter, value, 0)
        self._library.espeak_ng_SetRandSeed(ctypes.c_long(1))
        data = text.encode("utf-8")
        size = ctypes.c_size_t(len(data) + 1)
        self._library.espeak_Synth(data, size, 0, _POSITION_CHARACTER, 0, _CHARS_UTF8, None, None)
        self._library.espeak_Synchronize()
        pcm = np.concatenate(self._chunks) if self._chunks else np.zeros(0, np.int16)
        return Raw(pcm, tuple(self._sounds), tuple(self._words))


@contextmanager
def _voice_file(text: str) -> Iterator[bytes]:
    """A path, short and lower-case as the library wants it, at which a voice can be read once."""
    data = text.encode("utf-8")
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("voice")
        try:
            os.write(handle, data)
            yield f"/proc/self/fd/{handle}".encode()
        finally:
            os.close(handle)
        return
    handle, name = tempfile.mkstemp(prefix="v", dir="/tmp" if Path("/tmp").is_dir() else None)
    try:
        os.write(handle, data)
        os.close(handle)
        short = Path(name).rename(name.lower())
        path = os.fsencode(short)
        if len(path) > _PATH_LIMIT:
            raise SoundstageError(f"the folder for temporary files has too long a name: {short}", "set TMPDIR shorter")
        yield path
    finally:
        Path(name.lower()).unlink(missing_ok=True)


@cache
def languages() -> dict[str, str]:
    """Every language code the engine speaks (lower-case), and the text of its voice file."""
    import espeakng_loader

    found: dict[str, tuple[int, str]] = {}
    for path in sorted(Path(espeakng_loader.get_data_path(), "lang").rglob("*")):
        if not path.is_file():
            continue
        text = path.read_text("utf-8")
        for line in text.splitlines():
            field = line.split()
            if len(field) >= 2 and field[0] == "language":
                priority = int(field[2]) if len(field) > 2 and field[2].isdigit() else 5
                if priority < found.get(field[1].lower(), (99, ""))[0]:
                    found[field[1].lower()] = (priority, text)
    return {code: text for code, (_, text) in sorted(found.items())}


def synthesise(text: str, *, language: str, tone: str, rate: int, pitch: int, pitch_range: int) -> Raw:
    """The text spoken, as the engine gives it: int16 samples at `RATE` with the silences it adds.

    Args:
        language: code of a language the engine knows.
        tone: lines of an eSpeak voice file that make the voice (pitch, formant, tone …).
        rate: words per minute, 80…450.
        pitch: 0…99, an octave is 50.
        pitch_range: 0…99, 50 is the voice's own.

    Raises:
        InputError: the engine does not know the language; the message lists those it knows.
    """
    known = languages()
    base = known.get(language.lower())
    if base is None:
        raise InputError(f"no voice speaks {language!r}", f"choose one of: {', '.join(known)}")
    steady = "flutter 0\nroughness 0\n"  # both carry state over calls
    printable = "".join(" " if ord(c) < 32 or ord(c) == 127 else c for c in text)  # control characters are commands
    with _lock:
        engine = _Engine()
        try:
            return engine.speak(printable, f"{base}\n{tone}\n{steady}", rate, pitch, pitch_range)
        finally:
            engine.close()

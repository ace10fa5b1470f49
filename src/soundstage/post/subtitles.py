"""Words of Takes → subtitles (SubRip), each shown while it is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .. import clock
from ..take import Take

LINE = 42
"""Longest line of a subtitle [characters]; two lines at most."""
LONGEST_S = 6.0
SHORTEST_S = 0.8
"""A shorter cue cannot be read; it stays on, if nothing follows."""
NAMES = {"laugh": "laughs", "sigh": "sighs", "grunt": "grunts", "sob": "sobs", "cough": "coughs", "sneeze": "sneezes"}


@dataclass(frozen=True)
class Cue:
    """One subtitle; times from the start of the film [s]."""

    start: float
    end: float
    text: str


def subtitles(takes: Sequence[Take]) -> str:
    """Everything that is said in a film, as the text of an .srt file; empty if nobody speaks."""
    cues: list[Cue] = []
    offset = 0.0
    for take in takes:
        cues += [Cue(c.start + offset, c.end + offset, c.text) for c in _take_cues(take)]
        offset += clock.seconds(take.duration)
    cues = _lengthened(sorted(cues, key=lambda c: c.start), offset)
    return "\n".join(f"{n}\n{_stamp(c.start)} --> {_stamp(c.end)}\n{c.text}\n" for n, c in enumerate(cues, 1))


def _take_cues(take: Take) -> Iterator[Cue]:
    said = take.utterances
    several = len({int(p) for p in said.person}) > 1
    for index in range(len(said.start)):
        person = take.people[int(said.person[index])]
        who = (person.name or person.id).upper() + ": " if several else ""
        start, end = clock.seconds(said.start[index]), clock.seconds(said.end[index])
        if said.kind[index] != "speech":
            yield Cue(start, end, f"[{who}{NAMES.get(str(said.kind[index]), str(said.kind[index]))}]")
            continue
        words = list(_timed_words(take, index, str(said.text[index]), start, end))
        for number, part in enumerate(_parts(words, LINE * 2 - len(who))):
            text = " ".join(word for _, _, word in part)
            yield Cue(part[0][0], part[-1][1], _wrapped((who if number == 0 else "") + text))


Word = tuple[float, float, str]


def _timed_words(take: Take, utterance: int, text: str, start: float, end: float) -> Iterator[Word]:
    """(start, end, word) as written: with its capitals and punctuation."""
    rows = [i for i in range(len(take.words.start)) if int(take.words.utterance[i]) == utterance]
    written = text.split()
    if len(rows) == len(written):
        for row, word in zip(rows, written, strict=True):
            yield clock.seconds(take.words.start[row]), clock.seconds(take.words.end[row]), word
        return
    # The voice may say one written word as several ("23") or several as one: share the time by length.
    total = sum(len(word) + 1 for word in written)
    passed = 0
    for word in written:
        begin = passed
        passed += len(word) + 1
        yield start + (end - start) * begin / total, start + (end - start) * passed / total, word


def _parts(words: Sequence[Word], width: int) -> Iterator[list[Word]]:
    """Words cut into pieces that fit two lines and are not too long on the screen; after a full stop if possible."""
    part: list[Word] = []
    for word in words:
        length = sum(len(w[2]) + 1 for w in part) + len(word[2])
        full = bool(part) and (length > width or word[1] - part[0][0] > LONGEST_S)
        closed = bool(part) and part[-1][2][-1] in ".!?…" and length > width / 2
        if full or closed:
            yield part
            part = []
        part.append(word)
    if part:
        yield part


def _wrapped(text: str) -> str:
    """Two lines of about equal length, if one is not enough."""
    if len(text) <= LINE:
        return text
    middle = len(text) / 2
    gaps = [i for i, letter in enumerate(text) if letter == " "]
    if not gaps:
        return text
    cut = min(gaps, key=lambda i: abs(i - middle))
    return text[:cut] + "\n" + text[cut + 1 :]


def _lengthened(cues: Sequence[Cue], end: float) -> list[Cue]:
    """Cues long enough to be read, as far as the next cue and the end of the film allow."""
    long = []
    for number, cue in enumerate(cues):
        after = cues[number + 1].start if number + 1 < len(cues) else end
        wanted = max(cue.end, min(cue.start + SHORTEST_S, max(after, cue.end)))
        long.append(Cue(cue.start, wanted, cue.text))
    return long


def _stamp(time: float) -> str:
    whole = round(time * 1000)
    hours, rest = divmod(whole, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d},{rest % 1000:03d}"

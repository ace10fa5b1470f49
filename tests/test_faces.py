"""Faces: lips that follow the phones on the mesh itself, one mouth at a time, blinks, bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, get_args

import numpy as np
import pytest

from soundstage import clock, speech
from soundstage.body import BONES, FACE_ACTIONS, FACE_INDEX, Body, body
from soundstage.rehearsal import faces
from soundstage.rehearsal.faces import _data, _life, _mouth
from soundstage.rehearsal.schedule import Cue
from soundstage.screenplay.model import Beat, Line, Outcome, Voice, When
from soundstage.take import Person, Phones, Utterances, empty

WOMAN = {"variant": "f2"}
MAN = {"variant": "m3"}
TALK = "Maybe Bob stopped the big lamp. My father will move five pumpkins, so keep up!"
LINES = {
    "en": TALK,
    "de": "Papa, das ist aber ein schönes Pferd! Bitte, mein Vater will es haben.",
    "es": "¡Qué bonito, papá! ¿Cómo estás, Pablo, amigo mío?",
    "fr": "Bonjour Pierre, vous avez bien parlé. C'est très beau.",
    "hi": "नमस्ते, आप कैसे हैं? भाई, बहुत पानी मत पियो।",
    "ar": "مرحبا، كيف حالك؟ باب كبير في بيت أبي.",
}


def _person(number: int, voice: Mapping[str, Any] = WOMAN) -> Person:
    return Person(id=f"person{number}", name="", identity={}, wardrobe=(), voice=voice)


def _said(lines: Sequence[tuple[float, int, str, str, str, str]]) -> tuple[Utterances, Phones]:
    """Tables from (start [s], person, kind, text, language, mood)."""
    rows, sounds = [], []
    for number, (start_s, who, kind, text, language, mood) in enumerate(lines):
        voice = WOMAN if who % 2 == 0 else MAN
        spoken = speech.speak(text, voice, language, mood) if kind == "speech" else speech.vocalise(kind, voice, 0)
        start = clock.ticks(start_s)
        end = start + len(spoken.pcm) * clock.period(clock.AUDIO_RATE)
        rows.append((start, end, who, f"line{number}", kind, text, language, mood))
        sounds += [
            (start + clock.ticks(p.start), start + clock.ticks(p.end), number, p.ipa, p.stress) for p in spoken.phones
        ]

    def table(kind: type[Any], values: list[Any]) -> Any:
        names = empty(kind).__dataclass_fields__
        return kind(**{n: np.array(v) for n, v in zip(names, zip(*values, strict=True), strict=True)})

    return table(Utterances, rows), table(Phones, sounds)


def _grid(seconds: float, rate: int = clock.POSE_RATE) -> np.ndarray:
    return np.arange(round(seconds * rate) + 1, dtype=np.int64) * clock.period(rate)


def _speak(
    text: str, language: str = "en", mood: str = "neutral", kind: str = "speech"
) -> tuple[np.ndarray, np.ndarray, Phones]:
    """Time [s], one face over time (T, 52) and the phones."""
    utterances, phones = _said([(0.5, 0, kind, text, language, mood)])
    time = _grid(utterances.end[0] / clock.TICKS_PER_SECOND + 0.7)
    face = faces.animate(time, [_person(0)], utterances, phones)[:, 0]
    return time / clock.TICKS_PER_SECOND, face, phones


IDENTITIES: list[dict[str, Any]] = [
    {"age": 28.0, "masculinity": 0.1, "height_m": 1.72, "ancestry": {"african": 0.3, "asian": 0.3, "european": 0.4}},
    {"age": 70.0, "masculinity": 1.0, "height_m": 1.80, "ancestry": {"african": 0.0, "asian": 1.0, "european": 0.0}},
    {"age": 8.0, "masculinity": 0.4, "height_m": 1.28, "ancestry": {"african": 1.0, "asian": 0.0, "european": 0.0}},
]


@cache
def _body(number: int) -> Body:
    rest = {
        "muscle": 0.5, "weight": 0.5, "proportions": 0.5, "skin": "#cc9977", "eyes": "#445566", "beard": "none",
        "hair": {"style": "short", "colour": "#222222"}, "face_seed": 3 + number, "left_handed": False,
    }  # fmt: skip
    return body({**IDENTITIES[number], **rest})


class _Lips:
    """Distance between the lips, measured on the mesh [mm]."""

    def __init__(self, figure: Body) -> None:
        self.figure = figure
        drop = np.zeros(len(figure.vertices))
        jaw = figure.face_action("jawOpen")
        drop[jaw.vertices] = -jaw.offsets[:, 2]
        lips = (figure.masks["lips"] > 0.5) & (figure.masks["inside_mouth"] < 0.5)
        x = figure.vertices[:, 0]
        half = float(np.abs(x[lips]).max())
        self.pairs = []
        for place in np.linspace(-0.45, 0.45, 5) * half:
            near = lips & (np.abs(x - place) < 0.08 * half)
            self.pairs.append(
                (np.flatnonzero(near & (drop < 0.25 * drop.max())), np.flatnonzero(near & (drop > 0.6 * drop.max())))
            )

    def gaps(self, face: np.ndarray) -> np.ndarray:
        """(5,) from corner to corner; negative when pressed together."""
        z = self.figure.with_face(face)[:, 2]
        return 1000.0 * np.array([z[upper].min() - z[lower].max() for upper, lower in self.pairs])


@pytest.mark.parametrize("number", range(len(IDENTITIES)))
def test_lips_meet_on_every_p_b_and_m(number: int) -> None:
    lips = _Lips(_body(number))
    measured = []
    for language, mood in (("en", "neutral"), ("en", "happy"), ("de", "surprised"), ("hi", "sad")):
        time, face, phones = _speak(LINES[language], language, mood)
        closures = [i for i in range(len(phones.ipa)) if phones.ipa[i][0] in "pbm"]
        assert len(closures) >= 4
        for i in closures:
            start, end = phones.start[i] / clock.TICKS_PER_SECOND, phones.end[i] / clock.TICKS_PER_SECOND
            inside = np.flatnonzero((time >= start) & (time <= end))[:: 2 if number == 0 else 5]
            measured += [float(lips.gaps(face[k]).max()) for k in inside]
    assert np.mean(np.array(measured) <= 1.0) >= 0.99
    assert np.min(measured) > -3.0  # pressed, not driven into each other


def test_a_closure_shorter_than_a_frame_is_held_for_one() -> None:
    sounds = [
        _mouth.Sounding(0.2, 0.4, "a", 2),
        _mouth.Sounding(0.4, 0.412, "b", 0),
        _mouth.Sounding(0.412, 0.6, "a", 0),
    ]
    time = np.arange(0, 0.8, 1 / 240)
    closed = _mouth.contacts(time, sounds).closed
    assert (closed > 0.999).sum() / 240 >= 1 / 25
    assert closed[np.searchsorted(time, 0.412)] > 0.99 and closed[np.searchsorted(time, 0.46)] < 0.01


def test_f_and_v_bring_the_lower_lip_to_the_upper_teeth() -> None:
    figure = _body(0)
    lips = _Lips(figure)
    teeth = np.unique(figure.parts["teeth_upper"])

    def distance(face: np.ndarray) -> float:
        vertices = figure.with_face(face)
        edge = vertices[teeth][np.abs(vertices[teeth, 0]) < 0.008]
        lip = vertices[lips.pairs[2][1]]
        return float(1000 * np.linalg.norm(lip[:, None] - edge[None], axis=2).min())

    time, face, phones = _speak("A fee for five vans.")
    rest = distance(np.zeros(len(FACE_ACTIONS)))
    for i in np.flatnonzero(np.isin(phones.ipa, ["f", "v"])):
        middle = np.searchsorted(time, (phones.start[i] + phones.end[i]) / 2 / clock.TICKS_PER_SECOND)
        assert distance(face[middle]) < rest - 2.5
        assert abs(lips.gaps(face[middle])[2]) < 2.5


@pytest.mark.parametrize("language", LINES)
def test_the_mouth_on_the_mesh_follows_the_phones(language: str) -> None:
    """Opening against what each phone asks for, its shape on the mesh eased over 30 ms: r ≥ 0.8, lag ≤ 20 ms."""
    lips = _Lips(_body(0))
    time, face, phones = _speak(LINES[language], language)
    first, last = phones.start[0] / clock.TICKS_PER_SECOND, phones.end[-1] / clock.TICKS_PER_SECOND
    rows = np.flatnonzero((time > first - 0.1) & (time < last + 0.1))[::2]
    opening = np.array([lips.gaps(face[k])[2] for k in rows])
    asked = np.zeros(len(rows))
    for i in range(len(phones.ipa)):
        shapes = _data.spell(str(phones.ipa[i]))
        inside = (time[rows] >= phones.start[i] / clock.TICKS_PER_SECOND) & (
            time[rows] < phones.end[i] / clock.TICKS_PER_SECOND
        )
        asked[inside] = np.mean([0.0 if v.close or v.bite else lips.gaps(v.shape)[2] for v in shapes])
    step = float(time[rows[1]] - time[rows[0]])
    kernel = np.exp(-0.5 * (np.arange(-12, 13) * step / 0.030) ** 2)
    asked = np.convolve(asked, kernel / kernel.sum(), "same")
    scores = {}
    for shift in range(-12, 13):
        a = opening[max(0, shift) : len(opening) + min(0, shift)]
        b = asked[max(0, -shift) : len(asked) + min(0, -shift)]
        scores[shift * step] = float(np.corrcoef(a, b)[0, 1])
    lag = max(scores, key=lambda s: scores[s])
    assert scores[lag] >= 0.8 and scores[0.0] >= 0.78
    assert abs(lag) <= 0.020


def test_mouths_open_as_people_open_them() -> None:
    _, face, _ = _speak(TALK)
    jaw = face[:, FACE_INDEX["jawOpen"]]
    assert 0.15 < jaw.max() < 0.45
    _, laugh, _ = _speak("", "", "neutral", "laugh")
    smile = laugh[:, FACE_INDEX["mouthSmileLeft"]]
    assert smile.max() > 0.6 and laugh[:, FACE_INDEX["jawOpen"]].max() < 0.6


def test_rounded_vowels_round_and_spread_vowels_spread() -> None:
    for text, name, other in (
        ("You two too.", "mouthPucker", "mouthStretchLeft"),
        ("He sees me.", "mouthStretchLeft", "mouthPucker"),
    ):
        _, face, _ = _speak(text)
        assert face[:, FACE_INDEX[name]].max() > 2 * face[:, FACE_INDEX[other]].max()


@pytest.mark.parametrize("mood", speech.moods())
def test_every_mood_is_bounded_and_smooth(mood: str) -> None:
    _, face, _ = _speak(LINES["en"], "en", mood)
    assert face.dtype == np.float32 and face.min() >= 0.0 and face.max() <= 1.0
    per_frame = np.abs(np.diff(face[::4], axis=0)).max(axis=0)  # per 1/60 s
    lids = np.array([n.startswith(("eyeBlink", "eyeSquint", "eyeWide")) for n in FACE_ACTIONS])
    assert per_frame[~lids].max() < 0.25
    assert np.all(face[:, [i for n, i in FACE_INDEX.items() if n.startswith("eyeLook")]] == 0)


def test_a_mood_colours_the_line_and_fades() -> None:
    time, happy, phones = _speak(LINES["en"], "en", "happy")
    _, plain, _ = _speak(LINES["en"])
    smile = FACE_INDEX["mouthSmileLeft"]
    end = np.searchsorted(time, phones.end[-1] / clock.TICKS_PER_SECOND)
    assert happy[120:end, smile].mean() > plain[120:end, smile].mean() + 0.2
    assert happy[0, smile] < 0.01
    utterances, phones = _said([(0.5, 0, "speech", "So close!", "en", "happy")])
    later = faces.animate(_grid(5.0), [_person(0)], utterances, phones)[-1, 0, smile]
    assert later < 0.02


@pytest.mark.parametrize("kind", speech.kinds())
def test_every_sound_without_words_has_a_face(kind: str) -> None:
    assert _data.expression("vocal", kind) is not None
    _, face, _ = _speak("", "", "neutral", kind)
    assert face[:, FACE_INDEX["jawOpen"]].max() > 0.05 and face.max() <= 1.0


def test_only_the_speaker_moves_the_mouth() -> None:
    utterances, phones = _said(
        [(0.5, 0, "speech", "Did you see that?", "en", "happy"), (2.5, 1, "laugh", "", "", "neutral"),
         (5.0, 1, "speech", "I did!", "en", "happy")]
    )  # fmt: skip
    time = _grid(7.0)
    both = faces.animate(time, [_person(0), _person(1, MAN)], utterances, phones)
    seconds = time / clock.TICKS_PER_SECOND
    mouth = _data.MOUTH.copy()
    for name in ("mouthSmileLeft", "mouthSmileRight", "mouthDimpleLeft", "mouthDimpleRight"):
        mouth[FACE_INDEX[name]] = False
    assert both[seconds < 2.0, 1][:, _data.MOUTH].max() == 0.0
    assert both[seconds > 4.0, 0][:, mouth].max() < 0.02
    assert both[(seconds > 0.6) & (seconds < 1.3), 0][:, FACE_INDEX["jawOpen"]].max() > 0.1
    assert both[(seconds > 2.6) & (seconds < 3.8), 1][:, FACE_INDEX["jawOpen"]].max() > 0.1


def test_faces_depend_on_the_seed_and_the_person_alone() -> None:
    utterances, phones = _said([(0.5, 0, "speech", "Did you see that?", "en", "happy")])
    time, people = _grid(8.0), [_person(0), _person(1, MAN)]
    first = faces.animate(time, people, utterances, phones, seed=7)
    assert np.array_equal(first, faces.animate(time, people, utterances, phones, seed=7))
    assert not np.array_equal(first, faces.animate(time, people, utterances, phones, seed=8))
    alone = faces.animate(time, people[:1], utterances, phones, seed=7)
    assert np.array_equal(alone[:, 0], first[:, 0])
    blink = FACE_INDEX["eyeBlinkLeft"]
    assert np.corrcoef(first[:, 0, blink], first[:, 1, blink])[0, 1] < 0.9  # everyone blinks in their own time


def test_blinks_are_those_of_people() -> None:
    nobody = faces.animate(_grid(60.0), [_person(i) for i in range(6)], empty(Utterances), empty(Phones), seed=2)
    lengths, gaps, closing, opening = [], [], [], []
    for who in range(6):
        lid = nobody[:, who, FACE_INDEX["eyeBlinkLeft"]]
        shut = lid > 0.05
        edges = np.flatnonzero(np.diff(shut.astype(int)))
        starts, ends = edges[::2] if not shut[0] else edges[1::2], edges[1::2]
        for a, b in zip(starts, ends, strict=False):
            top = a + int(np.argmax(lid[a : b + 1]))
            assert lid[top] > 0.99  # closed on some frame at 240 Hz
            lengths.append((b - a) / 240)
            closing.append(top - a)
            opening.append(b - top)
        gaps += list(np.diff(starts) / 240)
    assert 10 < 60 / np.mean(gaps) < 25
    assert min(gaps) > 1.8 and max(gaps) < 6.6 and np.std(gaps) > 0.4
    assert np.min(lengths) > 0.08 and np.max(lengths) < 0.16
    assert np.mean(closing) < 0.85 * np.mean(opening)


def test_blinks_like_to_come_with_shifts_of_gaze() -> None:
    rng_seeds = range(30)
    time = np.arange(0, 12, 1 / 240)
    near = 0
    for seed in rng_seeds:
        closure = _life.blinks(time, [4.0], np.random.default_rng(seed))
        near += bool(closure[(time > 3.95) & (time < 4.2)].max() > 0.9)
    apart = sum(
        bool(_life.blinks(time, [], np.random.default_rng(s))[(time > 3.95) & (time < 4.2)].max() > 0.9)
        for s in rng_seeds
    )
    assert near >= apart + 6


def _beat(actor: str, action: str) -> Beat:
    now = When(anchor="start", of="", offset_s=0.0)
    return Beat(id="b1", scene="s1", actor=actor, action=action, target="", prop="", manner=(), when=now,
                outcome=Outcome(kind="none", via=()))  # fmt: skip


def test_effort_shows_while_it_lasts_and_only_on_its_actor() -> None:
    cue = Cue(id="b1", kind="beat", start=clock.ticks(1.0), end=clock.ticks(2.0), record=_beat("person0", "jump_shot"))
    time = _grid(4.0)
    face = faces.animate(time, [_person(0), _person(1)], empty(Utterances), empty(Phones), [cue])
    brow = FACE_INDEX["browDownLeft"]
    assert face[360, 0, brow] > face[360, 1, brow] + 0.15
    assert face[-1, 0, brow] < 0.05
    assert np.isfinite(face).all()


def test_a_manner_shows_its_mood() -> None:
    beat = _beat("person0", "wave").model_copy(update={"manner": ("sadly",)})
    cue = Cue(id="b1", kind="beat", start=clock.ticks(1.0), end=clock.ticks(2.0), record=beat)
    face = faces.animate(_grid(2.0), [_person(0)], empty(Utterances), empty(Phones), [cue])
    assert face[360, 0, FACE_INDEX["browInnerUp"]] > 0.6


def test_leaps_of_the_eyes_are_found_in_the_pose() -> None:
    time = _grid(2.0)
    joints = np.zeros((len(time), 2, len(BONES), 4))
    joints[..., 0] = 1.0
    turn = np.radians(12.0) / 2
    joints[time >= clock.ticks(1.0), 1, BONES.index("eye.L")] = (np.cos(turn), 0.0, 0.0, np.sin(turn))
    shifts = faces.gaze_shifts(time, joints)
    assert shifts[0] == ()
    assert len(shifts[1]) == 1 and abs(clock.seconds(shifts[1][0]) - 1.0) < 0.06


def test_everything_that_can_be_asked_for_has_a_face_and_a_voice() -> None:
    moods = get_args(Line.model_fields["mood"].annotation)
    assert set(moods) <= set(speech.moods()) and all(_data.expression("moods", m) for m in moods)
    assert set(_data.table()["manners"].values()) <= set(moods)
    pattern = re.compile(Voice.model_json_schema()["properties"]["variant"]["pattern"])
    stems = ["", "m", "f", "croak", "whisper", "whisperf", "klatt"]
    names = [n for stem in stems for n in (stem, *(f"{stem}{k}" for k in range(10))) if pattern.match(n)]
    assert len(names) > 20 and set(names) == set(speech.variants())


def test_every_ipa_sign_and_shape_is_known() -> None:
    for shape in _data.visemes().values():
        assert shape.shape.max() <= 1.0 and all(0 <= p <= 1 for p in shape.pull)
    assert [v.name for v in _data.spell("aɪ")] == ["aa", "ih"]
    assert [v.name for v in _data.spell("tʃ")] == ["DD", "CH"]
    assert [v.name for v in _data.spell("iː")] == ["ee"]
    assert [v.name for v in _data.spell("ɛ̃")] == ["E"]
    for language, text in LINES.items():
        for phone in speech.speak(text, WOMAN, language).phones:
            known = [v.name for v in _data.spell(phone.ipa)]
            assert known != ["hh"] or phone.ipa[0] in "hɦʰʱʔˀc", (language, phone.ipa)


def test_time_may_be_any_even_grid() -> None:
    utterances, phones = _said([(0.5, 0, "speech", "So close!", "en", "neutral")])
    fine = faces.animate(_grid(2.0), [_person(0)], utterances, phones)
    coarse = faces.animate(_grid(2.0, 24), [_person(0)], utterances, phones)
    jaw = FACE_INDEX["jawOpen"]
    assert np.abs(fine[::10, 0, jaw] - coarse[:, 0, jaw]).max() < 0.05
    assert faces.animate(_grid(1.0), [], utterances, phones).shape == (241, 0, 52)
    assert all(a < b for a, b in pairwise(_grid(1.0)))

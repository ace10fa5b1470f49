"""The Screenplay: what should happen, as a strict, versioned document that people read and edit.

Flat lists of records with ids, enums over free text. Lengths in [m], times in [s] on the scene's clock, masses in
[kg], angles in degrees, colours as "#rrggbb" (sRGB). World axes: Z up; a heading of 0° looks along +Y, headings grow
anticlockwise seen from above (90° looks along -X). This module knows neither the library nor any backend: whether a
prop or action exists is checked by `soundstage.library`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

SCHEMA = "soundstage/1"

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="lower-case name, unique in its list")]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$", description="sRGB, #rrggbb")]
Unit = Annotated[float, Field(ge=0.0, le=1.0)]
Vec3 = tuple[float, float, float]


class Record(BaseModel):
    """A frozen record that refuses unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


# ── cast ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Ancestry(Record):
    """Mix of MakeHuman's three ancestry shapes; rehearsal normalises the sum to 1."""

    african: Unit
    asian: Unit
    european: Unit


class Hair(Record):
    style: Literal[
        "shaved", "buzz", "short", "side_part", "bob", "long", "wavy", "curly", "afro", "ponytail", "bun", "balding"
    ]
    colour: Colour


class Moles(Record):
    """Small dark spots of the skin, most of them on the face; who has the same seed has them in the same places."""

    count: Annotated[int, Field(ge=0, le=24)]
    seed: Annotated[int, Field(ge=0, description="chooses their places and sizes")]


class Identity(Record):
    """What makes a person this person: it holds in every shot and film."""

    age: Annotated[float, Field(ge=2, le=95, description="years")]
    masculinity: Annotated[float, Field(ge=0, le=1, description="0 female … 1 male body shape")]
    height_m: Annotated[float, Field(ge=0.7, le=2.3)]
    muscle: Unit
    weight: Unit
    proportions: Unit
    ancestry: Ancestry
    skin: Colour
    eyes: Colour
    hair: Hair
    beard: Literal["none", "stubble", "moustache", "full"]
    face_seed: Annotated[int, Field(ge=0, description="chooses the details of the face (nose, jaw, brows …)")]
    left_handed: bool
    freckles: Annotated[
        float, Field(ge=0, le=1, description="0 none to speak of, 0.5 on nose and cheeks, 1 everywhere")
    ] = 0.0
    moles: Moles = Moles(count=0, seed=0)
    redness: Annotated[float, Field(ge=0, le=1, description="blush of cheeks, nose and ears beyond the usual")] = 0.0
    wrinkles: Annotated[
        float | None, Field(ge=0, le=1, description="0 none, 1 those of 75 years; as the age has them, if not given")
    ] = None


class Garment(Record):
    """One piece of clothing; the kinds are in library/data/wardrobe.toml."""

    kind: str
    colour: Colour
    trim: Colour
    material: str
    print_text: Annotated[str, Field(max_length=24)]
    print_colour: Annotated[Colour | None, Field(description="of the printed text; the trim's, if not given")] = None
    pattern: Annotated[
        str, Field(description="what is woven or printed all over; the patterns are in library/data/patterns.toml")
    ] = "plain"
    pattern_colour: Annotated[
        Colour | None, Field(description="the pattern's colour on the garment's; one that stands out, if not given")
    ] = None
    pattern_scale_m: Annotated[
        float | None,
        Field(ge=0.004, le=1.0, description="from one repeat to the next [m]; the pattern's usual one, if not given"),
    ] = None

    @model_serializer(mode="wrap")
    def _briefly(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Only what is said: most clothes have neither print nor pattern."""
        usual = {name: field.default for name, field in type(self).model_fields.items() if not field.is_required()}
        return {name: value for name, value in whole(self).items() if name not in usual or value != usual[name]}


class Voice(Record):
    """How a person sounds (espeak-ng parameters; see speech/)."""

    engine: Literal["espeak"]
    variant: Annotated[str, Field(pattern=r"^(|[mf][1-8]|croak|whisper|whisperf|klatt[1-4]?)$")]
    pitch: Annotated[int, Field(ge=0, le=99)]
    pitch_range: Annotated[int, Field(ge=0, le=99)]
    words_per_minute: Annotated[int, Field(ge=80, le=400)]
    formant_scale: Annotated[float, Field(ge=0.7, le=1.5, description="vocal-tract length: >1 shorter (child)")]


class Character(Record):
    id: Id
    name: Annotated[str, Field(max_length=60, description="as spoken of; may be empty")]
    identity: Identity
    wardrobe: tuple[Garment, ...]
    voice: Voice


# ── props ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Placement(Record):
    """Where a thing or person is when the scene starts.

    `at` is the position of its lowest point (feet, underside) in the scene [m]; with `relation` "free" nothing else
    is needed. The other relations say why it is there, so that moving the target moves it too: `at` is then an
    offset from where the relation puts it.
    """

    relation: Literal["free", "on", "held_by", "above", "left_of", "right_of", "in_front_of", "behind", "near"]
    target: Annotated[str, Field(description="id of a prop, character or mark of the set; empty for free")]
    at: Vec3
    heading_deg: float
    pitch_deg: float
    roll_deg: float


class Prop(Record):
    id: Id
    kind: str
    scene: Id
    size: Annotated[Vec3, Field(description="overall size x, y, z in its own frame [m]")]
    material: str
    colour: Colour
    mass_kg: Annotated[float, Field(gt=0, le=1e6)]
    fixed: bool
    print_text: Annotated[str, Field(max_length=24)]
    placement: Placement
    velocity: Annotated[Vec3, Field(description="at the start of the scene [m/s]")]
    spin: Annotated[Vec3, Field(description="angular velocity at the start of the scene, world axes [rad/s]")]


# ── scenes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class When(Record):
    """A moment on the scene's clock: `offset_s` after an anchor.

    anchor "start": the start of the scene. "beat_start"/"beat_end"/"line_start"/"line_end": of the beat or line
    named in `of`. "contact": the first contact of prop `of` with anything after its release or start.
    """

    anchor: Literal["start", "beat_start", "beat_end", "line_start", "line_end", "contact"]
    of: str
    offset_s: Annotated[float, Field(ge=-60, le=3600)]


class Outcome(Record):
    """What a beat should come to; reached by choosing how it starts, never by bending what follows."""

    kind: Literal["none", "goes_in", "misses", "hits"]
    via: Annotated[
        tuple[Literal["backboard", "rim", "short", "long", "clean"], ...],
        Field(description="in order of contact: a miss 'off the backboard', a shot in 'clean' (swish)"),
    ]


class Beat(Record):
    """One thing somebody does."""

    id: Id
    scene: Id
    actor: Annotated[str, Field(description="character id, or a prop id for things that act (push, tip)")]
    action: str
    target: Annotated[str, Field(description="prop, character or mark; empty if none")]
    prop: Annotated[str, Field(description="prop used; empty if none")]
    manner: tuple[str, ...]
    when: When
    outcome: Outcome


class Line(Record):
    """Something said."""

    id: Id
    scene: Id
    speaker: Id
    to: Annotated[str, Field(description="character id, or empty")]
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    language: Literal["en", "de", "es", "fr", "hi", "ar"]
    mood: Literal["neutral", "happy", "sad", "angry", "surprised", "afraid", "disappointed", "excited", "whispering"]
    when: When


class Blocking(Record):
    """Where a character stands when the scene starts, and what they look at."""

    character: Id
    scene: Id
    placement: Placement
    gaze: Annotated[str, Field(description="prop, character, 'camera' or 'ahead'")]


class OnEarth(Record):
    """A place and time on earth."""

    latitude_deg: Annotated[float, Field(ge=-90, le=90, description="north positive")]
    longitude_deg: Annotated[float, Field(ge=-180, le=180, description="east positive")]
    date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="YYYY-MM-DD")]
    local_time: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="HH:MM on the wall clock")]
    utc_offset_h: Annotated[float, Field(ge=-12, le=14, description="of that clock")]
    north_deg: Annotated[float, Field(ge=-180, le=180, description="where the set's +Y points, clockwise from north")]


class Scene(Record):
    """One continuous simulation in one place."""

    id: Id
    set: str
    time_of_day: Literal["morning", "noon", "afternoon", "sunset", "night"]
    sun_elevation_deg: Annotated[float, Field(ge=-90, le=90)]
    sun_azimuth_deg: Annotated[float, Field(description="clockwise from +Y, where the sun stands")]
    weather: Literal["clear", "cloudy", "overcast"]
    ambience: str
    ambience_level_db: Annotated[float, Field(ge=-90, le=0, description="relative to full scale")]
    gravity: Annotated[float, Field(ge=0, le=100, description="m/s², downward")]
    seconds: Annotated[float, Field(gt=0, le=3600)]
    ground: Annotated[str, Field(description="material of the ground; empty: what the set has")] = ""
    lighting: Annotated[str, Field(description="lamps added for people: library/data/lighting.toml")] = "natural"
    on_earth: Annotated[
        OnEarth | None,
        Field(description="if given, where the sun stood there and then: in place of sun_*_deg and time_of_day"),
    ] = None


# ── shots ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Move(Record):
    """Something the camera does in a shot; several add up, at once or one after another.

    `amount` is in degrees for pan and whip_pan (left positive), tilt (up), roll (clockwise) and orbit (anticlockwise
    from above); in metres for dolly (ahead), truck (right), pedestal, crane and drone (up); the part of the way to
    the subjects for push_in and pull_out; a factor on the lens for zoom and dolly_zoom; the part of the subjects' own
    way that the camera goes along for follow and lead; times the usual for handheld. A pan, tilt or whip_pan of 0 goes
    from the first subject to the last.
    """

    kind: Literal[
        "pan", "tilt", "roll", "dolly", "truck", "pedestal", "crane", "orbit", "follow", "lead", "push_in", "pull_out",
        "zoom", "dolly_zoom", "whip_pan", "handheld", "drone",
    ]  # fmt: skip
    amount: Annotated[float, Field(ge=-1000, le=1000)]
    start: Annotated[When | None, Field(description="at the cut, if not given")] = None
    end: Annotated[When | None, Field(description="at the end of the shot, if not given")] = None
    ease: Literal["linear", "in", "out", "in_out"] = "in_out"


class FocusPull(Record):
    """The focus goes over to another subject."""

    subject: Annotated[str, Field(description="prop or character")]
    start: When
    seconds: Annotated[float, Field(ge=0, le=600)]


class Camera(Record):
    """A camera of a shot. With `auto` true, rehearsal frames `subjects` and ignores `position` and `look_at`."""

    auto: bool
    size: Literal["ECU", "CU", "MCU", "MS", "cowboy", "MLS", "LS", "ELS"]
    angle: Literal["eye", "low", "high", "bird", "worm"]
    side: Annotated[float, Field(ge=-180, le=180, description="degrees round the subjects, 0 = their front")]
    subjects: tuple[str, ...]
    lens_mm: Annotated[float, Field(ge=8, le=400, description="on a 36 mm wide sensor")]
    f_stop: Annotated[float, Field(ge=0.7, le=64)]
    position: Vec3
    look_at: Vec3
    framing: Annotated[
        Literal["subjects", "over_the_shoulder", "point_of_view"],
        Field(description="over_the_shoulder: the first subject past the second; point_of_view: what the first sees"),
    ] = "subjects"
    roll_deg: Annotated[float, Field(ge=-180, le=180, description="Dutch angle, clockwise")] = 0.0
    focus: Annotated[str, Field(description="what is sharp; empty: the first subject")] = ""
    focus_pulls: tuple[FocusPull, ...] = ()
    moves: tuple[Move, ...] = ()
    exposure_ev: Annotated[float, Field(ge=-10, le=10, description="added to the look's, and to what is metered")] = 0.0
    metering: Annotated[
        Literal["incident", "none"],
        Field(description="incident: exposed for the light that falls towards this camera; none: for the scene's"),
    ] = "incident"
    white_balance_k: Annotated[
        float, Field(ge=1800, le=20000, description="colour temperature that is shown as white")
    ] = 6500.0


class Shot(Record):
    id: Id
    scene: Id
    start_s: Annotated[float, Field(ge=0)]
    end_s: Annotated[float, Field(gt=0)]
    camera: Camera
    cut: Annotated[
        When | None,
        Field(
            description="the moment the shot begins, if it hangs on one (never, if that is after its scene); "
            "start_s is then an estimate"
        ),
    ] = None


class Look(Record):
    """How light becomes picture."""

    view_transform: Literal["AgX", "Standard"]
    contrast: Literal["None", "Medium High Contrast", "Punchy", "Medium Low Contrast"]
    exposure_ev: Annotated[float, Field(ge=-10, le=10)]
    grade: Annotated[str, Field(description="the grades are in library/data/grades.toml")] = "neutral"
    style: Annotated[str, Field(description="the styles are in library/data/styles.toml")] = "photographic"
    grain: Annotated[float, Field(ge=0, le=1, description="film grain; 1 is coarse")] = 0.0
    vignette: Annotated[float, Field(ge=0, le=1, description="darker corners; 1 is two stops")] = 0.0


class Render(Record):
    """What trades time for looks; `quality` chose them, each can be changed."""

    samples: Annotated[int, Field(ge=1, le=16384)]
    motion_blur: bool
    shutter: Annotated[float, Field(ge=0, le=1, description="part of the frame interval the shutter is open")]
    denoise: bool
    inbetweens: Annotated[
        int,
        Field(
            ge=0,
            le=8,
            description="frames at most that are made from the rendered ones before and after while little moves",
        ),
    ] = 0


class Sound(Record):
    """Levels of the mix."""

    loudness_lufs: Annotated[float, Field(ge=-40, le=-8)]
    true_peak_dbtp: Annotated[float, Field(ge=-12, le=-0.5)]
    dialogue_db: Annotated[float, Field(ge=-60, le=20)]
    effects_db: Annotated[float, Field(ge=-60, le=20)]
    footsteps_db: Annotated[float, Field(ge=-60, le=20)]


class Screenplay(Record):
    """A whole film."""

    schema_: Annotated[Literal["soundstage/1"], Field(alias="schema")]
    title: Annotated[str, Field(max_length=200)]
    prompt: Annotated[str, Field(description="the words it was planned from; empty if written by hand")]
    language: Literal["en", "de", "es", "fr", "hi", "ar"]
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)]
    fps: Literal[12, 15, 24, 25, 30, 48, 50, 60]
    size: tuple[Annotated[int, Field(ge=32, le=7680)], Annotated[int, Field(ge=32, le=7680)]]
    quality: Literal["draft", "good", "best"]
    look: Look
    render: Render
    sound: Sound
    cast: tuple[Character, ...]
    props: tuple[Prop, ...]
    scenes: Annotated[tuple[Scene, ...], Field(min_length=1)]
    blocking: tuple[Blocking, ...]
    beats: tuple[Beat, ...]
    lines: tuple[Line, ...]
    shots: Annotated[tuple[Shot, ...], Field(min_length=1)]
    not_understood: Annotated[tuple[str, ...], Field(description="phrases of the prompt the film does not show")]

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, populate_by_name=True)

    @model_validator(mode="after")
    def _check_references(self) -> Self:
        from ._references import check  # here, because the check reads these very types

        check(self)
        return self

    @property
    def seconds(self) -> float:
        """Length of the film [s]."""
        return sum(scene.seconds for scene in self.scenes)

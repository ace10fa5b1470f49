"""The Frame: what a prompt asks for, free of its language. Reading fills it, staging makes a screenplay of it.

A frame holds only what was said; what was left open is empty ("" or None) and is decided by staging.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(kw_only=True)
class Wear:
    """One described piece of clothing."""

    concept: str
    """Name in the wardrobe (or in casting.toml's `instead`)."""
    colour: str = ""
    material: str = ""
    print_text: str = ""
    pattern: str = ""
    """Name of a pattern, or open."""
    pattern_colour: str = ""
    phrase: str = ""


@dataclass(kw_only=True)
class Figure:
    """A person."""

    id: str
    name: str = ""
    role: str = "person"
    given: str = ""
    """Id of the character from a file whom the prompt names."""
    sex: str = ""
    """"f", "m" or open."""
    age: str = ""
    """A key of casting.toml's `ages`, or open."""
    years: float | None = None
    height: str = ""
    """"tall", "short" or open."""
    height_m: float | None = None
    build: str = ""
    """"slim", "heavy", "muscular", "normal" or open."""
    hair_style: str = ""
    hair_colour: str = ""
    beard: str = ""
    skin: str = ""
    eyes: str = ""
    ancestry: str = ""
    freckles: float | None = None
    moles: int | None = None
    redness: float | None = None
    wrinkles: float | None = None
    outfit: str = ""
    """Key of casting.toml's `outfit`, or open."""
    outfit_said: bool = False
    """Clothes were spoken of, not only guessed from what somebody is."""
    outfit_colour: str = ""
    outfit_cloth: Wear | None = None
    """Pattern and material of the outfit's main parts, as said."""
    bare: list[str] = field(default_factory=list)
    """Garments that somebody is said to be without."""
    left_handed: bool | None = None
    mood: str = ""
    voice: str = ""
    wear: list[Wear] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)
    relation: str = ""
    """As Placement.relation; empty: staging places them."""
    target: str = ""
    """Mark of a set, or id of an item or figure."""
    gaze: str = ""
    distance_m: float | None = None
    """From the hoop."""


@dataclass(kw_only=True)
class Item:
    """A thing, or several alike."""

    id: str
    kind: str
    count: int = 1
    counted: bool = False
    """The prompt gives the number."""
    material: str = ""
    colours: list[str] = field(default_factory=list)
    scale: float = 1.0
    """From size words, times the library's size."""
    size_m: float | None = None
    """Largest extent, where the prompt gives it [m]."""
    mass_kg: float | None = None
    mass_factor: float = 1.0
    rise: float = 1.0
    """Of a ramp: how much higher than usual."""
    arrangement: str = ""
    """"row", "curve", "circle", "stack", "pyramid", "heap" or open."""
    relation: str = ""
    target: str = ""
    height_m: float | None = None
    """Of its underside over what is below it."""
    print_text: str = ""
    phrase: str = ""


@dataclass(kw_only=True)
class Deed:
    """Something somebody or something does."""

    id: str
    action: str
    actors: list[str] = field(default_factory=list)
    object: str = ""
    target: str = ""
    outcome: str = ""
    via: list[str] = field(default_factory=list)
    manner: list[str] = field(default_factory=list)
    link: str = "then"
    """"then" (after what came before), "with" (together with it) or "start"."""
    heights: list[float] = field(default_factory=list)
    """Of their undersides over what is below; one for all, or one for each [m]."""
    direction: str = ""
    already: bool = False
    """A posture they are in from the start."""
    spread: bool = False
    """One after another instead of all at once."""
    phrase: str = ""


@dataclass(kw_only=True)
class Speech:
    """Something somebody says."""

    id: str
    speaker: str = ""
    to: str = ""
    text: str = ""
    mood: str = "neutral"
    link: str = "then"
    phrase: str = ""


@dataclass(kw_only=True)
class Moment:
    """When something of the camera is to be, by what happens in the story."""

    how: str
    """"at" (its start), "during", "at_end", "until", "struck" (what it leads to touches something)."""
    of: str
    """Id of a happening."""


@dataclass(kw_only=True)
class MoveWish:
    """Something the camera shall do; units as in the screenplay's Move."""

    kind: str
    amount: float
    target: str = ""
    """Whom or what a pan goes to."""
    seconds: float | None = None
    slow: bool = False
    air: bool = False
    """It flies."""


@dataclass(kw_only=True)
class ShotWish:
    """A described picture, or something that the camera does in it."""

    size: str = ""
    angle: str = ""
    side: float | None = None
    roll: float = 0.0
    framing: str = ""
    subjects: list[str] = field(default_factory=list)
    people: int = 0
    """How many people shall be in it; 0 is open."""
    owner: str = ""
    """Whose eyes it is seen through, over whose shoulder."""
    lens_mm: float | None = None
    f_stop: float | None = None
    exposure_ev: float | None = None
    white_balance_k: float | None = None
    focus: str = ""
    pull: str = ""
    """What the focus goes over to; "?": to the other one."""
    pull_seconds: float = 1.0
    moves: list[MoveWish] = field(default_factory=list)
    locked: bool = False
    cut: bool = False
    """It begins with a cut."""
    then: bool = False
    """After the wish before it."""
    moment: Moment | None = None
    when: str = ""
    """"start", "finish" or "throughout" of its shot."""
    delay: float | None = None
    """After the start of its shot [s]."""
    seconds: float | None = None
    """How long it lasts."""
    after: str = ""
    """The last happening told before it."""
    leads: str = ""
    """The happening of its own sentence, if it stands before that ("Close-up: Anna says …")."""
    phrase: str = ""


@dataclass(kw_only=True)
class Frame:
    """All that a prompt asks for."""

    prompt: str
    language: str
    figures: list[Figure] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    happenings: list[Deed | Speech] = field(default_factory=list)
    place: str = ""
    """A set of the library."""
    ground: str = ""
    """Material of the ground, where it was said."""
    indoor: bool | None = None
    time_of_day: str = ""
    weak_time: bool = False
    """The time was only hinted at ("by day")."""
    weather: str = ""
    gravity: float | None = None
    shots: list[ShotWish] = field(default_factory=list)
    look: dict[str, Any] = field(default_factory=dict)
    """Of the screenplay's Look: grade, style, grain, vignette."""
    lighting: str = ""
    city: str = ""
    """Key of cities.toml."""
    date: tuple[int, int, int] | None = None
    """Year (0: none was said), month, day."""
    clock: float | None = None
    """Hours of the day on the wall clock."""
    seconds: float | None = None
    court: bool = False
    """A basketball court, in or out of doors."""
    sun_elevation: float | None = None
    present: set[str] = field(default_factory=set)
    """Ids of the figures and items this scene speaks of."""
    stances: dict[str, dict[str, object]] = field(default_factory=dict)
    """Id → where and how somebody or something is in this scene, once the next one has begun."""
    later: list[Frame] = field(default_factory=list)
    """The scenes after this one: other places, other times, another try."""
    missed: list[str] = field(default_factory=list)
    """Phrases that nothing was made of."""
    understood: list[str] = field(default_factory=list)
    """phrase → meaning."""

    def figure(self, figure_id: str) -> Figure | None:
        """The figure of that id, if there is one."""
        return next((f for f in self.figures if f.id == figure_id), None)

    def item(self, item_id: str) -> Item | None:
        """The item of that id, if there is one."""
        return next((i for i in self.items if i.id == item_id), None)

"""Small screenplays, written by hand, for tests of the rooms that read one."""

from __future__ import annotations

from typing import Any

from soundstage.screenplay import Screenplay

HERE = {"relation": "free", "target": "", "at": [0.0, 0.0, 0.0], "heading_deg": 0.0, "pitch_deg": 0.0, "roll_deg": 0.0}
NOW = {"anchor": "start", "of": "", "offset_s": 0.0}
NO_OUTCOME = {"kind": "none", "via": []}


def place(relation: str = "free", target: str = "", at: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> dict[str, Any]:
    return {**HERE, "relation": relation, "target": target, "at": list(at)}


def character(name: str = "anna") -> dict[str, Any]:
    return {
        "id": name,
        "name": name.title(),
        "identity": {
            "age": 26.0,
            "masculinity": 0.1,
            "height_m": 1.78,
            "muscle": 0.6,
            "weight": 0.45,
            "proportions": 0.6,
            "ancestry": {"african": 0.4, "asian": 0.2, "european": 0.4},
            "skin": "#b97f5f",
            "eyes": "#4a3626",
            "hair": {"style": "ponytail", "colour": "#20160f"},
            "beard": "none",
            "face_seed": 7,
            "left_handed": False,
        },
        "wardrobe": [
            {"kind": "t_shirt", "colour": "#a02020", "trim": "#ffffff", "material": "fabric", "print_text": "23"}
        ],
        "voice": {
            "engine": "espeak",
            "variant": "f3",
            "pitch": 60,
            "pitch_range": 60,
            "words_per_minute": 165,
            "formant_scale": 1.0,
        },
    }


def thing(name: str, kind: str = "ball", placement: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "id": name,
        "kind": kind,
        "scene": "one",
        "size": [0.2, 0.2, 0.2],
        "material": "rubber",
        "colour": "#c4622d",
        "mass_kg": 0.5,
        "fixed": False,
        "print_text": "",
        "placement": placement or place(at=(0.0, 0.0, 1.0)),
        "velocity": [0.0, 0.0, 0.0],
        "spin": [0.0, 0.0, 0.0],
    }


def document(seconds: float = 1.0) -> dict[str, Any]:
    """A ball falls in a studio; Anna watches it and says a word. Every list has an entry."""
    return {
        "schema": "soundstage/1",
        "title": "A fall",
        "prompt": "",
        "language": "en",
        "seed": 3,
        "fps": 24,
        "size": [96, 54],
        "quality": "draft",
        "look": {"view_transform": "AgX", "contrast": "None", "exposure_ev": 0.0},
        "render": {"samples": 1, "motion_blur": False, "shutter": 0.5, "denoise": False},
        "sound": {
            "loudness_lufs": -16.0,
            "true_peak_dbtp": -1.0,
            "dialogue_db": 0.0,
            "effects_db": 0.0,
            "footsteps_db": 0.0,
        },
        "cast": [character()],
        "props": [thing("ball")],
        "scenes": [
            {
                "id": "one",
                "set": "studio",
                "time_of_day": "noon",
                "sun_elevation_deg": 50.0,
                "sun_azimuth_deg": 200.0,
                "weather": "clear",
                "ambience": "room",
                "ambience_level_db": -50.0,
                "gravity": 9.81,
                "seconds": seconds,
                "ground": "",
            }
        ],
        "blocking": [
            {"character": "anna", "scene": "one", "placement": place(at=(1.0, 0.0, 0.0)), "gaze": "ball"},
        ],
        "beats": [
            {
                "id": "fall",
                "scene": "one",
                "actor": "ball",
                "action": "fall",
                "target": "",
                "prop": "",
                "manner": [],
                "when": NOW,
                "outcome": NO_OUTCOME,
            }
        ],
        "lines": [
            {
                "id": "word",
                "scene": "one",
                "speaker": "anna",
                "to": "",
                "text": "Oh!",
                "language": "en",
                "mood": "neutral",
                "when": {"anchor": "contact", "of": "ball", "offset_s": 0.1},
            }
        ],
        "shots": [
            {
                "id": "wide",
                "scene": "one",
                "start_s": 0.0,
                "end_s": seconds,
                "camera": {
                    "auto": True,
                    "size": "LS",
                    "angle": "eye",
                    "side": 0.0,
                    "subjects": ["anna", "ball"],
                    "lens_mm": 35.0,
                    "f_stop": 5.6,
                    "position": [0.0, -5.0, 1.5],
                    "look_at": [0.0, 0.0, 1.0],
                },
            }
        ],
        "not_understood": [],
    }


def screenplay(seconds: float = 1.0) -> Screenplay:
    return Screenplay.model_validate(document(seconds))


def fall(seconds: float = 1.0, *, seed: int = 3) -> Screenplay:
    """Nobody, no words: a ball falls. The quickest film there is."""
    fields = document(seconds) | {"cast": [], "blocking": [], "lines": [], "seed": seed}
    fields["shots"][0]["camera"]["subjects"] = ["ball"]
    return Screenplay.model_validate(fields)

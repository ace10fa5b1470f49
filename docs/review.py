"""Writes the scorecard into docs/review.md: every row, from src/soundstage/review/scorecard.toml.

python docs/review.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from soundstage.review import FEATURES, Measure, scorecard

PAGE = Path(__file__).with_name("review.md")
START, END = "<!-- scorecard -->\n", "<!-- end of scorecard -->\n"


def page() -> str:
    """The page with the scorecard as it is now."""
    written = PAGE.read_text("utf-8")
    before, after = written.partition(START)[0], written.partition(END)[2]
    return before + START + "\n".join(_scorecard()) + END + after


def _scorecard() -> Iterator[str]:
    for feature in FEATURES:
        yield f"\n### {feature.capitalize()}\n"
        yield "| row | goal | needs | what it is |\n|---|---|---|---|"
        yield from (_row(m) for m in scorecard().values() if m.feature == feature)
    yield ""


def _row(measure: Measure) -> str:
    name = f"{measure.label} (`{measure.key}`)" + ("" if measure.goal or not measure.unit else f" [{measure.unit}]")
    goal = f"{measure.goal.text} {measure.unit}".rstrip() if measure.goal else ""
    cells = (name, goal, ", ".join(measure.needs), measure.about)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")

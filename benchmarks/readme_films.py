"""Makes the README's films, measures them, and writes docs/scorecard.md: every row of the scorecard, film by film.

    python benchmarks/readme_films.py [--films DIR] [--size WxH] [--references N]

Films that stand in DIR already (NAME.mp4 with its folder NAME/) are measured and not made again; without DIR all are
made in a temporary folder. Each film gets its page there too, DIR/NAME.html. Takes about as long as the films do.
"""

from __future__ import annotations

import argparse
import platform
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from soundstage import devices
from soundstage.review import FEATURES, Measure, Review, review, scorecard
from soundstage.review.page import write
from soundstage.review.telling import clock_time, number

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "scorecard.md"
SAMPLES = 1024
"""Per pixel of a frame that is rendered once more."""
MARKS = {True: "", False: " ✗", None: ""}


def commands(readme: str) -> dict[str, list[str]]:
    """The README's commands that make a film of words, by the name of the film."""
    blocks = re.findall(r"```sh\n(.*?)```", readme, re.S)
    found: dict[str, list[str]] = {}
    for line in "\n".join(blocks).splitlines():
        made = re.search(r"\bsoundstage (film \".*)", line)
        if made:
            words = shlex.split(made[1], comments=True)
            found.setdefault(Path(words[words.index("-o") + 1]).stem, words)
    return found


def make(words: list[str], film: Path, size: str) -> None:
    """Run one of them."""
    options = list(words)
    options[options.index("-o") + 1] = str(film)
    sizes = ["--size", size] if size else []
    subprocess.run([sys.executable, "-m", "soundstage", *options, "--no-review", *sizes], check=True, stdout=sys.stderr)


def references(film: Path, count: int) -> list[Any]:
    """Frames rendered once more, to compare with; none unless they are asked for."""
    if not count:
        return []
    from soundstage.production.references import references as render

    return list(render(film, count, samples=SAMPLES))


def page(reviews: Mapping[str, Review], prompts: Mapping[str, str], how: str) -> str:
    """The whole page."""
    return "\n".join(_lines(reviews, prompts, how)) + "\n"


def _lines(reviews: Mapping[str, Review], prompts: Mapping[str, str], how: str) -> Iterator[str]:
    yield "# The README's films, measured\n"
    yield f"Written by {how}. What each row means stands in [Measuring a film](review.md).\n"
    yield "✗ falls short of its goal; – not measurable in this film.\n"
    yield from (f"- **{name}**: {prompt}" for name, prompt in prompts.items() if name in reviews)
    yield ""
    yield _table_row("", "", *reviews)
    yield _table_row(*["---"] * (2 + len(reviews)))
    for feature in FEATURES:
        verdicts = [{True: "good", False: "falls short", None: "–"}[r.verdict(feature)] for r in reviews.values()]
        yield _table_row(f"**{feature}**", "", *(f"**{verdict}**" for verdict in verdicts))
        for measure in scorecard().values():
            if measure.feature == feature and any(r.row(measure.key).value is not None for r in reviews.values()):
                yield _table_row(measure.label, _goal(measure), *(_cell(r, measure) for r in reviews.values()))
    yield "\n## What falls short\n"
    yield from list(_short(reviews)) or ["Nothing."]


def _table_row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _goal(measure: Measure) -> str:
    return f"{measure.goal.text} {measure.unit}".rstrip() if measure.goal else ""


def _cell(found: Review, measure: Measure) -> str:
    row = found.row(measure.key)
    return number(row.value, measure) + MARKS[row.met]


def _short(reviews: Mapping[str, Review]) -> Iterator[str]:
    for name, found in reviews.items():
        for row in found.rows:
            if row.met is False:
                where = f" at {clock_time(row.worst.time_s)}: {row.worst.what}" if row.worst else ""
                yield f"- {name}: {row.measure.label}, {number(row.value, row.measure)}{where}"


def main() -> None:
    """Make, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=Path, help="where the films stand, or are kept")
    parser.add_argument("--size", default="", help="other than the draft's")
    parser.add_argument("--references", type=int, default=0, help="frames of each film to render once more")
    parser.add_argument("--out", type=Path, default=PAGE)
    chosen = parser.parse_args()
    found = commands((ROOT / "README.md").read_text("utf-8"))
    reviews: dict[str, Review] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.films or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        for film, words in found.items():
            path = folder / f"{film}.mp4"
            if not path.exists():
                make(words, path, chosen.size)
            reviews[film] = review(path, references=references(path, chosen.references))
            write(reviews[film], path, path.with_suffix(".html"))
    size = f" --size {chosen.size}" if chosen.size else ""
    rendered = f" --references {chosen.references}" if chosen.references else ""
    machine = f"{devices.usable_cpus()} cores ({platform.machine()}), {time.strftime('%Y-%m-%d')}"
    how = f"`python benchmarks/readme_films.py{size}{rendered}` on {machine}"
    text = page(reviews, {film: words[1] for film, words in found.items()}, how)
    chosen.out.write_text(text, "utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()

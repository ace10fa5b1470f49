"""Things that fall, roll, bounce and knock: positions, hands and beats → motion and contacts.

`simulate` loads the physics engine; importing this package does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .records import Simulation

if TYPE_CHECKING:
    from ...screenplay.model import Scene, Screenplay
    from ..layout import Layout
    from ..motion.records import Performance
    from ..schedule import Cue

__all__ = ["Simulation", "simulate"]


def simulate(
    layout: Layout, performance: Performance, screenplay: Screenplay, scene: Scene, cues: Sequence[Cue] | None = None
) -> Simulation:
    """What the things of a scene do while its people move; see `physics.simulate`.

    Raises:
        ScreenplayError: a beat asks of a thing what it cannot do.
        OutcomeError: an intended outcome cannot be reached; says the nearest that was.
    """
    from ._simulate import simulate as run

    return run(layout, performance, screenplay, scene, cues)

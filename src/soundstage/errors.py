"""Everything that Soundstage raises on purpose.

    SoundstageError                 exit 1: something failed that is not the user's input
    ├── InputError                  exit 2: the prompt, the document or an option is wrong
    │   ├── ScreenplayError         a field of a document is wrong (knows line and field)
    │   ├── NotUnderstoodError      nothing (or, under --strict, not everything) in a prompt was understood
    │   └── OutcomeError            an intended outcome cannot be reached (knows the nearest that was)
    ├── WorkerError                 a render process died and could not be brought back
    └── OutputError                 a result could not be written (disk full, no permission)

Each carries one line that says what is wrong and one that says how to mend it.
"""

from __future__ import annotations


class SoundstageError(Exception):
    """Something went wrong; `what` and `mend` are one line each."""

    exit_code = 1

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.what}\n{self.mend}" if self.mend else self.what


class InputError(SoundstageError):
    """The prompt, document or option is wrong."""

    exit_code = 2


class ScreenplayError(InputError):
    """A document is wrong; `what` names the line and the field where they are known."""


class NotUnderstoodError(InputError):
    """Nothing in the prompt was understood, or `strict` was asked and something was not."""


class OutcomeError(InputError):
    """No plausible start reaches the intended outcome; `what` names the nearest outcome that was reached."""


class WorkerError(SoundstageError):
    """A render process died more often than it is worth restarting."""


class OutputError(SoundstageError):
    """A result could not be written."""

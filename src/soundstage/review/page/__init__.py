"""report.html: what was measured of a film, on one page that stands by itself."""

from .writing import write

__all__ = ["write"]

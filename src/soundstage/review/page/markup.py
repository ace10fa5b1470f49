"""HTML and SVG as values: every text is escaped unless it was built here."""

from __future__ import annotations

from html import escape

VOID = frozenset(("br", "img", "link", "meta", "source"))
"""Elements without an end tag."""


class Html(str):
    """Text that is markup already. Only `el`, `join` and `raw` make it; anything else is escaped where it is put."""

    __slots__ = ()


def raw(text: str) -> Html:
    """Markup of our own files; never a text of a film."""
    return Html(text)


def text(value: str) -> Html:
    """A text as it is to be read; characters that control a terminal or a page's direction are left out."""
    if isinstance(value, Html):
        return value
    return Html(escape("".join(c for c in value if c in "\n\t" or (ord(c) >= 32 and c not in _TURNING))))


_TURNING = frozenset("\x7f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that would turn the direction of what stands after them."""


def el(name: str, /, *children: str | Html | None, **attributes: str | float | bool | None) -> Html:
    """An element. Attributes: `_` at the end is dropped, other `_` become `-`; None and False are left out."""
    words = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        plain = key.rstrip("_").replace("_", "-")
        shown = str(value) if isinstance(value, str) else f"{value:g}"
        words.append(plain if value is True else f'{plain}="{text(str.__str__(shown))}"')
    inner = "".join(text(child) for child in children if child is not None)
    head = f"<{' '.join(words)}>"
    return Html(head if name in VOID else f"{head}{inner}</{name}>")


def join(*parts: str | Html | None) -> Html:
    """Several, one after the other."""
    return Html("".join(text(part) for part in parts if part is not None))

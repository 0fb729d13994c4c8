"""What a digest layout is, and the list of those there are."""

from __future__ import annotations

from typing import NamedTuple, Protocol, TypeVar

from store.models import Entry, LoadWarning


class Reading(NamedTuple):
    """What a layout read from a file: its entries in file order, and what a person should look at."""

    entries: tuple[Entry, ...]
    warnings: tuple[LoadWarning, ...] = ()


class Layout(Protocol):
    """One way of writing a digest. Its text has ``\\n`` line ends only.

    ``needs`` completes the English sentence "this layout needs …" for the person whose file no layout recognised.
    """

    name: str
    needs: str

    def recognises(self, text: str) -> bool:
        """Whether the text shows the signs of this layout. Must be quick: it is asked of every file."""
        ...

    def read(self, text: str) -> Reading:
        """Every entry of the text. Never raises: what cannot be read becomes a warning."""
        ...


_LAYOUTS: dict[str, Layout] = {}
_LayoutClass = TypeVar("_LayoutClass", bound=type[Layout])


def register(layout: _LayoutClass) -> _LayoutClass:
    """Class decorator: digests are tried with this layout from now on."""
    instance = layout()
    _LAYOUTS[instance.name] = instance
    return layout


def registered() -> tuple[Layout, ...]:
    """All layouts, in the order in which they were registered."""
    return tuple(_LAYOUTS.values())

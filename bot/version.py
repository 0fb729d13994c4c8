"""Which digestbot this is."""

from __future__ import annotations

from importlib import metadata

_PACKAGE = "digestbot"


def version() -> str | None:
    """The version as installed; None where this runs without having been installed."""
    try:
        return metadata.version(_PACKAGE)
    except metadata.PackageNotFoundError:
        return None

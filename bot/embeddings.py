"""The optional embedding model: papers are ranked by meaning as well as by words.

It is there where ``DIGESTBOT_EMBEDDINGS`` names its folder, and needs the extra ``digestbot[semantic]``.
"""

from __future__ import annotations

from bot.settings import Settings, SettingsError
from store import Embedder, ModelUnusable, load_embedder


def make_embedder(settings: Settings) -> Embedder | None:
    """The embedding model that the settings ask for; None where they ask for none.

    Raises:
        SettingsError: the extra is not installed, or the folder holds no model that can be loaded.
    """
    if settings.embeddings is None:
        return None
    try:
        return load_embedder(settings.embeddings)
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"DIGESTBOT_EMBEDDINGS needs the Python package {error.name}: install digestbot[semantic], or unset it."
        ) from None
    except ModelUnusable as error:
        raise SettingsError(f"DIGESTBOT_EMBEDDINGS cannot be used: {error}.") from None

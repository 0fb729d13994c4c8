"""The optional language model: the archive's answer in its words, shown only as far as the quotations bear it out.

It is there where ``DIGESTBOT_LLM_URL`` and ``DIGESTBOT_LLM_MODEL`` are set, and needs the extra ``digestbot[llm]``.
"""

from __future__ import annotations

import logging
import math

from bot.llm.writing import Writer
from bot.settings import Settings, SettingsError

__all__ = ["Writer", "make_writer"]

log = logging.getLogger(__name__)


def make_writer(settings: Settings, *, streams: bool = True) -> Writer | None:
    """The writer that the settings ask for; None where they ask for none.

    With ``streams=False`` nothing is shown before it is complete: where an edit prints the message once more.

    Raises:
        SettingsError: the extra is not installed, or the address, a proxy or a certificate cannot be used.
    """
    if not (settings.llm_url and settings.llm_model):
        if settings.llm_url or settings.llm_model:
            log.warning("No language model is used: that needs DIGESTBOT_LLM_URL and DIGESTBOT_LLM_MODEL")
        return None
    try:
        # Imported here: what it needs is installed with the extra only.
        from bot.llm.client import ChatClient
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"DIGESTBOT_LLM_URL needs the Python package {error.name}: install digestbot[llm], or unset it."
        ) from None
    key = settings.llm_key.get_secret_value() if settings.llm_key else None
    try:
        model = ChatClient(settings.llm_url, settings.llm_model, key)
    except (ValueError, OSError, ImportError) as error:
        raise SettingsError(
            f"The address in DIGESTBOT_LLM_URL cannot be asked ({error}): check it, HTTPS_PROXY, ALL_PROXY and "
            "SSL_CERT_FILE."
        ) from None
    return Writer(model) if streams else Writer(model, pause=math.inf)

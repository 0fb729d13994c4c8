"""What tests of the bot share beyond what all tests do."""

from __future__ import annotations

import pytest

from tests.conftest import RunningBot
from tests.morning import Morning


@pytest.fixture
def morning(own_bot: RunningBot) -> Morning:
    """The bot over an archive of its own, sending what is due when the test says so."""
    return Morning.of(own_bot)

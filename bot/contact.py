"""When Telegram was last heard of."""

from __future__ import annotations

import time
from collections.abc import Callable


class Contact:
    """The bot's contact with Telegram. ``clock`` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._last: float | None = None

    def note(self) -> None:
        """Telegram answered, or called."""
        self._last = self.clock()

    @property
    def seconds(self) -> float | None:
        """Since Telegram was last heard of; None where it never was."""
        return None if self._last is None else self.clock() - self._last

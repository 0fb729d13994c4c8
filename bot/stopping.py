"""A stop that was asked for: what is in hand is finished, and within ten seconds the process has ended.

Service managers kill what takes longer (Docker after 10 s), so nothing here may wait without limit: not for Telegram, a
language model, a database or a thread.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

from bot.exits import Exit

log = logging.getLogger(__name__)

# Seconds after the signal, until which messages are answered; and after which the process ends whatever it does.
FINISHING = 8.0
LAST_MOMENT = 9.5
# A log that nobody reads holds up whoever writes to it; it must not hold up the end.
_LAST_WORDS = 0.2


class Stop:
    """Waits for SIGINT and SIGTERM: the first cancels the task that made this, a second ends the process at once.

    Made in the task that the process lives for. ``begin`` is called at the first signal.
    """

    def __init__(self, begin: Callable[[], None]) -> None:
        main = asyncio.current_task()
        if main is None:
            raise RuntimeError("only a task can be cancelled by a signal")
        self._main, self._loop, self._begin = main, asyncio.get_running_loop(), begin
        self._asked_at: float | None = None

    def await_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.add_signal_handler(number, self._asked, number)

    @property
    def seconds_left(self) -> float:
        """For finishing what is being answered. The time begins with the signal, or when it is first asked for."""
        if self._asked_at is None:
            self._asked_at = self._loop.time()
        return max(0.0, self._asked_at + FINISHING - self._loop.time())

    def _asked(self, number: int) -> None:
        if self._asked_at is not None:
            # Whoever asks twice cannot wait for answers under way. Both databases bear the end at any moment.
            log.warning("Asked twice to stop: leaving at once")
            os._exit(Exit.SIGNALLED + number)
        self._asked_at = self._loop.time()
        leave_in(LAST_MOMENT)
        log.info("Stopping; what is being answered is finished first")
        self._begin()
        self._main.cancel()


def leave_in(seconds: float) -> None:
    """End the process after so many seconds, if it has not ended by then.

    Python waits at its end for every thread of the pools, however long: one that hangs in a disk, a child process or a
    lock would keep the process. It may be left where it is, for both databases bear the end at any moment: a
    transaction counts whole or not at all, and a message that is being sent is in the ledger as such.
    """

    def leave() -> None:
        speaker = threading.Thread(target=log.warning, args=["Something did not end in time: leaving without it"])
        speaker.daemon = True
        speaker.start()
        speaker.join(_LAST_WORDS)
        os._exit(Exit.FINE)

    timer = threading.Timer(seconds, leave)
    timer.daemon = True
    timer.start()


def leave_on_signals() -> None:
    """SIGTERM and SIGINT end the process with status 0 from here on, until the bot finishes what is in hand at one.

    Nobody waits for an answer yet. As a container's first process it would not end at all otherwise: there the kernel
    keeps back every signal without a handler.
    """

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(Exit.FINE)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)

"""How fast the bot sends: as fast as Telegram allows, and readers who wait for an answer first.

Telegram takes about 30 messages a second from a bot, one a second in a chat (short bursts aside) and 20 a minute in a
group. What is faster is refused with a time to wait, and whoever goes on is refused for longer.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum
from typing import Any, TypeAlias

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.transport import NotSent
from bot.turns import asked_lately

ChatId: TypeAlias = int | str
Result: TypeAlias = Any

# A little below 30 a second, and the window a little wider than the second: on their way, messages draw together.
_EVENLY = 1 / 29.2
# Answers to chats that are written to much leave some places for others.
_BUSY_EVENLY = 1 / 24
_MOST, _WINDOW = 30, 1.02
# A reader's answers may come in a burst, which Telegram allows for; a digest keeps strictly to one a second.
_BURST, _BURST_WINDOW = 3, 3.0
_IN_CHAT_WINDOW = 1.02
_IN_GROUP, _GROUP_WINDOW = 20, 60.5
# A digest whose chat may not be written to for longer than this makes room for another one, and is told to come back.
_DELIVERY_PATIENCE = 2.0
# An answer waits at most this long for Telegram's time to wait to end, and is tried again so many times.
_READER_PATIENCE, _READER_TRIES = 30.0, 4
# An answer that is proven not to have gone is tried again after so many seconds, then after twice and thrice as many.
_AFTER_FAILURE = 1.0
_PRUNE_ABOVE = 4096
_LATELY = 10.0

_SENDING = ("send", "copy", "forward")
_EDITING = "edit"
_UNCOUNTED = frozenset({"sendChatAction"})


class Lane(IntEnum):
    """What a message is for."""

    READER = 1
    DELIVERY = 2


@dataclass(frozen=True)
class Delivery:
    """Given as ``rate_limit_args`` with a message that goes out by itself; one without is a reader's answer.

    ``begin`` is awaited when its turn has come, right before the request; what it raises stops the request.
    """

    begin: Callable[[], Awaitable[None]]


@dataclass
class _Chat:
    """What was sent to a chat lately."""

    sent: deque[float] = field(default_factory=lambda: deque(maxlen=_IN_GROUP))
    served: deque[float] = field(default_factory=lambda: deque(maxlen=_IN_GROUP))  # edits as well
    held_until: float = 0.0

    def free_at(self, lane: Lane, *, group: bool) -> float:
        """When the next message may go to it; the past where it may go now."""
        free = self.held_until
        if lane is Lane.DELIVERY and self.sent:
            free = max(free, self.sent[-1] + _IN_CHAT_WINDOW)
        if len(self.sent) >= _BURST:
            free = max(free, self.sent[-_BURST] + _BURST_WINDOW)
        if group and len(self.sent) == _IN_GROUP:
            free = max(free, self.sent[0] + _GROUP_WINDOW)
        return free


@dataclass(eq=False)
class _Turn:
    """A request that waits for its turn; an ``edit`` is no new message in its chat, so that only the bot's own limit
    counts."""

    chat: ChatId
    edit: bool
    asked_lately: int
    lane: Lane
    come: asyncio.Future[None]


class Pace(BaseRateLimiter[Delivery]):
    """Lets requests go one by one, evenly, those of the reader's lane first.

    A request waits in its lane until both the bot's limit and its chat's allow it; one whose chat must wait lets
    others pass, and one whose chat was written to much of late lets others go first. Telegram's ``retry_after`` holds
    back the chat it was said of and nobody else. Only messages are paced: taps are answered and questions about chats
    are asked at once.

    Time is the event loop's.
    """

    def __init__(self) -> None:
        self._waiting: dict[Lane, list[_Turn]] = {lane: [] for lane in Lane}
        self._chats: dict[ChatId, _Chat] = {}
        self._sent: deque[float] = deque(maxlen=_MOST)
        self._even = 0.0  # when the next delivery may go so that all come evenly
        self._busy_even = 0.0  # when the next answer to a chat that is written to much may go
        self._begins = False  # whether a delivery was let go that has not begun
        self._timer: asyncio.TimerHandle | None = None

    async def initialize(self) -> None:
        """There is nothing to prepare."""

    async def shutdown(self) -> None:
        """Forget what was to wake requests; none waits any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Delivery | None,
    ) -> Result:
        """Make the request in its turn.

        Raises:
            RetryAfter: the chat may not be written to for so long; of a delivery, this is proof that it was not sent.
            NotSent: Telegram could not be reached, for an answer not at several tries either.
        """
        lane = Lane.DELIVERY if rate_limit_args else Lane.READER
        chat = _chat_id(data.get("chat_id"))
        if chat is None or not endpoint.startswith((*_SENDING, _EDITING)) or endpoint in _UNCOUNTED:
            return await callback(*args, **kwargs)
        edit = endpoint.startswith(_EDITING)
        for tries_left in reversed(range(_READER_TRIES)):
            await self._turn(chat, lane, edit=edit)
            if rate_limit_args is not None:
                await self._begin(rate_limit_args, chat)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                wait = seconds(error)
                self._hold(chat, wait)
                if lane is Lane.DELIVERY or not tries_left or wait > _READER_PATIENCE:
                    raise
                if edit:
                    await asyncio.sleep(wait)
            except NotSent:
                # A delivery waits in the ledger instead.
                if lane is Lane.DELIVERY or not tries_left:
                    raise
                await asyncio.sleep(_AFTER_FAILURE * (_READER_TRIES - tries_left))
        raise AssertionError("the last try returns or raises")

    async def _turn(self, chat: ChatId, lane: Lane, *, edit: bool) -> None:
        """Return when a request may go."""
        loop = asyncio.get_running_loop()
        if lane is Lane.DELIVERY:
            wait = self._chat_free_at(chat, lane) - loop.time()
            if wait > _DELIVERY_PATIENCE:
                raise RetryAfter(math.ceil(wait))
        turn = _Turn(chat, edit, asked_lately(), lane, loop.create_future())
        self._waiting[lane].append(turn)
        self._let_go()
        try:
            await turn.come
        except asyncio.CancelledError:
            if lane is Lane.DELIVERY and not turn.come.cancelled():
                self._begun()  # it was let go just before, and gives its turn back
            raise
        finally:
            if turn in self._waiting[lane]:
                self._waiting[lane].remove(turn)

    async def _begin(self, delivery: Delivery, chat: ChatId) -> None:
        """Let a delivery begin; the next one's turn comes after it, or both might be sent at the same moment."""
        try:
            await delivery.begin()
            self._note(chat, asyncio.get_running_loop().time())
        finally:
            self._begun()

    def _begun(self) -> None:
        self._begins = False
        self._let_go()

    def _let_go(self) -> None:
        """Let those go who may, and come back when the next one may."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        wake = math.inf
        for lane in Lane:
            for turn in self._in_order(lane, now):
                busy = lane is Lane.READER and self._lately(turn, now) >= _BURST
                overall = self._free_at(lane, busy=busy)
                if overall > now:
                    wake = min(wake, overall)
                    break
                free = 0.0 if turn.edit else self._chat_free_at(turn.chat, lane)
                if free > now:
                    wake = min(wake, free)
                    continue
                self._waiting[lane].remove(turn)
                if turn.come.done():
                    continue  # nobody waits any more
                if lane is Lane.DELIVERY:
                    self._begins = True
                else:
                    self._note(turn.chat, now, edit=turn.edit)
                    self._busy_even = now + _BUSY_EVENLY if busy else self._busy_even
                turn.come.set_result(None)
        if now < wake < math.inf:
            self._timer = loop.call_at(wake, self._let_go)

    def _in_order(self, lane: Lane, now: float) -> list[_Turn]:
        """Those who wait in a lane. Readers whose chats were written to least lately come first, or fifty who ask
        without a pause would take every place before the one who asks once."""
        if lane is Lane.DELIVERY or len(self._waiting[lane]) < 2:
            return list(self._waiting[lane])
        return sorted(self._waiting[lane], key=lambda turn: self._lately(turn, now))

    def _lately(self, turn: _Turn, now: float) -> int:
        """How much a chat was written to within the last seconds, or asked for, if that is more."""
        known = self._chats.get(turn.chat)
        served = sum(served > now - _LATELY for served in known.served) if known else 0
        return max(served, turn.asked_lately)

    def _free_at(self, lane: Lane, *, busy: bool) -> float:
        """When the bot's own limit lets the next message of a lane go; infinity where it first takes another one.

        Deliveries go evenly, and so do answers to ``busy`` chats, those that are written to much: thirty at once would
        leave no place for a second, and that is how long others would wait.
        """
        if lane is Lane.DELIVERY and self._begins:
            return math.inf
        most = _MOST - self._begins
        free = self._sent[-most] + _WINDOW if len(self._sent) >= most else 0.0
        if busy:
            return max(free, self._even, self._busy_even)
        return max(free, self._even) if lane is Lane.DELIVERY else free

    def _chat_free_at(self, chat: ChatId, lane: Lane) -> float:
        known = self._chats.get(chat)
        return known.free_at(lane, group=_is_group(chat)) if known else 0.0

    def _note(self, chat: ChatId, now: float, *, edit: bool = False) -> None:
        self._sent.append(now)
        # Who comes late by less than one place keeps the beat, or lateness would add up to a slower pace.
        self._even = max(self._even, now - _EVENLY) + _EVENLY
        known = self._of(chat, now)
        known.served.append(now)
        if not edit:
            known.sent.append(now)

    def _hold(self, chat: ChatId, wait: float) -> None:
        now = asyncio.get_running_loop().time()
        known = self._of(chat, now)
        known.held_until = max(known.held_until, now + wait)

    def _of(self, chat: ChatId, now: float) -> _Chat:
        if len(self._chats) > _PRUNE_ABOVE:
            self._chats = {
                each: known
                for each, known in self._chats.items()
                if known.held_until > now or (known.served and known.served[-1] > now - _GROUP_WINDOW)
            }
        return self._chats.setdefault(chat, _Chat())


class AtOnce(BaseRateLimiter[Delivery]):
    """Lets everything go at once, where nobody sets a limit: in the terminal."""

    async def initialize(self) -> None:
        """There is nothing to prepare."""

    async def shutdown(self) -> None:
        """There is nothing to give back."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Delivery | None,
    ) -> Result:
        """Make the request."""
        if rate_limit_args is not None:
            await rate_limit_args.begin()
        return await callback(*args, **kwargs)


def seconds(error: RetryAfter) -> float:
    """How long Telegram wants us to wait; the library says it in one of two types."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _chat_id(value: object) -> ChatId | None:
    if isinstance(value, int):
        return value
    return None if not isinstance(value, str) else int(value) if value.lstrip("-").isdecimal() else value


def _is_group(chat: ChatId) -> bool:
    """Whether a chat is a group or channel, by its number or name."""
    return isinstance(chat, str) or chat < 0

"""How much one chat may ask for: whoever floods the bot is told once, then left unanswered for a while."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["answer", "notice", "silence"]

MOST = 20
WITHIN = 10.0
SILENCE = 30.0
# For so long, whoever flooded the bot stands behind everybody else.
_REMEMBERED = 600.0
# Chats that have been quiet are forgotten once there are more than this.
_PRUNE_ABOVE = 4096


@dataclass
class _Chat:
    """When a chat's latest messages and taps came, and until when it is left unanswered."""

    came: deque[float] = field(default_factory=deque)
    silent_until: float = float("-inf")

    def has_flooded(self, now: float) -> bool:
        return now < self.silent_until + _REMEMBERED

    def is_quiet(self, now: float) -> bool:
        return not self.has_flooded(now) and (not self.came or now - self.came[-1] >= WITHIN)


class FairUse:
    """Counts what chats send. More than 20 messages and taps within 10 s are answered with one notice, and then with
    nothing for 30 s, whatever comes meanwhile. Times are seconds of any one clock; nothing else is remembered.
    """

    def __init__(self) -> None:
        self._chats: dict[int, _Chat] = {}

    def asked_lately(self, chat_id: int, now: float) -> int:
        """How much a chat asks for: what was answered within the last seconds, and more if it flooded the bot lately.

        Where not all can be answered at once, those who ask for less come first.
        """
        chat = self._chats.get(chat_id)
        if chat is None:
            return 0
        return len(chat.came) + (MOST if chat.has_flooded(now) else 0)

    def judge(self, chat_id: int, now: float) -> Verdict:
        """What to do with a message or tap that came now; it is counted."""
        if len(self._chats) > _PRUNE_ABOVE:
            self._chats = {each: known for each, known in self._chats.items() if not known.is_quiet(now)}
        chat = self._chats.setdefault(chat_id, _Chat())
        if now < chat.silent_until:
            return "silence"
        while chat.came and now - chat.came[0] >= WITHIN:
            chat.came.popleft()
        if len(chat.came) < MOST:
            chat.came.append(now)
            return "answer"
        chat.came.clear()
        chat.silent_until = now + SILENCE
        return "notice"

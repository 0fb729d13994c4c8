"""How fast a bot may send."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field


@dataclass
class Pace:
    """Telegram's limits as sliding windows: messages a second over all chats and in one chat, and
    messages a minute in one group. A message that is refused does not count."""

    overall: int = 30
    in_chat: int = 1
    in_group: int = 20
    _sent: dict[tuple[str, int], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait(self, chat_id: int, *, group: bool, now: float) -> int:
        """0 where a message may go to the chat now (it is counted then), else whole seconds to wait."""
        windows = [("all", 0, self.overall, 1.0), ("chat", chat_id, self.in_chat, 1.0)]
        if group:
            windows.append(("group", chat_id, self.in_group, 60.0))
        waits = [self._room(self._sent[kind, number], limit, seconds, now) for kind, number, limit, seconds in windows]
        if any(waits):
            return max(1, math.ceil(max(waits)))
        for kind, number, _, _ in windows:
            self._sent[kind, number].append(now)
        return 0

    @staticmethod
    def _room(sent: deque[float], limit: int, seconds: float, now: float) -> float:
        while sent and sent[0] <= now - seconds:
            sent.popleft()
        return sent[0] + seconds - now if len(sent) >= limit else 0.0

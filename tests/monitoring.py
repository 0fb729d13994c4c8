"""What tests of monitoring share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.contact import Contact


@dataclass
class Source:
    """Where updates come from, as monitoring sees it; ``why`` none do."""

    contact: Contact = field(default_factory=Contact)
    pending: int | None = None
    why: str | None = None

    async def connect(self) -> None:
        self.contact.note()

    async def fetch(self, queue: asyncio.Queue[object]) -> None:
        await asyncio.Event().wait()

    def fault(self) -> str | None:
        return self.why

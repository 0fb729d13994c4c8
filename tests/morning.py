"""A bot whose ticks a test makes: what is due is sent when the test says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.chats import Delivery, Subscription
from bot.delivery import Deliveries
from tests.conftest import RunningBot
from tests.digests import weekly_digest, weekly_entry
from tests.telegram import Conversation, Fault, Reply

# 08:30 in Shanghai on Tuesday, 3 June 2025; the bot's clock stands half a day before it.
DUE = datetime(2025, 6, 3, 0, 30, tzinfo=UTC)
TUESDAY = date(2025, 6, 3)


@dataclass
class Morning:
    """A bot whose ticks the test makes."""

    bot: RunningBot
    deliveries: Deliveries

    @classmethod
    def of(cls, bot: RunningBot) -> Morning:
        """The bot as on Telegram, but for the time."""
        bot.services.delivers = True
        return cls(bot, Deliveries(bot.driver.app.bot, bot.services, lambda: True))

    async def tick(self, at: datetime | None = None) -> list[Reply]:
        """Looks for what is due, at a moment or now; gives what was sent."""
        if at is not None:
            self.bot.clock.time = at
        mark = len(self.bot.driver.api.calls)
        await self.deliveries.tick()
        self.bot.driver.check()
        return self.bot.driver.replies_since(mark)

    def ledger(self, who: Conversation) -> list[Delivery]:
        return self.bot.services.chats_.deliveries(who.chat.id)

    def states(self, who: Conversation) -> list[str]:
        return [delivery.state for delivery in self.ledger(who)]

    def subscription(self, who: Conversation) -> Subscription:
        subscription = self.bot.services.chats_.subscription(who.chat.id)
        assert subscription is not None
        return subscription

    def fail(self, fault: Fault, who: Conversation, times: int = 1) -> None:
        self.bot.driver.api.fail_next("sendMessage", fault, times=times, chat_id=who.chat.id)

    def restarted(self) -> Morning:
        """The bot after a crash: what it had in mind is gone, what it wrote is there."""
        return Morning(self.bot, Deliveries(self.bot.driver.app.bot, self.bot.services, lambda: True))


def keys(delivery: Delivery) -> list[str]:
    return [item.key for item in delivery.items]


def digest_file(*numbers: int, about: str = "goats") -> str:
    """A weekly digest of papers with these numbers."""
    return weekly_digest(
        *(
            weekly_entry(f"Paper {number} on {about}", f"第{number}篇", f"2506.{number:05}", f"本文讲{about}。")
            for number in numbers
        )
    )

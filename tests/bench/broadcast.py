"""A digest for thousands at once: ``python -m tests.bench.broadcast``.

The real bot sends to the stand-in, which allows what Telegram allows, in simulated time: what takes six minutes by the
clocks of both takes as long as the machine needs for it. With ``--killed``, the bot is a process of its own that is
killed at random moments, in real time.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click
from telegram import Update
from telegram.request import BaseRequest

from bot.app import build_application
from bot.chats import CHATS_FILE, Chats, Subscription
from bot.delivery import Deliveries
from bot.settings import Settings
from bot.zones import zone_of
from store import Archive, load
from tests import flock, simulated
from tests.telegram import LiveBot, Pace, StandIn, StandInRequest

DUE = datetime(2025, 6, 3, 0, 30, tzinfo=UTC)
LIMIT = 30  # messages a second
_READER = 5_000_000


@dataclass(frozen=True)
class Figures:
    """What a broadcast came to. ``sent`` counts readers' own answers as well; ``longest_wait`` is how long a reader
    waited for one at most, in seconds."""

    served: int
    sent: int
    seconds: float
    floods: int
    longest_wait: float

    @property
    def share_of_limit(self) -> float:
        return self.sent / (self.seconds * LIMIT)


class SlowRequest(StandInRequest):
    """The stand-in as far away as Telegram is."""

    latency = 0.08

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        await asyncio.sleep(self.latency / 2)
        answer = await super().do_request(*arguments, **options)
        await asyncio.sleep(self.latency / 2)
        return answer


def subscribe_all(chats: Chats, subscribers: int, due: datetime) -> None:
    """Write subscriptions of chats 1,001, 1,002 and so on, all due at once."""
    zone = zone_of("Asia/Shanghai")
    local = due.astimezone(zone)
    first = Subscription(
        0, "private", "en", local.time().replace(second=0, microsecond=0), "Asia/Shanghai", due - timedelta(days=1),
        next_due_at=due.replace(second=0, microsecond=0),
    )  # fmt: skip
    for number in range(subscribers):
        chats.keep_subscription(replace(first, chat_id=1001 + number))


def broadcast(subscribers: int, data: Path, folder: Path) -> Figures:
    """Send to so many subscribers from the archive in ``data``, while a reader a second asks something."""
    return simulated.run(_broadcast(subscribers, data, folder))


async def _broadcast(subscribers: int, data: Path, folder: Path) -> Figures:
    loop = asyncio.get_running_loop()
    stand_in = StandIn(clock=lambda: DUE.timestamp() + loop.time())
    for number in range(subscribers):
        stand_in.person(1001 + number, "Reader")
    settings = Settings(_env_file=None).model_copy(update={"data": data})
    request: BaseRequest = SlowRequest(stand_in.api)
    chats = Chats.open(folder)
    subscribe_all(chats, subscribers, DUE)
    with Archive.open(data) as archive:
        application = build_application(
            settings,
            archive,
            chats,
            token=stand_in.token,
            request=request,
            get_updates_request=stand_in.request(),
            now=lambda: DUE + timedelta(seconds=loop.time()),
        )
        async with application:
            stand_in.api.pace = Pace()
            waits: list[float] = []
            asking = asyncio.create_task(_ask(stand_in, application, waits))
            started = loop.time()
            await Deliveries(application.bot, application.bot_data.services, lambda: True).tick()
            seconds = loop.time() - started
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
    chats.close()
    served = Counter(call.chat_id for call in stand_in.api.calls_of("sendMessage"))
    floods = sum(refusal.status == 429 for refusal in stand_in.api.refusals)
    subscribed = sum(chat < _READER for chat in served if isinstance(chat, int))
    return Figures(subscribed, served.total(), seconds, floods, max(waits))


async def _ask(stand_in: StandIn, application: Any, waits: list[float]) -> None:
    """A reader a second asks for help; how long each waits is kept."""
    loop = asyncio.get_running_loop()
    number = _READER
    while True:
        await asyncio.sleep(1.0)
        number += 1
        update = stand_in.updates.message(stand_in.person(number, "Asker"), "/help")
        asked = loop.time()
        await application.process_update(Update.de_json(update, application.bot))
        waits.append(loop.time() - asked)


@dataclass(frozen=True)
class Killed:
    """What runs of a bot that was killed came to, all together; ``most_lost`` is of a single run."""

    runs: int
    twice: int
    most_lost: int
    floods: int


def killed(runs: int, subscribers: int, seed: int = 1) -> Killed:
    """Runs of the bot as a process over HTTP, each killed (SIGKILL) at a random moment and started again."""
    chance = random.Random(seed)
    outcomes = []
    for run in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            outcomes.append(run_killed(Path(folder), subscribers, [(chance.random(), LiveBot.kill)]))
            click.echo(f"run {run + 1}: {outcomes[-1]}", err=True)
    return Killed(
        runs,
        sum(outcome.twice for outcome in outcomes),
        max(outcome.most_lost for outcome in outcomes),
        sum(outcome.floods for outcome in outcomes),
    )


def run_killed(folder: Path, subscribers: int, ends: Sequence[tuple[float, Callable[[LiveBot], int]]]) -> Killed:
    """One run; the bot is ended in each of the given ways, when so large a share of the subscribers has been served,
    and started again.
    """
    (folder / "seeds").mkdir()
    for name, text in flock.files().items():
        (folder / "seeds" / name).write_text(text, encoding="utf-8")
    load(folder / "seeds", folder / "data")
    chats = Chats.open(folder / "data")
    subscribe_all(chats, subscribers, datetime.now(UTC))
    chats.close()
    stand_in = StandIn()
    for number in range(subscribers):
        stand_in.person(1001 + number, "Reader")
    stand_in.api.pace = Pace()
    with stand_in.serve() as server:
        bot = stand_in.live_bot(server, folder, environment={"DIGESTBOT_SEEDS": str(folder / "seeds")})
        with bot:
            for share, end in ends:
                bot.wait_for(partial(_so_many, stand_in, int(share * subscribers)))
                end(bot)
                bot.start()
            bot.wait_for(lambda: len({*_served(stand_in), *_unknown(folder / "data")}) == subscribers)
    served = _served(stand_in)
    floods = sum(refusal.status == 429 for refusal in stand_in.api.refusals)
    return Killed(1, sum(count > 1 for count in served.values()), subscribers - len(served), floods)


def _served(stand_in: StandIn) -> Counter[object]:
    """How often each chat was written to."""
    return Counter(call.chat_id for call in stand_in.api.calls_of("sendMessage"))


def _so_many(stand_in: StandIn, wanted: int) -> bool:
    return len(_served(stand_in)) >= wanted


def _unknown(data: Path) -> set[int]:
    """The chats whose delivery nobody knows the fate of."""
    with closing(sqlite3.connect(data / CHATS_FILE)) as connection:
        rows = connection.execute("SELECT chat_id FROM deliveries WHERE state = 'unknown'")
        return {chat_id for (chat_id,) in rows}


@click.command()
@click.option("--subscribers", default=10_000, show_default=True, help="How many are due at once.")
@click.option("--killed", "runs", default=0, help="So many runs with 300 subscribers and kills instead.")
def main(subscribers: int, runs: int) -> None:
    """Print how a broadcast went."""
    if runs:
        outcome = killed(runs, 300)
        click.echo(
            f"{outcome.runs} runs: {outcome.twice} served twice, at most {outcome.most_lost} lost in a run, "
            f"{outcome.floods} floods"
        )
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        seeds = folder / "seeds"
        seeds.mkdir()
        for name, text in flock.files().items():
            (seeds / name).write_text(text, encoding="utf-8")
        load(seeds, folder / "data")
        started = time.perf_counter()
        figures = broadcast(subscribers, folder / "data", folder)
        click.echo(
            f"{figures.served:,} of {subscribers:,} served in {figures.seconds:.1f} s, with "
            f"{figures.sent - figures.served} answers to readers: {figures.share_of_limit:.1%} of the limit, "
            f"{figures.floods} floods, no reader waited longer than {figures.longest_wait:.2f} s "
            f"(computed in {time.perf_counter() - started:.0f} s)"
        )


if __name__ == "__main__":
    main()

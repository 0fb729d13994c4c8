"""A reader among chats that flood the bot: ``python -m tests.bench.flood``.

The bot runs as a process of its own against the stand-in, which holds it to Telegram's limits. Ten readers ask a
question every ten seconds each, first alone, then while other chats send as fast as they are told to; how long the
answers take is measured from the message's arrival at Telegram to the answer's.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from bot.stats import AnswerTimes, answer_times
from store import load
from tests.telegram import LiveBot, Pace, Person, StandIn

SEEDS = Path(__file__).parents[2] / "seeds"
QUESTIONS = (
    "Which papers improve on GRPO?",
    "怎样缩短思维链？",
    "How can hallucination be reduced in vision-language models?",
    "视频生成有什么新方法？",
    "What is reported about web agents?",
)


class Flood:
    """Chats that each send ``rate`` questions a second until stopped, answered or not."""

    def __init__(self, stand_in: StandIn, bot: LiveBot, chats: int, rate: float) -> None:
        self.sent = 0
        self._people = [stand_in.person(1001 + number, "Flooder") for number in range(chats)]
        self._bot, self._interval = bot, 1 / (chats * rate)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._send)

    def __enter__(self) -> Flood:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _send(self) -> None:
        due = time.monotonic()
        while not self._over.wait(max(0.0, due - time.monotonic())):
            person = self._people[self.sent % len(self._people)]
            self._bot.tell(person, QUESTIONS[self.sent % len(QUESTIONS)])
            self.sent += 1
            due += self._interval


def ask(bot: LiveBot, readers: Sequence[Person], seconds: int) -> AnswerTimes:
    """A question a second, of one reader after the other; how long the answers took."""
    over, times = threading.Event(), []
    for number in range(seconds):
        reader = readers[number % len(readers)]
        asked = time.monotonic()
        since = bot.tell(reader, QUESTIONS[number % len(QUESTIONS)])
        bot.wait_for(partial(_answered, bot, reader, since))
        times.append(time.monotonic() - asked)
        over.wait(max(0.0, asked + 1 - time.monotonic()))
    return answer_times(times)


def _answered(bot: LiveBot, reader: Person, since: int) -> bool:
    return any(call.chat_id == reader.id and call.method == "sendMessage" for call in bot.api.calls[since:])


def run(folder: Path, chats: int, rate: float, seconds: int) -> tuple[AnswerTimes, AnswerTimes, Sequence[int]]:
    """How long readers wait alone and beside the flood; how many messages flooded, and how many were answered."""
    load(SEEDS, folder / "data")
    stand_in = StandIn()
    stand_in.api.pace = Pace()
    readers = [stand_in.person(1 + number, "Ada") for number in range(10)]
    with (
        stand_in.serve() as server,
        stand_in.live_bot(server, folder, environment={"DIGESTBOT_SEEDS": str(SEEDS)}) as bot,
    ):
        ask(bot, readers, 3)
        alone = ask(bot, readers, seconds)
        before = len(bot.api.calls_of("sendMessage"))
        with Flood(stand_in, bot, chats, rate) as flood:
            beside = ask(bot, readers, seconds)
        answered = len(bot.api.calls_of("sendMessage")) - before - seconds
        bot.kill()  # what the flood left would be answered first
        floods = sum(refusal.status == 429 for refusal in bot.api.refusals)
    return alone, beside, (flood.sent, answered, floods)


@click.command()
@click.option("--chats", default=50, show_default=True, help="How many chats flood.")
@click.option("--rate", default=10.0, show_default=True, help="Messages each of them sends a second.")
@click.option("--seconds", default=60, show_default=True, help="How long readers ask, alone and beside the flood.")
def main(chats: int, rate: float, seconds: int) -> None:
    """Print how long readers wait for an answer."""
    with tempfile.TemporaryDirectory() as folder:
        alone, beside, (sent, answered, floods) = run(Path(folder), chats, rate, seconds)
    click.echo(f"alone: p50 {1000 * alone.p50:.0f} ms, p95 {1000 * alone.p95:.0f} ms")
    click.echo(
        f"beside {chats} chats with {rate:g} messages a second each ({sent:,} sent, {answered:,} answered or told "
        f"to wait, {floods} refused by Telegram): p50 {1000 * beside.p50:.0f} ms, p95 {1000 * beside.p95:.0f} ms"
    )


if __name__ == "__main__":
    main()

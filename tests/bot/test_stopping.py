"""Asked to stop, the bot finishes what is in hand and has ended within ten seconds, whatever hangs."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from telegram import Update
from telegram.error import TimedOut
from telegram.ext import Application, ApplicationBuilder, ExtBot, MessageHandler

from bot.exits import Exit
from bot.lifecycle import started
from bot.ordering import InOrderPerChat
from bot.polling import fetch
from bot.stopping import FINISHING, LAST_MOMENT, leave_on_signals
from tests import flock, simulated
from tests.bot.language_model import LanguageModel, chunk, running_model
from tests.conftest import ROOT, write_digests
from tests.telegram import LiveBot, Server, StandIn

# The bot with less time than in life: tests have none either.
IN_A_HURRY = """
import threading, sys
from bot import stopping
from bot.cli import main
stopping.FINISHING, stopping.LAST_MOMENT = {finishing}, {last_moment}
{more}
sys.argv[1:] = ["run"]
main()
"""
# An answer in a thread that never comes back.
STUCK = """
from store import Archive
Archive.ask = lambda *given: threading.Event().wait()
"""


@pytest.fixture
def server(stand_in: StandIn) -> Iterator[Server]:
    with stand_in.serve() as server:
        yield server


@pytest.fixture
def model() -> Iterator[LanguageModel]:
    with running_model() as running:
        yield running


def live_bot(
    stand_in: StandIn,
    server: Server,
    folder: Path,
    *,
    finishing: float,
    last_moment: float,
    more: str = "",
    **environment: str,
) -> LiveBot:
    write_digests(folder / "seeds", flock.files())
    script = IN_A_HURRY.format(finishing=finishing, last_moment=last_moment, more=more)
    environment["DIGESTBOT_SEEDS"] = str(folder / "seeds")
    return stand_in.live_bot(server, folder, environment=environment, command=(sys.executable, "-c", script))


def test_there_is_a_limit_below_that_of_service_managers() -> None:
    assert FINISHING < LAST_MOMENT < 10


def test_every_exit_status_is_documented() -> None:
    documented = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for status in (each for each in Exit if each is not Exit.SIGNALLED):
        assert f"\n| {status.value} | " in documented


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_before_there_is_anything_to_finish_a_signal_ends_it_at_once(number: signal.Signals) -> None:
    handlers = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        leave_on_signals()
        with pytest.raises(SystemExit) as ended:
            signal.raise_signal(number)
    finally:
        for each, handler in handlers.items():
            signal.signal(each, handler)
    assert ended.value.code == 0


def test_an_answer_that_a_language_model_never_ends_is_given_up(
    stand_in: StandIn, server: Server, model: LanguageModel, tmp_path: Path
) -> None:
    bob = stand_in.person(id=8, first_name="Bob", language_code="en")
    model.will_send(chunk("Woolly"), hangs=True)
    settings = {"DIGESTBOT_LLM_URL": model.url, "DIGESTBOT_LLM_MODEL": "shepherd"}
    with live_bot(stand_in, server, tmp_path, finishing=0.2, last_moment=9.5, **settings) as bot:
        [quoted] = bot.say(bob, "What shearing rate does Woolly reach?")
        assert "90.5%" in quoted.quotes[0]
        began = time.monotonic()
        assert bot.stop() == 0
        assert time.monotonic() - began < 5
        assert "Stopping before all was answered; messages given up: 1" in bot.output
        assert bot.output.splitlines()[-1].endswith("Stopped")
        assert "Traceback" not in bot.output
        assert "never awaited" not in bot.output
        # It was confirmed, and is not answered a second time.
        bot.start()
        assert [reply.text.splitlines()[0] for reply in bot.say(bob, "/language zh")] == ["好的，以后用中文。"]


def test_a_thread_that_never_returns_does_not_keep_the_process(
    stand_in: StandIn, server: Server, tmp_path: Path
) -> None:
    bob = stand_in.person(id=8, first_name="Bob", language_code="en")
    with live_bot(stand_in, server, tmp_path, finishing=0.1, last_moment=0.3, more=STUCK) as bot:
        bot.tell(bob, "What shearing rate does Woolly reach?")
        bot.say(stand_in.person(id=9, first_name="Eve", language_code="en"), "/search sheep")
        assert bot.stop() == 0
        assert bot.output.splitlines()[-1].endswith("Something did not end in time: leaving without it")


class Hanging:
    """Handlers that never end, and what there is of them."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.cancelled: list[str] = []
        self.one_began = asyncio.Event()

    async def __call__(self, update: Update, context: object) -> None:
        text = update.message.text if update.message and update.message.text else ""
        self.begun.append(text)
        self.one_began.set()
        if text == "quick":
            return
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled.append(text)
            raise


def application_with(
    handler: Hanging, stand_in: StandIn
) -> Application[ExtBot[None], object, object, object, object, object]:
    builder = ApplicationBuilder().token(stand_in.token).updater(None).job_queue(None)
    builder = builder.request(stand_in.request()).get_updates_request(stand_in.request())
    application = builder.concurrent_updates(InOrderPerChat(10)).build()
    application.add_handler(MessageHandler(None, handler))
    return application


async def test_what_is_in_hand_is_given_up_with_what_waits_behind_it(
    stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    handler = Hanging()
    application = application_with(handler, stand_in)
    ada = stand_in.person()
    async with started(application, lambda: 0.05):
        for text in ("hangs", "waits", "waits too"):
            update = Update.de_json(stand_in.updates.message(ada, text), application.bot)
            application.update_queue.put_nowait(update)
        await handler.one_began.wait()
    assert (handler.begun, handler.cancelled) == (["hangs"], ["hangs"])
    assert caplog.messages == ["Stopping before all was answered; messages given up: 3"]


async def test_what_was_taken_before_the_stop_is_answered(stand_in: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    handler = Hanging()
    application = application_with(handler, stand_in)
    update = stand_in.updates.message(stand_in.person(), "quick")
    async with started(application, lambda: 5.0):
        application.update_queue.put_nowait(Update.de_json(update, application.bot))
    assert handler.begun == ["quick"]
    assert caplog.messages == []


def test_telegram_is_not_waited_for_to_say_goodbye(caplog: pytest.LogCaptureFixture) -> None:
    class Bot:
        token = "1:token"
        answers = 1

        async def get_updates(self, **parameters: object) -> tuple[Update, ...]:
            if not self.answers:
                await asyncio.sleep(3600)
                raise TimedOut
            self.answers -= 1
            return (Update(5),)

    async def stopped() -> float:
        queue: asyncio.Queue[object] = asyncio.Queue()
        fetching = asyncio.create_task(fetch(Bot(), queue))  # type: ignore[arg-type]
        await queue.get()
        began = asyncio.get_running_loop().time()
        fetching.cancel()
        await asyncio.wait({fetching})
        return asyncio.get_running_loop().time() - began

    assert simulated.run(stopped()) == 2.0
    assert caplog.messages == ["Telegram was not told which messages are answered: it did not answer within 2 s"]

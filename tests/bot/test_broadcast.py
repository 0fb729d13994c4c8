"""A digest for many at once: at Telegram's pace, readers first; and killed half way, none twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.chats import Chats
from bot.chats.records import to_text
from bot.delivery import IN_FLIGHT
from tests import flock
from tests.bench import tick
from tests.bench.broadcast import broadcast, run_killed
from tests.conftest import write_digests
from tests.telegram import LiveBot, StandIn


def test_everybody_is_served_at_nearly_the_limit_and_no_reader_waits(sheep: Path, tmp_path: Path) -> None:
    figures = broadcast(250, sheep, tmp_path)
    assert figures.served == 250
    assert figures.share_of_limit >= 0.95
    assert figures.floods == 0
    assert figures.longest_wait <= 0.5


def test_killed_and_then_asked_to_stop_it_serves_nobody_twice_and_goes_on_where_it_was(tmp_path: Path) -> None:
    outcome = run_killed(tmp_path, 50, [(0.3, LiveBot.kill), (0.7, LiveBot.stop)])
    assert outcome.twice == 0
    assert outcome.most_lost <= IN_FLIGHT


def test_who_is_due_is_found_at_once_among_many(tmp_path: Path) -> None:
    tick.fill(tmp_path, 20_000, 100)
    found, milliseconds = tick.measure(tmp_path, rounds=20)
    assert found == 100
    assert min(milliseconds) < 20


def test_the_whole_path_over_http(stand_in: StandIn, tmp_path: Path) -> None:
    write_digests(tmp_path / "seeds", flock.files())
    bob = stand_in.person(id=8, first_name="Bob", language_code="en")
    environment = {"DIGESTBOT_SEEDS": str(tmp_path / "seeds")}
    with stand_in.serve() as server, stand_in.live_bot(server, tmp_path, environment=environment) as bot:
        [reply] = bot.say(bob, "/subscribe 8:30 Berlin")
        assert reply.text.startswith("Subscribed. The next digest comes on ")
        bot.stop()
        _make_due(tmp_path / "data", bob.id)
        since = len(stand_in.api.calls)
        bot.start()
        [digest] = bot.wait_for_replies(1, since=since)
        assert digest.chat_id == bob.id
        assert digest.bold[0].startswith("Papers for ")
        [card] = bot.press(bob, "1", on=digest)
        assert card.bold[0] == digest.bold[2]
        bot.kill()
        bot.start()
        assert bot.say(bob, "/digest")[0].text == digest.text


def _make_due(data: Path, chat_id: int) -> None:
    """Move a chat's next digest to a moment ago."""
    chats = Chats.open(data)
    with chats._writing() as connection:
        moment = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=1)
        connection.execute(
            "UPDATE subscriptions SET time = ?, zone = 'Etc/UTC', next_due_at = ? WHERE chat_id = ?",
            [f"{moment:%H:%M}", to_text(moment), chat_id],
        )
    chats.close()

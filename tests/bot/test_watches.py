"""/watch: new papers with the reader's words lead the next digest, or are told at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chats import MAX_WATCHES
from tests import flock
from tests.morning import DUE, Morning, digest_file
from tests.telegram import Fault


async def brings(morning: Morning, *numbers: int, about: str = "goats") -> None:
    """A load brings papers with these numbers."""
    morning.bot.clock.time += timedelta(minutes=1)
    await morning.bot.reload({**flock.files(), "new.md": digest_file(*numbers, about=about)})


async def test_a_new_paper_that_matches_leads_the_next_digest_under_its_watch(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30 agents")
    [reply] = await bob.say("/watch goats -sheep")
    assert reply.text == "Watching for “goats -sheep”. New papers that match lead your next digest."
    await morning.tick()
    await brings(morning, 1, 2)
    [digest] = await morning.tick(DUE)
    assert digest.text.split("\n\n")[1].splitlines()[:2] == [
        "Found by your watch “goats -sheep”",
        "1. Paper 1 on goats",
    ]
    assert [(item.why, item.watch) for item in morning.ledger(bob)[0].items[:2]] == [("watch", "goats -sheep")] * 2


async def test_what_it_found_can_be_told_at_once(morning: Morning) -> None:
    bob = morning.bot.bob
    [reply] = await bob.say("/watch goats")
    assert reply.text.endswith("You get no digest yet: /subscribe, or choose to be told at once.")
    await bob.press("at once")
    await morning.tick()
    await brings(morning, 1)
    [found] = await morning.tick()
    assert found.text.splitlines()[0] == "Your watches found 1 new paper"
    assert "1. Paper 1 on goats" in found.text
    assert await morning.tick() == []
    [row] = morning.bot.services.chats_.deliveries(bob.chat.id, "find")
    assert (row.state, row.message_id) == ("sent", found.message_id)
    # It was had, so the digest does not bring it again.
    await bob.say("/subscribe 8:30")
    [digest] = await morning.tick(DUE)
    assert "Paper 1 on goats" not in digest.text


async def test_papers_that_were_there_before_are_no_news(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/watch sheep")
    await bob.press("at once")
    assert await morning.tick() == []
    await morning.bot.reload({"other.md": digest_file(1)})
    await morning.bot.reload(flock.files())
    assert await morning.tick() == []


async def test_what_is_excluded_is_not_told(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/watch dogs -goats")
    await bob.press("at once")
    await morning.tick()
    await brings(morning, 1, about="dogs and goats")
    assert await morning.tick() == []


async def test_more_than_a_message_holds_comes_in_several(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/watch goats")
    await bob.press("at once")
    await morning.tick()
    await brings(morning, *range(1, 14))
    found = await morning.tick()
    # They are on their way at the same time; either may come first.
    assert {reply.text.splitlines()[0] for reply in found} == {
        "Your watches found 10 new papers",
        "Your watches found 3 new papers",
    }
    assert len(found) == 2


async def test_what_could_not_be_told_is_told_later(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/watch goats")
    await bob.press("at once")
    await morning.tick()
    await brings(morning, 1)
    morning.fail(Fault.refused(403, "Forbidden: bot was blocked by the user"), bob)
    assert await morning.tick() == []
    assert await morning.tick(morning.bot.clock.time + timedelta(hours=23)) == []
    assert len(await morning.tick(morning.bot.clock.time + timedelta(hours=2))) == 1


async def test_a_message_telegram_refuses_is_not_tried_for_ever(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/watch goats")
    await bob.press("at once")
    await morning.tick()
    await brings(morning, 1)
    morning.fail(Fault.refused(400, "Bad Request: something odd"), bob)
    for _ in range(3):
        assert await morning.tick() == []
    assert len(morning.bot.services.chats_.deliveries(bob.chat.id, "find")) == 1


async def test_watches_are_listed_changed_and_dropped(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/watch goats")
    await bob.say('/watch "language model" -survey')
    [listed] = await bob.say("/watches")
    assert listed.text == 'Your watches\n1. goats\n2. "language model" -survey'
    assert listed.button_texts == [["✕ 1", "1: at once"], ["✕ 2", "2: at once"]]
    [changed] = await bob.press("2: at once")
    assert changed.text.splitlines()[2] == '2. "language model" -survey (told at once)'
    [dropped] = await bob.press("✕ 1")
    assert dropped.text == 'Your watches\n1. "language model" -survey (told at once)'
    [note] = await bob.press(listed.button("✕ 1"))
    assert note.text == "This button is out of date. Please send the command again."
    [unsubscribed] = await bob.say("/unsubscribe")
    assert unsubscribed.text.endswith("What your watches find is still told at once; /watches changes that.")


async def test_the_same_words_are_watched_once(morning: Morning) -> None:
    await morning.bot.bob.say("/watch goats")
    await morning.bot.bob.say("/watch goats")
    assert len(morning.bot.services.chats_.watches(morning.bot.bob.chat.id)) == 1


async def test_nobody_drops_anothers_watch(morning: Morning) -> None:
    await morning.bot.bob.say("/watch goats")
    [watch] = morning.bot.services.chats_.watches(morning.bot.bob.chat.id)
    [listed] = await morning.bot.ada.say("/watch 山羊")
    [note] = await morning.bot.ada.press_data(f"x:{watch.id}", on=listed)
    assert note.text == "这个按钮已经过期，请重新发送命令。"
    assert morning.bot.services.chats_.watches(morning.bot.bob.chat.id) == [watch]


async def test_a_chat_has_twenty_at_most(morning: Morning) -> None:
    for number in range(MAX_WATCHES):
        await morning.bot.bob.say(f"/watch goat{number}")
    [reply] = await morning.bot.bob.say("/watch one too many")
    assert reply.text == "You have 20 watches, as many as a chat may have. Drop some with /watches."
    [listed] = await morning.bot.bob.say("/watches")
    assert len(listed.button_texts) == MAX_WATCHES


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Add the words to wait for, for example: /watch grpo -survey"),
        ("!!!", "There is no word in that to look for. Write a word or two."),
        ("the", "Nearly every paper has these words."),
        ("topic:", ""),
        ("-goats", ""),
    ],
)
async def test_what_cannot_be_watched_for_is_said(morning: Morning, typed: str, said: str) -> None:
    [reply] = await morning.bot.bob.say(f"/watch {typed}".strip())
    assert reply.text.startswith(said)
    assert morning.bot.services.chats_.watches(morning.bot.bob.chat.id) == []

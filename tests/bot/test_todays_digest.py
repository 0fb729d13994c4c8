"""/digest: today's digest as it was delivered, or a preview of the next; and more of it."""

from __future__ import annotations

from datetime import timedelta

from tests import flock
from tests.morning import DUE, Morning, digest_file, keys


async def test_before_it_comes_there_is_a_preview_that_is_written_nowhere(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    [preview] = await bob.say("/digest")
    assert preview.bold[0] == "A preview"
    assert preview.text.splitlines()[0] == (
        "A preview of the digest for Tuesday, 2025-06-03, 08:30 (Beijing time). It may change until then."
    )
    assert morning.ledger(bob) == []
    assert morning.bot.services.chats_.seen(bob.chat.id) == set()


async def test_the_preview_is_what_comes(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    [first] = await bob.say("/digest")
    [second] = await bob.say("/digest")
    [digest] = await morning.tick(DUE)
    assert first.text == second.text
    assert digest.text.split("\n\n")[1:] == first.text.split("\n\n")[1:]


async def test_a_preview_changes_with_the_settings_and_with_the_archive(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    [five] = await bob.say("/digest")
    await bob.say("/settings")
    await bob.press("Papers")
    await bob.press("2")
    [two] = await bob.say("/digest")
    assert len(five.text.split("\n\n")) == 6
    assert len(two.text.split("\n\n")) == 3
    morning.bot.clock.time += timedelta(hours=1)
    await morning.bot.reload({**flock.files(), "new.md": digest_file(1)})
    [new] = await bob.say("/digest")
    assert new.bold[1:3] == ["New in the archive", "Paper 1 on goats"]


async def test_once_delivered_it_is_what_was_delivered(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    [digest] = await morning.tick(DUE)
    morning.bot.clock.time = DUE + timedelta(hours=1)
    await morning.bot.reload({**flock.files(), "new.md": digest_file(1)})
    [again] = await bob.say("/digest today")
    assert again.text == digest.text
    assert len(morning.ledger(bob)) == 1


async def test_who_is_not_subscribed_sees_todays_papers_and_how_to_get_them(morning: Morning) -> None:
    [picks] = await morning.bot.ada.say("/digest 今天")
    assert picks.text.splitlines()[0] == "2025-06-02（星期一）的论文。想每天收到，请发 /subscribe。"
    assert morning.bot.services.chats_.subscription(morning.bot.ada.chat.id) is None


async def test_a_paper_that_has_gone_from_the_archive_is_still_named(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    await morning.tick(DUE)
    await morning.bot.reload({"other.md": digest_file(1)})
    [digest] = await bob.say("/digest")
    assert "It is not in the archive any more." in digest.italic
    assert "Woolly: Shearing Sheep with Language Models" in digest.text or "Lullaby" in digest.text


async def test_more_today_counts_as_had(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    [digest] = await morning.tick(DUE)
    [more] = await bob.press("More today", on=digest)
    assert (more.method, more.bold[0]) == ("sendMessage", "More papers")
    had = morning.bot.services.chats_.seen(bob.chat.id)
    assert len(had) == 8
    assert set(keys(morning.ledger(bob)[0])) < had
    [note] = await bob.press("More today", on=digest)
    assert (note.method, note.text) == ("answerCallbackQuery", "There is nothing more at the moment.")


async def test_a_number_opens_its_paper(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    [digest] = await morning.tick(DUE)
    [card] = await bob.press("1", on=digest)
    assert card.bold[0] == digest.bold[2]

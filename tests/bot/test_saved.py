"""Papers a chat keeps: the ☆ buttons and /saved."""

from __future__ import annotations

from tests.morning import DUE, Morning, digest_file


async def test_a_star_saves_its_paper_and_the_list_opens_and_drops_it(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    [digest] = await morning.tick(DUE)
    [note] = await bob.press("☆ 2", on=digest)
    assert note.text == "Saved. /saved lists what you keep."
    [again] = await bob.press("☆ 2", on=digest)
    assert again.text == "It is saved already; see /saved."
    await bob.press("☆ 1", on=digest)
    [listed] = await bob.say("/saved")
    assert listed.text.splitlines()[0] == "Saved: 2 papers"
    assert listed.button_texts == [["1", "2"], ["✕ 1", "✕ 2"]]
    [card] = await bob.press("1", on=listed)
    assert card.bold[0] == listed.bold[1]
    [shorter] = await bob.press("✕ 1", on=listed)
    assert shorter.text.splitlines()[0] == "Saved: 1 paper"
    [empty] = await bob.press("✕ 1", on=shorter)
    assert empty.text == "You have saved no paper yet. The ☆ buttons under a digest save one."


async def test_the_list_has_pages(morning: Morning) -> None:
    bob = morning.bot.bob
    [digest] = await bob.say("/digest")
    for number in range(1, 6):
        await bob.press(f"☆ {number}", on=digest)
    await bob.press_data("v:2505-00001", on=digest)
    await bob.press_data("v:2505-00002", on=digest)
    await bob.press_data("v:2505-00003", on=digest)
    [first] = await bob.say("/saved")
    pages = 2 if "page 1/2" in first.text else 1
    assert pages == 2
    [second] = await bob.press("Next ›")
    assert second.message_id == first.message_id
    assert second.button_texts[-1] == ["‹ Previous"]


async def test_what_has_gone_from_the_archive_stays_by_name(morning: Morning) -> None:
    bob = morning.bot.bob
    [digest] = await bob.say("/digest")
    await bob.press_data("v:2505-00002", on=digest)
    await morning.bot.reload({"other.md": digest_file(1)})
    [listed] = await bob.say("/saved")
    assert "A Survey of Fences for Sheep" in listed.text
    [note] = await bob.press("1", on=listed)
    assert note.text == "This button is out of date. Please send the command again."


async def test_a_star_of_a_paper_that_never_was_is_outdated(morning: Morning) -> None:
    [digest] = await morning.bot.bob.say("/digest")
    [note] = await morning.bot.bob.press_data("v:2505-99999", on=digest)
    assert note.text == "This button is out of date. Please send the command again."

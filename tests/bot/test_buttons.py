"""Buttons: always answered, once, whatever they say and however old they are."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram.error import BadRequest

from tests import flock
from tests.conftest import RunningBot
from tests.digests import weekly_digest, weekly_entry
from tests.telegram import Conversation, Fault

CLOVER = {"2025-06-weekly.md": weekly_digest(weekly_entry("Clover", "三叶草", "2506.00001", "三叶草。"))}
OUTDATED = "This button is out of date. Please send the command again."


def answers(conversation: Conversation) -> int:
    """How many taps were answered so far."""
    return len(conversation.driver.api.calls_of("answerCallbackQuery"))


async def test_a_card_leads_to_related_papers_and_back(bob: Conversation) -> None:
    [card] = await bob.say("/paper 2505.00003")
    [related] = await bob.press("Related papers")
    assert related.method == "sendMessage"
    assert related.bold[0] == "Barking Up: A Dog that Counts Sheep"
    assert "Barking Up" not in related.text.partition("\n")[2]
    [back] = await bob.press("‹ Back to the paper")
    assert back.text == card.text


async def test_related_papers_turn_their_pages_in_place(bob: Conversation) -> None:
    await bob.say("/paper 2505.00003")
    [first] = await bob.press("Related papers")
    [second] = await bob.press("Next ›")
    assert second.message_id == first.message_id
    assert " · page 2/" in second.text


async def test_bibtex_comes_as_a_block_to_copy(bob: Conversation) -> None:
    await bob.say("/paper 2505.00001")
    [reply] = await bob.press("BibTeX")
    [entry] = reply.pre
    assert entry.startswith("@misc{")
    assert "2505.00001" in entry
    assert "Woolly" in entry


async def test_every_tap_is_answered_once(bob: Conversation) -> None:
    await bob.say("/search sheep")
    await bob.press("Next ›")
    await bob.press("‹ Previous")
    await bob.press("1")
    assert answers(bob) == 3


@pytest.mark.parametrize(
    "data", ["", "p", "p:", "y:1", "s:-1", "s:01", "t:agents", "l:fr", "p:" + "k" * 25, "d:2025-13:0", "🐑"]
)
async def test_a_button_it_never_made_gets_a_polite_note(bob: Conversation, data: str) -> None:
    [card] = await bob.say("/paper 2505.00001")
    [note] = await bob.press_data(data, on=card)
    assert note.method == "answerCallbackQuery"
    assert note.text == "I don't know this button. Please send the command again."


async def test_notes_speak_the_readers_language(ada: Conversation) -> None:
    [card] = await ada.say("/paper 2505.00001")
    [note] = await ada.press_data("?", on=card)
    assert note.text == "这个按钮我不认识，请重新发送命令。"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.text(st.characters(codec="utf-8"), max_size=30))
async def test_no_data_crashes_it(bob: Conversation, data: str) -> None:
    card = bob.replies[0] if bob.replies else (await bob.say("/paper 2505.00001"))[0]
    before = answers(bob)
    await bob.press_data(data, on=card)
    assert answers(bob) == before + 1


async def test_a_page_of_a_search_needs_its_query(bob: Conversation) -> None:
    [topic] = await bob.say("/topic agents")
    [note] = await bob.press_data("s:1", on=topic)
    assert note.text == OUTDATED


async def test_a_message_too_old_to_be_given_is_answered_anew(bob: Conversation) -> None:
    [listed] = await bob.say("/topic survey")
    [anew] = await bob.press("All topics", on=listed, inaccessible=True)
    assert anew.method == "sendMessage"
    assert anew.text == "Choose a topic:"
    [found] = await bob.say("/search sheep")
    [note] = await bob.press("Next ›", on=found, inaccessible=True)
    assert note.text == OUTDATED


async def test_a_deleted_message_is_answered_anew(bob: Conversation) -> None:
    await bob.say("/topic survey")
    bob.driver.api.fail_next("editMessageText", Fault.refused(400, "Bad Request: message to edit not found"))
    [anew] = await bob.press("All topics")
    assert anew.method == "sendMessage"


async def test_a_tap_that_waited_too_long_is_still_done(bob: Conversation) -> None:
    [listed] = await bob.say("/search sheep")
    update = bob.driver.stand_in.updates.press(bob.person, listed.message, "s:1")
    bob.driver.api.callbacks[update["callback_query"]["id"]].expired = True
    [second] = await bob.process(update)
    assert " · page 2/2" in second.text


async def test_where_showing_fails_the_tap_was_answered_and_the_reader_is_told(bob: Conversation) -> None:
    await bob.say("/search sheep")
    bob.driver.api.fail_next("editMessageText", Fault.refused(400, "Bad Request: something new"))
    sorry, _ = await bob.press("Next ›", expect_error=BadRequest)
    assert sorry.text.startswith("Sorry, something went wrong.")
    assert answers(bob) == 1


async def test_a_paper_gone_since(own_bot: RunningBot) -> None:
    await own_bot.reload({**flock.files(), **CLOVER})
    [listed] = await own_bot.bob.say("/search clover")
    [card] = await own_bot.bob.press("1")
    await own_bot.reload(flock.files())
    for old, on in (("1", listed), ("Related papers", card), ("BibTeX", card)):
        [note] = await own_bot.bob.press(old, on=on)
        assert note.text == OUTDATED


async def test_a_page_gone_since(own_bot: RunningBot) -> None:
    [found] = await own_bot.bob.say("/search sheep")
    [digest] = await own_bot.bob.say("/digest 2025-05")
    await own_bot.reload({flock.MAY: flock.weekly("2505.00001", "2505.00002")})
    for listed in (found, digest):
        [reply] = await own_bot.bob.press("Next ›", on=listed)
        assert "There is nothing on this page any more: the list has become shorter." in reply.text
        [first] = await own_bot.bob.press("‹ Previous", on=listed)
        assert first.button_texts[0] == ["1", "2"]


async def test_a_digest_gone_since(own_bot: RunningBot) -> None:
    [digest] = await own_bot.bob.say("/digest 2025-05-30")
    await own_bot.reload({flock.MAY: flock.weekly()})
    [reply] = await own_bot.bob.press_data("d:2025-05-30:0", on=digest)
    assert reply.text == "There is no digest for 2025-05-30.\nThe nearest are:"


async def test_a_topic_there_is_not(bob: Conversation) -> None:
    [topics] = await bob.say("/topic")
    [note] = await bob.press_data("t:astrology:0", on=topics)
    assert note.text == OUTDATED

"""Sending what is due: once, at its hour, and with a row in the ledger for whatever became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.chats import Delivery
from bot.delivery import Deliveries
from tests import flock
from tests.conftest import ADMIN
from tests.morning import DUE, TUESDAY, Morning, digest_file, keys
from tests.telegram import Fault


async def test_the_digest_comes_at_its_hour_and_once(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    assert await morning.tick(DUE - timedelta(seconds=1)) == []
    [digest] = await morning.tick(DUE)
    assert digest.chat_id == bob.chat.id
    assert digest.bold[0] == "Papers for Tuesday, 2025-06-03"
    assert await morning.tick(DUE + timedelta(seconds=20)) == []
    [row] = morning.ledger(bob)
    assert (row.state, row.local_date, row.message_id) == ("sent", TUESDAY, digest.message_id)
    assert morning.subscription(bob).next_due_at == DUE + timedelta(days=1)


async def test_each_paper_is_told_in_both_languages_with_its_figure_in_bold(morning: Morning) -> None:
    await morning.bot.ada.say("/subscribe 8:30")
    await morning.bot.ada.say("/settings")
    await morning.bot.ada.press("篇数")
    await morning.bot.ada.press("10")
    [digest] = await morning.tick(DUE)
    blocks = digest.text.split("\n\n")
    assert blocks[0] == "2025-06-03（星期二）的论文"
    assert (
        "羊毛：用语言模型给绵羊剪毛\n"
        "Woolly: Shearing Sheep with Language Models\n"
        "Woolly让语言模型给绵羊剪毛，剪毛成功率达到90.5%。\n"
        "It reaches a shearing rate of 90.5%.\n"
        "arXiv 2505.00001"
    ) in digest.text
    assert "90.5%" in digest.bold
    assert len(blocks) == 9
    assert digest.button_texts[-1] == ["今天再来几篇", "设置"]


async def test_no_paper_comes_twice_and_when_none_is_left_that_is_said_once(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    sent = [await morning.tick(DUE + timedelta(days=day)) for day in range(5)]
    assert [len(each) for each in sent] == [1, 1, 1, 0, 0]
    assert sent[2][0].text.startswith("You have had every paper on your topics.")
    first, second, last = morning.ledger(bob)
    assert (len(first.items), len(second.items), last.items) == (5, 3, ())
    assert not set(keys(first)) & set(keys(second))
    # Something new ends the silence.
    await morning.bot.reload({**flock.files(), "new.md": digest_file(1)})
    [digest] = await morning.tick(DUE + timedelta(days=6))
    assert digest.bold[1:3] == ["New in the archive", "Paper 1 on goats"]


async def test_what_is_new_leads_and_the_archive_follows_said_as_such(morning: Morning) -> None:
    await morning.tick()
    await morning.bot.bob.say("/subscribe 8:30")
    morning.bot.clock.time += timedelta(hours=1)
    await morning.bot.reload({**flock.files(), "new.md": digest_file(1, 2)})
    [digest] = await morning.tick(DUE)
    assert digest.bold[1:4] == ["New in the archive", "Paper 2 on goats", "Paper 1 on goats"]
    assert "From the archive" in digest.bold
    assert [item.why for item in morning.ledger(morning.bot.bob)[0].items] == ["new"] * 2 + ["archive"] * 3


async def test_an_archive_made_anew_brings_nothing_new(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    await morning.tick(DUE)
    first = morning.ledger(bob)[0]
    await morning.bot.reload({"other.md": digest_file(9)})
    await morning.bot.reload(flock.files())
    [digest] = await morning.tick(DUE + timedelta(days=1))
    assert "New in the archive" not in digest.bold
    assert not set(keys(first)) & set(keys(morning.ledger(bob)[1]))


@pytest.mark.parametrize(
    "fault", [Fault.unreachable(), Fault.refused(500, "Internal Server Error"), Fault(status=429), Fault.flood(5)]
)
async def test_what_was_proven_not_to_be_sent_is_tried_again(morning: Morning, fault: Fault) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    morning.fail(fault, bob)
    assert await morning.tick(DUE) == []
    assert morning.states(bob) == ["planned"]
    assert await morning.tick(DUE + timedelta(seconds=4)) == []
    [digest] = await morning.tick(DUE + timedelta(seconds=20))
    assert [(row.state, row.tries, row.message_id) for row in morning.ledger(bob)] == [("sent", 2, digest.message_id)]


async def test_the_waits_between_tries_grow(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    morning.fail(Fault.unreachable(), bob, times=100)
    tried = []
    for second in range(0, 3600, 20):
        before = sum(row.tries for row in morning.ledger(bob))
        await morning.tick(DUE + timedelta(seconds=second))
        if sum(row.tries for row in morning.ledger(bob)) > before:
            tried.append(second)
    assert tried == [0, 20, 60, 140, 300, 620, 1260, 2160, 3060]


@pytest.mark.parametrize(
    "fault", [Fault.silence(), Fault.lost_reply(), Fault.bad_gateway(), Fault.bad_gateway(accepted=True)]
)
async def test_what_may_have_been_sent_is_not_sent_again_and_its_papers_count_as_had(
    morning: Morning, fault: Fault
) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    morning.fail(fault, bob)
    await morning.tick(DUE)
    await morning.tick(DUE + timedelta(hours=1))
    [row] = morning.ledger(bob)
    assert (row.state, row.tries) == ("unknown", 1)
    assert set(keys(row)) <= morning.bot.services.chats_.seen(bob.chat.id)
    assert len(await morning.tick(DUE + timedelta(days=1))) == 1
    assert not set(keys(row)) & set(keys(morning.ledger(bob)[1]))


async def test_a_crash_before_sending_loses_nothing(morning: Morning) -> None:
    """The plan is written, and the process ends before the first request."""
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    stopped = Deliveries(morning.bot.driver.app.bot, morning.bot.services, lambda: False)
    morning.bot.clock.time = DUE
    await stopped.tick()
    assert morning.states(bob) == ["planned"]
    [digest] = await morning.restarted().tick(DUE + timedelta(minutes=5))
    assert digest.bold[0] == "Papers for Tuesday, 2025-06-03"
    assert morning.states(bob) == ["sent"]


async def test_a_crash_while_sending_makes_it_unknown_and_admins_see_the_number(morning: Morning) -> None:
    bob, admin = morning.bot.bob, morning.bot.admin
    await admin.say("/language en")
    await bob.say("/subscribe 8:30")
    stopped = Deliveries(morning.bot.driver.app.bot, morning.bot.services, lambda: False)
    morning.bot.clock.time = DUE
    await stopped.tick()
    [row] = morning.ledger(bob)
    morning.bot.services.chats_.begin(row.id, DUE)
    [notice] = await morning.restarted().tick()
    assert (notice.chat_id, notice.text) == (
        ADMIN,
        "The bot ended while it was sending 1 message. Nobody knows whether it arrived, so it is not sent again.",
    )
    assert morning.states(bob) == ["unknown"]
    assert await morning.tick(DUE + timedelta(hours=1)) == []


async def test_what_is_six_hours_late_is_skipped_and_older_days_as_well(morning: Morning) -> None:
    bob, ada = morning.bot.bob, morning.bot.ada
    await bob.say("/subscribe 8:30")
    await ada.say("/subscribe 11:00")
    # Away since Tuesday; on Friday at 15:00 in Shanghai, 8:30 is too long ago and 11:00 is not.
    sent = await morning.tick(DUE + timedelta(days=3, hours=6, minutes=30))
    assert [reply.chat_id for reply in sent] == [ada.chat.id]
    assert [(row.local_date, row.state) for row in morning.ledger(bob)] == [
        (date(2025, 6, 3), "skipped"),
        (date(2025, 6, 6), "skipped"),
    ]
    assert [(row.local_date, row.state) for row in morning.ledger(ada)] == [
        (date(2025, 6, 3), "skipped"),
        (date(2025, 6, 6), "sent"),
    ]
    assert morning.subscription(bob).next_due_at == DUE + timedelta(days=4)


async def test_what_is_put_off_for_six_hours_is_skipped(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    morning.fail(Fault.unreachable(), bob)
    await morning.tick(DUE)
    assert await morning.tick(DUE + timedelta(hours=6, seconds=1)) == []
    [row] = morning.ledger(bob)
    assert row.state == "skipped"
    assert not morning.bot.services.chats_.seen(bob.chat.id)


async def test_who_blocks_the_bot_is_paused_and_after_five_times_unsubscribed(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    bob.person.blocked = True
    tried = []
    for day in range(30):
        before = len(morning.ledger(bob))
        await morning.tick(DUE + timedelta(days=day))
        if len(morning.ledger(bob)) > before:
            tried.append(day)
    assert tried == [0, 1, 3, 6, 10]
    assert set(morning.states(bob)) == {"failed"}
    assert morning.subscription(bob).next_due_at is None
    # Whoever comes back has everything still before them.
    bob.person.blocked = False
    await bob.say("/subscribe 8:30")
    [digest] = await morning.tick(DUE + timedelta(days=30))
    assert digest.chat_id == bob.chat.id


async def test_a_delivery_that_arrives_forgets_the_strikes(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    morning.fail(Fault.refused(403, "Forbidden: bot was blocked by the user"), bob)
    await morning.tick(DUE)
    assert morning.subscription(bob).strikes == 1
    assert len(await morning.tick(DUE + timedelta(days=1))) == 1
    assert morning.subscription(bob).strikes == 0


@pytest.mark.parametrize(
    "said", ["Bad Request: chat not found", "Bad Request: not enough rights to send text messages to the chat"]
)
async def test_a_chat_that_is_gone_is_treated_alike(morning: Morning, said: str) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    morning.fail(Fault.refused(400, said), bob)
    await morning.tick(DUE)
    assert (morning.states(bob), morning.subscription(bob).strikes) == (["failed"], 1)


async def test_a_group_that_became_a_supergroup_gets_its_digest_there(morning: Morning) -> None:
    bot = morning.bot
    group = bot.stand_in.group(id=-55, type="group", admins=[bot.bob.person])
    await bot.driver.conversation(bot.bob.person, group).say("/subscribe 8:30")
    # Telegram's own word of it comes while the bot is away.
    bot.stand_in.updates.migration(bot.bob.person, group, -100_555)
    [digest] = await morning.tick(DUE)
    assert digest.chat_id == -100_555
    [row] = bot.services.chats_.deliveries(-100_555)
    assert row.state == "sent"
    assert bot.services.chats_.deliveries(-55) == []


async def test_one_chats_trouble_is_nobody_elses(morning: Morning) -> None:
    bob, ada, admin = morning.bot.bob, morning.bot.ada, morning.bot.admin
    for who in (bob, ada, admin):
        await who.say("/subscribe 8:30")
    morning.fail(Fault.refused(400, "Bad Request: something odd"), bob)
    morning.fail(Fault.silence(), ada)
    sent = await morning.tick(DUE)
    assert {reply.chat_id for reply in sent} == {ada.chat.id, ADMIN}
    assert (morning.states(bob), morning.states(ada), morning.states(admin)) == (["failed"], ["unknown"], ["sent"])


async def test_a_digest_that_cannot_be_written_fails_alone_and_is_reported(
    morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    import bot.delivery

    bob, ada = morning.bot.bob, morning.bot.ada
    await bob.say("/subscribe 8:30")
    await ada.say("/subscribe 8:30")
    render = bot.delivery.render

    async def broken(delivery: Delivery, *others: object) -> object:
        if delivery.chat_id == bob.chat.id:
            raise ZeroDivisionError
        return await render(delivery, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(bot.delivery, "render", broken)
    morning.bot.clock.time = DUE
    with pytest.raises(ZeroDivisionError):
        await morning.deliveries.tick()
    assert (morning.states(bob), morning.states(ada)) == (["failed"], ["sent"])
    assert await morning.tick(DUE + timedelta(minutes=1)) == []


async def test_the_person_at_the_terminal_is_never_written_to(morning: Morning) -> None:
    chats = morning.bot.services.chats_
    await morning.bot.bob.say("/subscribe 8:30")
    subscription = morning.subscription(morning.bot.bob)
    chats.keep_subscription(replace(subscription, chat_id=1))
    sent = await morning.tick(DUE)
    assert [reply.chat_id for reply in sent] == [morning.bot.bob.chat.id]


async def test_who_moves_to_another_zone_on_the_day_gets_one_digest_for_the_date(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    await morning.tick(DUE)
    morning.bot.clock.time = DUE + timedelta(hours=1)
    [reply] = await bob.say("/settings New York")
    assert reply.text.splitlines()[1] == "The next one comes on Wednesday, 2025-06-04, 08:30 (New York time)."
    assert await morning.tick(DUE + timedelta(hours=12)) == []
    assert len(await morning.tick(DUE + timedelta(days=1, hours=12))) == 1
    assert [row.local_date for row in morning.ledger(bob)] == [TUESDAY, date(2025, 6, 4)]


async def test_weekdays_only_passes_over_the_weekend(morning: Morning) -> None:
    bob = morning.bot.bob
    await bob.say("/subscribe 8:30")
    await bob.say("/settings")
    await bob.press("Only Monday to Friday")
    await bob.press("Papers")
    await bob.press("1")
    days = [day for day in range(8) if await morning.tick(DUE + timedelta(days=day))]
    assert days == [0, 1, 2, 3, 6, 7]


async def test_a_channels_buttons_lead_to_the_private_chat(morning: Morning) -> None:
    channel = morning.bot.stand_in.channel()
    await morning.bot.driver.process(morning.bot.stand_in.updates.channel_post(channel, "/subscribe 8:30"))
    [digest] = await morning.tick(DUE)
    assert digest.chat_id == channel.id
    assert [button.data for button in digest.all_buttons] == [None] * 5
    key = keys(morning.bot.services.chats_.deliveries(channel.id)[0])[0]
    assert digest.all_buttons[0].url == f"https://t.me/digest_test_bot?start={key}"

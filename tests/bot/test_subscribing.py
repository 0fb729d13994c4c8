"""/subscribe, /unsubscribe and /settings: what is understood, kept, and said of the next digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.chats import Subscription
from tests.conftest import RunningBot
from tests.telegram import Conversation, Person

# The bot's clock stands at noon in UTC on Monday, 2 June 2025: eight in the evening in Shanghai.
NOON = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def bot(sheep_bot: RunningBot) -> RunningBot:
    """The bot as on Telegram, where it delivers."""
    sheep_bot.services.delivers = True
    return sheep_bot


def kept(bot: RunningBot, who: Conversation) -> Subscription:
    subscription = bot.services.chats_.subscription(who.chat.id)
    assert subscription is not None
    return subscription


async def test_who_subscribes_hears_when_the_next_digest_comes(bot: RunningBot) -> None:
    [reply] = await bot.bob.say("/subscribe")
    assert reply.text == (
        "Subscribed. The next digest comes on Tuesday, 2025-06-03, 08:30 (Beijing time).\n"
        "5 papers a day; topics: all. /settings changes all of it."
    )
    [chinese] = await bot.ada.say("/subscribe")
    assert chinese.text == (
        "订阅成功。下一份速递将在 2025-06-03（星期二）08:30（北京时间）送达。\n"
        "每天 5 篇；主题：全部。发 /settings 可以修改。"
    )


@pytest.mark.parametrize(
    ("typed", "clock", "topics"),
    [
        ("21:15", "21:15", ()),
        ("８：３０", "08:30", ()),
        ("8:30pm", "20:30", ()),
        ("8点半", "08:30", ()),
        ("晚上九点", "21:00", ()),
        ("8:30 agents", "08:30", ("agents",)),
        ("agents, RL for reasoning 7am", "07:00", ("agents", "rl-reasoning")),
        ("7:45 智能体、强化学习推理", "07:45", ("agents", "rl-reasoning")),
    ],
)
async def test_time_and_topics_are_understood(bot: RunningBot, typed: str, clock: str, topics: tuple[str, ...]) -> None:
    await bot.bob.say(f"/subscribe {typed}")
    subscription = kept(bot, bot.bob)
    assert (subscription.time, subscription.topics) == (time.fromisoformat(clock), topics)
    assert subscription.next_due_at is not None


async def test_a_time_still_to_come_today_is_today(bot: RunningBot) -> None:
    [reply] = await bot.bob.say("/subscribe 21:00")
    assert "on Monday, 2025-06-02, 21:00 (Beijing time)" in reply.text


async def test_subscribing_again_changes_only_what_is_said(bot: RunningBot) -> None:
    await bot.bob.say("/subscribe 7:00 agents")
    await bot.bob.say("/subscribe 9:00")
    assert kept(bot, bot.bob).topics == ("agents",)
    await bot.bob.say("/subscribe all")
    assert (kept(bot, bot.bob).time, kept(bot, bot.bob).topics) == (time(9), ())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("25:99", "“25:99” is not a time of day. Write it as 8:30, 20:30 or 8:30pm."),
        ("13am", "“13am” is not a time of day. Write it as 8:30, 20:30 or 8:30pm."),
        ("tomorrow", "“tomorrow” is neither a time nor a topic that I know."),
        ("8:30 <b>agnts</b>", "“<b>agnts</b>” is neither a time nor a topic that I know."),
    ],
)
async def test_what_is_not_understood_is_said_and_changes_nothing(bot: RunningBot, typed: str, said: str) -> None:
    [reply] = await bot.bob.say(f"/subscribe {typed}")
    assert reply.text.startswith(said)
    assert bot.services.chats_.subscription(bot.bob.chat.id) is None


async def test_the_nearest_topics_are_offered(bot: RunningBot) -> None:
    [reply] = await bot.bob.say("/subscribe 8:30 agentss")
    assert reply.text.endswith("The nearest topics: agents")
    [chinese] = await bot.ada.say("/subscribe 8:30 视频")
    assert chinese.text.endswith("相近的主题：generation、multimodal")


async def test_unsubscribing_keeps_the_settings(bot: RunningBot) -> None:
    await bot.bob.say("/subscribe 7:00 agents")
    [reply] = await bot.bob.say("/unsubscribe")
    assert reply.text == "Unsubscribed: no more digests. Your settings are kept; /subscribe takes them up again."
    assert kept(bot, bot.bob).next_due_at is None
    [again] = await bot.bob.say("/unsubscribe")
    assert again.text == "You are not subscribed. /subscribe brings a digest every day."
    await bot.bob.say("/subscribe")
    assert (kept(bot, bot.bob).time, kept(bot, bot.bob).topics) == (time(7), ("agents",))


async def test_settings_show_all_there_is_to_set(bot: RunningBot) -> None:
    [reply] = await bot.bob.say("/settings")
    assert reply.text.splitlines()[:5] == [
        "The daily digest",
        "Not subscribed. The button below or /subscribe changes that.",
        "Papers: 5 a day",
        "Topics: all",
        "Days: every day",
    ]
    assert reply.button_texts == [
        ["Time: 08:30", "Zone: Beijing"],
        ["Papers: 5", "Topics: all"],
        ["Only Monday to Friday", "Pause for a week"],
        ["Language", "Subscribe"],
    ]


async def test_every_setting_has_its_buttons(bot: RunningBot) -> None:
    [main] = await bot.bob.say("/settings")
    for page, choice in (("Time", "07:00"), ("Zone", "Berlin"), ("Papers", "10")):
        await bot.bob.press(page)
        [changed] = await bot.bob.press(choice)
        assert (changed.method, changed.message_id) == ("editMessageText", main.message_id)
    await bot.bob.press("Only Monday to Friday")
    await bot.bob.press("Subscribe")
    subscription = kept(bot, bot.bob)
    assert (subscription.time, subscription.zone, subscription.count) == (time(7), "Europe/Berlin", 10)
    assert subscription.weekdays_only
    assert bot.bob.last.text.splitlines()[1] == "The next one comes on Tuesday, 2025-06-03, 07:00 (Berlin time)."
    [time_page] = await bot.bob.press("Time")
    assert "✓ 07:00" in [text for row in time_page.button_texts for text in row]
    [back] = await bot.bob.press("‹ Settings")
    assert back.button_texts[0] == ["Time: 07:00", "Zone: Berlin"]


async def test_topics_are_tapped_on_and_off(bot: RunningBot) -> None:
    await bot.bob.say("/subscribe 8:30")
    await bot.bob.say("/settings")
    await bot.bob.press("Topics")
    [page] = await bot.bob.press("Agents")
    assert page.text.endswith("The next one comes on Tuesday, 2025-06-03, 08:30 (Beijing time).")
    await bot.bob.press("Surveys")
    assert kept(bot, bot.bob).topics == ("agents", "survey")
    [page] = await bot.bob.press("✓ Agents")
    assert kept(bot, bot.bob).topics == ("survey",)
    assert "✓ Surveys" in [text for row in page.button_texts for text in row]
    await bot.bob.press("All topics")
    assert kept(bot, bot.bob).topics == ()


async def test_a_pause_moves_the_next_digest_a_week_and_can_be_ended(bot: RunningBot) -> None:
    await bot.bob.say("/subscribe 21:00")
    await bot.bob.say("/settings")
    [paused] = await bot.bob.press("Pause for a week")
    assert paused.text.splitlines()[1:3] == [
        "The next one comes on Monday, 2025-06-09, 21:00 (Beijing time).",
        "Paused until Monday, 2025-06-09, 20:00 (Beijing time).",
    ]
    [resumed] = await bot.bob.press("Resume now")
    assert resumed.text.splitlines()[1] == "The next one comes on Monday, 2025-06-02, 21:00 (Beijing time)."


async def test_a_tap_on_an_old_button_does_no_harm(bot: RunningBot) -> None:
    await bot.bob.say("/subscribe 21:00")
    [settings] = await bot.bob.say("/settings")
    pause = settings.button("Pause for a week")
    await bot.bob.press(pause)
    bot.clock.time += timedelta(hours=1)
    await bot.bob.press(pause)
    assert kept(bot, bot.bob).paused_until == NOON + timedelta(days=7, hours=1)


async def test_a_digest_that_came_today_does_not_come_again_when_the_hour_changes(bot: RunningBot) -> None:
    await bot.bob.say("/subscribe 21:00")
    chats = bot.services.chats_
    due = chats.subscription(bot.bob.chat.id)
    assert due is not None
    from bot.chats import Plan

    chats.plan([Plan(due.chat_id, NOON, NOON.date(), NOON, ())], NOON)
    [reply] = await bot.bob.say("/settings 22:00")
    assert reply.text.splitlines()[1] == "The next one comes on Tuesday, 2025-06-03, 22:00 (Beijing time)."


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("纽约", "America/New_York"),
        ("america/los_angeles", "America/Los_Angeles"),
        ("UTC+8", "Etc/GMT-8"),
        ("7:00 in New York", "America/New_York"),
    ],
)
async def test_a_time_zone_may_be_typed(bot: RunningBot, typed: str, zone: str) -> None:
    await bot.bob.say(f"/settings {typed}")
    assert kept(bot, bot.bob).zone == zone


async def test_an_unknown_city_gets_the_nearest_ones(bot: RunningBot) -> None:
    [reply] = await bot.bob.say("/settings Berln")
    assert reply.text.startswith("“berln” is no time, no city or time zone, and no topic that I know.")
    assert reply.button_texts == [["Berlin"], ["‹ Settings"]]
    [changed] = await bot.bob.press("Berlin")
    assert changed.button_texts[0] == ["Time: 08:30", "Zone: Berlin"]


async def test_a_shared_location_sets_the_zone(bot: RunningBot) -> None:
    update = bot.stand_in.updates.location(bot.bob.person, -31.55, 159.08)
    [reply] = await bot.bob.process(update)
    assert kept(bot, bot.bob).zone == "Australia/Lord_Howe"
    assert "Zone: Lord Howe" in reply.button_texts[0][1]


async def test_a_forged_zone_is_an_outdated_button(bot: RunningBot) -> None:
    [settings] = await bot.bob.say("/settings")
    [note] = await bot.bob.press_data("c:zone:Nowhere/City", on=settings)
    assert note.text == "This button is out of date. Please send the command again."


async def test_settings_from_a_digest_open_below_it(bot: RunningBot) -> None:
    [digest] = await bot.bob.say("/digest")
    [settings] = await bot.bob.press("Settings", on=digest)
    assert settings.method == "sendMessage"


async def test_in_a_group_only_its_admins_change_settings(bot: RunningBot) -> None:
    ada, bob = bot.ada.person, bot.bob.person
    group = bot.stand_in.group(members=[ada], admins=[bob])
    member, admin = bot.driver.conversation(ada, group), bot.driver.conversation(bob, group)
    [refused] = await member.say("/subscribe")
    assert refused.text == "这项操作只限本群的管理员。"
    await admin.say("/subscribe 9:00")
    assert kept(bot, admin).kind == "supergroup"
    [settings] = await admin.say("/settings")
    [note] = await member.press("Unsubscribe" if "Unsubscribe" in str(settings.button_texts) else "退订", on=settings)
    assert (note.method, note.text) == ("answerCallbackQuery", "这项操作只限本群的管理员。")
    assert kept(bot, admin).subscribed
    for command in ("/unsubscribe", "/watch sheep", "/language en", "/settings 7:00"):
        [refused] = await member.say(command)
        assert refused.text == "这项操作只限本群的管理员。"


async def test_an_anonymous_admin_is_one(bot: RunningBot) -> None:
    group = bot.stand_in.group(members=[bot.ada.person])
    anonymous = Person(1087968824, "Group", username="GroupAnonymousBot")
    speaker = bot.driver.conversation(anonymous, group)
    await speaker.say("/subscribe 9:00", sender_chat=group.chat_json())
    assert kept(bot, speaker).time == time(9)


async def test_a_channel_subscribes_by_a_post_in_it(bot: RunningBot) -> None:
    channel = bot.stand_in.channel()
    replies = await bot.driver.process(bot.stand_in.updates.channel_post(channel, "/subscribe 9:00"))
    assert [reply.chat_id for reply in replies] == [channel.id]
    subscription = bot.services.chats_.subscription(channel.id)
    assert subscription is not None
    assert (subscription.kind, subscription.time) == ("channel", time(9))
    assert await bot.driver.process(bot.stand_in.updates.channel_post(channel, "A new paper today!")) == []


async def test_a_subscriber_of_a_channel_cannot_change_it(bot: RunningBot) -> None:
    channel = bot.stand_in.channel(members=[bot.bob.person])
    [settings] = await bot.driver.process(bot.stand_in.updates.channel_post(channel, "/settings"))
    stranger = bot.driver.conversation(bot.bob.person, channel)
    [note] = await stranger.press_data("c:daily:1", on=settings)
    assert note.text == "Only admins of this chat can do that."
    assert bot.services.chats_.subscription(channel.id) is None


async def test_a_group_takes_its_settings_to_its_new_id(bot: RunningBot) -> None:
    group = bot.stand_in.group(id=-55, type="group", admins=[bot.bob.person])
    await bot.driver.conversation(bot.bob.person, group).say("/subscribe 9:00")
    before = bot.services.chats_.subscription(-55)
    _, updates = bot.stand_in.updates.migration(bot.bob.person, group, -100_555)
    for update in updates:
        await bot.driver.process(update)
    assert before is not None
    assert bot.services.chats_.subscription(-100_555) == replace(before, chat_id=-100_555, kind="supergroup")
    assert bot.services.chats_.subscription(-55) is None


async def test_the_terminal_says_that_nothing_comes_by_itself(sheep_bot: RunningBot) -> None:
    [reply] = await sheep_bot.bob.say("/subscribe")
    assert reply.text.endswith("In the terminal nothing is sent by itself. Run on Telegram, the bot sends what is due.")

"""The digest's settings: what holds, the choices for each, and what is said when they change."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardButton

from bot.callbacks import ChangeSetting, ShowSettings
from bot.chats import MAX_COUNT, Subscription
from bot.views import moments
from bot.views.base import View, Voice
from bot.views.html import Markup, join
from bot.views.keyboard import button, grid, keyboard
from bot.views.papers import names
from bot.views.text import fold, shorten
from bot.zones import common_places, zone_name
from store import Topic

# Hours to choose from; any other is typed.
_HOURS = (
    "0600", "0630", "0700", "0730", "0800", "0830", "0900", "0930", "1000", "1100", "1200", "1400",
    "1600", "1700", "1800", "1900", "2000", "2030", "2100", "2130", "2200", "2300", "0000", "0500",
)  # fmt: skip
_MAX_TOPICS = 90
_SHOWN_TOPICS = 200  # UTF-16 units of topic names in a line


def subscribed(
    subscription: Subscription, zone: ZoneInfo, topics: Sequence[Topic], voice: Voice, *, terminal: bool
) -> View:
    """What is said to who subscribes: when the next digest comes, and what it holds."""
    papers = voice.say("settings.some_papers", count=subscription.count)
    lines = [
        _next(subscription, zone, voice, subscribing=True),
        voice.say("subscribe.what", papers=papers, topics=_topic_names(subscription, topics, voice)),
    ]
    if terminal:
        lines.append(voice.say("subscribe.terminal"))
    return View(join(lines, "\n"), keyboard([_to_settings(voice)]))


def unsubscribed(was: bool, voice: Voice, *, tells_at_once: bool) -> View:
    """The chat gets no more digests; ``was`` says whether it got any, ``tells_at_once`` whether its watches go on."""
    lines = [voice.say("subscribe.ended" if was else "subscribe.was_not")]
    if tells_at_once:
        lines.append(voice.say("subscribe.at_once_stays"))
    return View(join(lines, "\n"))


def settings(
    subscription: Subscription, zone: ZoneInfo, topics: Sequence[Topic], voice: Voice, *, terminal: bool
) -> View:
    """All settings, a button for each."""
    lines = [
        voice.say("settings.head"),
        _next(subscription, zone, voice) if subscription.subscribed else voice.say("settings.off"),
        _paused(subscription, zone, voice),
        voice.say("settings.papers", count=subscription.count),
        voice.say("settings.topics", topics=_topic_names(subscription, topics, voice)),
        voice.say("settings.weekdays" if subscription.weekdays_only else "settings.every_day"),
        voice.say("subscribe.terminal") if terminal else "",
    ]
    return View(
        join([join(lines, "\n"), voice.say("settings.typed")], "\n\n"), keyboard(*_main_rows(subscription, voice))
    )


def choose_time(subscription: Subscription, voice: Voice) -> View:
    """Common hours as buttons."""
    chosen = f"{subscription.time:%H%M}"
    buttons = (_choice(f"{hour[:2]}:{hour[2:]}", "time", hour, hour == chosen, voice) for hour in sorted(_HOURS))
    return View(voice.say("settings.choose_time"), keyboard(*grid(buttons, 4), [_to_settings(voice)]))


def choose_zone(subscription: Subscription, voice: Voice) -> View:
    """Common time zones as buttons."""
    zones = [place.zone for place in common_places()]
    return View(
        voice.say("settings.choose_zone"), keyboard(*_zone_rows(zones, subscription.zone, voice), [_to_settings(voice)])
    )


def choose_count(subscription: Subscription, voice: Voice) -> View:
    """Numbers of papers as buttons."""
    counts = range(1, MAX_COUNT + 1)
    buttons = (_choice(str(count), "count", str(count), count == subscription.count, voice) for count in counts)
    return View(voice.say("settings.choose_count"), keyboard(*grid(buttons, 5), [_to_settings(voice)]))


def choose_topics(subscription: Subscription, zone: ZoneInfo, topics: Sequence[Topic], voice: Voice) -> View:
    """Topics as buttons, those chosen marked; a tap changes the digest that comes next."""
    buttons = []
    for topic in topics[:_MAX_TOPICS]:
        chosen = topic.slug in subscription.topics
        buttons.append(_choice(_name(topic, voice), "topic", f"{'-' if chosen else '+'}{topic.slug}", chosen, voice))
    everything = _choice(voice.plain("settings.all_topics_button"), "topics", "all", not subscription.topics, voice)
    return View(
        join([voice.say("settings.choose_topics"), _next(subscription, zone, voice)], "\n"),
        keyboard(*grid(buttons, 2), [everything], [_to_settings(voice)]),
    )


def no_such_time(text: str, voice: Voice) -> View:
    """What is written like a time is none."""
    return View(voice.say("subscribe.no_such_time", text=shorten(fold(text), 100)))


def not_subscribable(text: str, nearest: Sequence[str], voice: Voice) -> View:
    """Part of what follows /subscribe is neither a time nor a topic; ``nearest`` are slugs of topics like it."""
    lines = [voice.say("subscribe.not_understood", text=shorten(fold(text), 100))]
    if nearest:
        lines.append(voice.say("subscribe.nearest", topics=_listed(nearest, voice)))
    return View(join(lines, "\n"))


def not_settable(text: str, zones: Sequence[str], topics: Sequence[str], voice: Voice) -> View:
    """Part of what follows /settings is nothing that can be set; ``zones`` and ``topics`` are like it."""
    lines = [voice.say("settings.not_understood", text=shorten(fold(text), 100))]
    if topics:
        lines.append(voice.say("subscribe.nearest", topics=_listed(topics, voice)))
    if zones:
        lines.append(voice.say("settings.nearest_zones"))
    return View(join(lines, "\n"), keyboard(*_zone_rows(zones, "", voice), [_to_settings(voice)]))


def no_zone_there(voice: Voice) -> View:
    """A shared location has no time zone."""
    return View(voice.say("settings.no_zone_there"))


def chat_admins_only(voice: Voice) -> View:
    """Only who administers a group may change its settings."""
    return View(voice.say("subscribe.chat_admins_only"))


def chat_admins_only_note(voice: Voice) -> str:
    """The same as a note (plain text) for a tap."""
    return voice.plain("subscribe.chat_admins_only")


def _next(subscription: Subscription, zone: ZoneInfo, voice: Voice, *, subscribing: bool = False) -> Markup:
    if subscription.next_due_at is None:
        return Markup("")
    moment = moments.moment(subscription.next_due_at, zone, voice)
    return voice.say("subscribe.done", moment=moment) if subscribing else voice.say("settings.next", moment=moment)


def _paused(subscription: Subscription, zone: ZoneInfo, voice: Voice) -> Markup:
    if subscription.paused_until is None:
        return Markup("")
    return voice.say("settings.paused", moment=moments.moment(subscription.paused_until, zone, voice))


def _main_rows(subscription: Subscription, voice: Voice) -> list[list[InlineKeyboardButton]]:
    place = zone_name(subscription.zone, voice.ui)
    topics = str(len(subscription.topics)) if subscription.topics else voice.plain("settings.all_topics")
    weekdays, paused, on = subscription.weekdays_only, subscription.paused_until is not None, subscription.subscribed
    return [
        [
            button(voice.plain("settings.time_button", time=f"{subscription.time:%H:%M}"), ShowSettings("time")),
            button(voice.plain("settings.zone_button", place=place), ShowSettings("zone")),
        ],
        [
            button(voice.plain("settings.count_button", count=subscription.count), ShowSettings("count")),
            button(voice.plain("settings.topics_button", topics=topics), ShowSettings("topics")),
        ],
        [
            button(
                voice.plain("settings.every_day_button" if weekdays else "settings.weekdays_button"),
                ChangeSetting("weekdays", "0" if weekdays else "1"),
            ),
            button(
                voice.plain("settings.resume_button" if paused else "settings.pause_button"),
                ChangeSetting("pause", "0" if paused else "1"),
            ),
        ],
        [
            button(voice.plain("settings.language_button"), ShowSettings("language")),
            button(
                voice.plain("settings.unsubscribe_button" if on else "settings.subscribe_button"),
                ChangeSetting("daily", "0" if on else "1"),
            ),
        ],
    ]


def _zone_rows(zones: Sequence[str], chosen: str, voice: Voice) -> list[list[InlineKeyboardButton]]:
    return grid((_choice(zone_name(zone, voice.ui), "zone", zone, zone == chosen, voice) for zone in zones), 3)


def _choice(label: str, setting: str, value: str, chosen: bool, voice: Voice) -> InlineKeyboardButton:
    shown = voice.plain("settings.chosen", name=label) if chosen else label
    return button(shown, ChangeSetting(setting, value))


def _to_settings(voice: Voice) -> InlineKeyboardButton:
    return button(voice.plain("settings.back"), ShowSettings("main"))


def _topic_names(subscription: Subscription, topics: Sequence[Topic], voice: Voice) -> str:
    if not subscription.topics:
        return voice.plain("settings.all_topics")
    named = {topic.slug: _name(topic, voice) for topic in topics}
    shown, left_out = names([named.get(slug, slug) for slug in subscription.topics], _SHOWN_TOPICS, voice)
    return f"{shown} +{left_out}" if left_out else shown


def _name(topic: Topic, voice: Voice) -> str:
    return fold(topic.name_zh if voice.ui == "zh" else topic.name_en) or topic.slug


def _listed(slugs: Sequence[str], voice: Voice) -> str:
    return voice.plain("list.separator").join(slugs)

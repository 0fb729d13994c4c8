"""A strict stand-in for Telegram's Bot API.

In process:

    stand_in = StandIn()
    app = build_application(..., request=stand_in.request(), get_updates_request=stand_in.request())
    async with stand_in.running(app) as driver:
        ada = driver.conversation(stand_in.person(id=7, first_name="Ada", language_code="zh"))
        [reply] = await ada.say("/search GRPO")
        [card] = await ada.press("1")
        assert reply.bold == [...]

As a process of its own, over HTTP:

    with stand_in.serve() as server, stand_in.live_bot(server, tmp_path) as bot:
        [reply] = bot.say(ada, "/search GRPO")

Every step fails the test where a handler raised, a pressed button was left unanswered, or the bot sent
what Telegram refuses.
"""

from tests.telegram.api import BotApi, Call
from tests.telegram.conversation import Conversation, Driver
from tests.telegram.errors import Refused
from tests.telegram.faults import Fault
from tests.telegram.limits import Pace
from tests.telegram.live import LiveBot
from tests.telegram.people import Group, Person
from tests.telegram.replies import Button, Link, Reply
from tests.telegram.request import StandInRequest
from tests.telegram.server import Server
from tests.telegram.stand_in import StandIn

__all__ = [
    "BotApi",
    "Button",
    "Call",
    "Conversation",
    "Driver",
    "Fault",
    "Group",
    "Link",
    "LiveBot",
    "Pace",
    "Person",
    "Refused",
    "Reply",
    "Server",
    "StandIn",
    "StandInRequest",
]

"""Answers marked by their readers."""

from __future__ import annotations

from telegram import Message

from bot.callbacks import MarkAnswer
from bot.calls import Call
from bot.chats import Chats
from bot.views import thumbs
from bot.views.keyboard import callbacks_of


async def mark(call: Call, good: bool) -> str | None:
    """Mark the answer above the tapped button; the last tap counts. Gives the note to answer with, None where what
    stands above is no answer of ours, or too old to be sure."""
    message = call.message
    if message is None or not _is_answer(message, call.bot.id):
        return None
    await call.services.chats(Chats.mark, call.chat.id, message.message_id, good=good, today=call.services.today())
    return thumbs.marked(good, call.voice)


def _is_answer(message: Message, bot_id: int) -> bool:
    ours = message.from_user is not None and message.from_user.id == bot_id
    return ours and any(isinstance(each, MarkAnswer) for each in callbacks_of(message))

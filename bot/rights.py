"""Who may change a chat's settings: in private the person, in groups and channels those who administer them."""

from __future__ import annotations

from telegram import ChatMember, Message
from telegram.error import BadRequest, Forbidden

from bot.calls import Call

_ADMINISTERS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)


async def may_change(call: Call, written: Message | None) -> bool:
    """Whether who speaks may change the chat's settings.

    ``written`` is the message that asks for it; None for a tap, whose message is the bot's own.
    """
    if call.is_private:
        return True
    if written and written.sender_chat and written.sender_chat.id == call.chat.id:
        # An admin who stays anonymous, or a channel's own post: nobody else can write in the chat's name.
        return True
    if call.user is None or call.user.is_bot:
        return False
    try:
        member = await call.bot.get_chat_member(call.chat.id, call.user.id)
    except (BadRequest, Forbidden):
        return False
    return member.status in _ADMINISTERS

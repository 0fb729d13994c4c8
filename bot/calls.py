"""One message or tap that is being answered."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Bot, Chat, Message, ReplyParameters, Update, User
from telegram.error import BadRequest

from bot.chats import Chats
from bot.services import Services
from bot.views.base import View, Voice
from store import Language

# What Telegram says of an edit, in lower case: of a message that has gone or is not ours to change any more.
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_NOT_MODIFIED = "message is not modified"


@dataclass(frozen=True)
class Call:
    """What a handler is given: who speaks where, in which voice to answer, and what follows the command.

    ``message`` is the message to answer; for a tap, the one with the buttons (None if Telegram no longer gives it).
    """

    bot: Bot
    services: Services
    chat: Chat
    user: User | None
    message: Message | None
    voice: Voice
    text: str = ""

    @property
    def is_private(self) -> bool:
        return self.chat.type == Chat.PRIVATE

    @property
    def is_admin(self) -> bool:
        return self.user is not None and self.user.id in self.services.settings.admins

    async def send(self, view: View) -> Message:
        """Send a view as a new message; in a group, as a reply to whom it answers."""
        reply = None
        if self.message and not self.is_private:
            # The asker may have deleted the message meanwhile.
            reply = ReplyParameters(self.message.message_id, allow_sending_without_reply=True)
        thread = self.message.message_thread_id if self.message and self.message.is_topic_message else None
        return await self.bot.send_message(
            self.chat.id,
            view.html,
            reply_markup=view.keyboard,
            reply_parameters=reply,
            message_thread_id=thread,
        )

    async def edit(self, message: Message, view: View, *, or_send: bool = True) -> None:
        """Put a view in the place of an earlier one; nothing happens where it would change nothing. Where the message
        is gone, it is sent anew, unless it may be missed (``or_send=False``)."""
        try:
            await self.bot.edit_message_text(
                view.html, chat_id=message.chat.id, message_id=message.message_id, reply_markup=view.keyboard
            )
        except BadRequest as error:
            said = str(error).casefold()
            if any(reason in said for reason in _GONE):
                if or_send:
                    await self.send(view)
            elif _NOT_MODIFIED not in said:
                raise


def telegram_language(user: User | None) -> Language:
    """The interface language for a person's Telegram: Chinese for any kind of Chinese, else English."""
    code = (user.language_code or "") if user else ""
    return "zh" if code.casefold().startswith("zh") else "en"


async def make_call(bot: Bot, services: Services, update: Update, text: str = "") -> Call | None:
    """The call that an update makes; None for one without a chat."""
    chat = update.effective_chat
    if chat is None:
        return None
    choice = await services.chats(Chats.language, chat.id)
    by_telegram = telegram_language(update.effective_user)
    voice = Voice(ui=choice if choice in ("zh", "en") else by_telegram, cards=choice or "both")
    # An old message under a button comes as one of which only chat and number are known.
    message = update.effective_message
    is_known = isinstance(message, Message) and message.is_accessible
    return Call(
        bot=bot,
        services=services,
        chat=chat,
        user=update.effective_user,
        message=message if is_known else None,
        voice=voice,
        text=text,
    )

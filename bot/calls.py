"""One message or tap that is being answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from telegram import Bot, Chat, InputFile, Message, ReplyParameters, Update, User
from telegram.error import BadRequest

from bot.chats import Chats
from bot.services import Services
from bot.views.base import View, Voice
from store import Language

# What Telegram says of an edit, in lower case: of a message that has gone or is not ours to change any more.
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_NOT_MODIFIED = "message is not modified"


class _Place(TypedDict):
    reply_parameters: ReplyParameters | None
    message_thread_id: int | None


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
        return await self.bot.send_message(self.chat.id, view.html, reply_markup=view.keyboard, **self._place())

    def _place(self) -> _Place:
        """Where in the chat a new message goes."""
        reply = None
        if self.message and not self.is_private:
            # The asker may have deleted the message meanwhile.
            reply = ReplyParameters(self.message.message_id, allow_sending_without_reply=True)
        thread = self.message.message_thread_id if self.message and self.message.is_topic_message else None
        return {"reply_parameters": reply, "message_thread_id": thread}

    async def send_document(self, name: str, content: bytes, caption: View | None = None) -> Message:
        """Send a file; otherwise as :meth:`send`."""
        return await self.bot.send_document(
            self.chat.id,
            InputFile(content, filename=name),
            caption=caption.html if caption else None,
            **self._place(),
        )

    async def edit(self, message: Message | int, view: View, *, or_send: bool = True) -> Message | None:
        """Put a view in the place of an earlier one; nothing happens where it would change nothing. Where the message
        is gone, it is sent anew, unless it may be missed (``or_send=False``); gives the new message then.

        ``message`` may be the number of one in this chat.
        """
        number = message if isinstance(message, int) else message.message_id
        try:
            await self.bot.edit_message_text(
                view.html, chat_id=self.chat.id, message_id=number, reply_markup=view.keyboard
            )
        except BadRequest as error:
            said = str(error).casefold()
            if any(reason in said for reason in _GONE):
                return await self.send(view) if or_send else None
            if _NOT_MODIFIED not in said:
                raise
        return None


def telegram_language(user: User | None) -> Language:
    """The interface language for a person's Telegram: Chinese for any kind of Chinese, else English."""
    code = (user.language_code or "") if user else ""
    return "zh" if code.casefold().startswith("zh") else "en"


async def make_call(
    bot: Bot, services: Services, update: Update, text: str = "", *, notes_day: bool = True
) -> Call | None:
    """The call that an update makes; None for one without a chat. The day is noted as the one the chat was last seen
    on, unless the call is to leave no trace."""
    chat = update.effective_chat
    if chat is None:
        return None
    if notes_day:
        await services.note(Chats.came, chat.id, services.today())
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

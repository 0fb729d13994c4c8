"""A tiny bot, to try the stand-in with a process that is not the one under test."""

from __future__ import annotations

import os
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters


async def echo(update: Update, context: Any) -> None:
    message = update.message
    assert message is not None
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("again", callback_data="again")]])
    await message.reply_html(f"<b>{message.text}</b>", reply_markup=keyboard)


async def file(update: Update, context: Any) -> None:
    assert update.message is not None
    await update.message.reply_document("一篇论文".encode(), filename="文献.bib", caption="full")


async def fetch(update: Update, context: Any) -> None:
    assert update.message is not None and update.message.document is not None
    sent = await update.message.document.get_file()
    data = await sent.download_as_bytearray()
    await update.message.reply_text(data.decode())


async def again(update: Update, context: Any) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("done")
    await update.callback_query.edit_message_text("pressed")


def main() -> None:
    url = os.environ["DIGESTBOT_API_URL"]
    builder = Application.builder().token(os.environ["TELEGRAM_BOT_TOKEN"])
    app = builder.base_url(f"{url}/bot").base_file_url(f"{url}/file/bot").build()
    app.add_handler(CommandHandler("file", file))
    app.add_handler(MessageHandler(filters.Document.ALL, fetch))
    app.add_handler(MessageHandler(filters.TEXT, echo))
    app.add_handler(CallbackQueryHandler(again))
    app.run_polling()


if __name__ == "__main__":
    main()

"""The language of cards and interface: /language and its buttons."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from bot.callbacks import LanguageChoice
from bot.calls import Call, telegram_language
from bot.chats import Chats
from bot.views import help, start
from bot.views.base import View, Voice

_SPELLINGS: dict[str, LanguageChoice] = {
    "zh": "zh", "cn": "zh", "chinese": "zh", "中文": "zh", "汉语": "zh", "中": "zh",
    "en": "en", "english": "en", "英文": "en", "英语": "en", "英": "en",
    "both": "both", "bilingual": "both", "双语": "both", "中英": "both", "两种": "both",
}  # fmt: skip


async def language(call: Call) -> View:
    """``/language zh|en|both``; alone it offers the three."""
    if not call.text:
        chosen = await call.services.chats(Chats.language, call.chat.id)
        return start.language_choice(chosen, call.voice)
    choice = _SPELLINGS.get(unicodedata.normalize("NFKC", call.text).casefold())
    if choice is None:
        return help.usage("language", call.voice)
    return await choose(call, choice)


async def choose(call: Call, choice: LanguageChoice) -> View:
    """Keep the choice, and confirm it in the language it leads to."""
    await call.services.chats(Chats.choose_language, call.chat.id, choice)
    ui = telegram_language(call.user) if choice == "both" else choice
    chosen = replace(call, voice=Voice(ui=ui, cards=choice))
    return start.language_set(choice, chosen.voice)

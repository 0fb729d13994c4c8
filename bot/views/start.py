"""The first words to a reader, and the choice of language."""

from __future__ import annotations

from telegram import InlineKeyboardMarkup

from bot.callbacks import LanguageChoice, SetLanguage
from bot.views.base import CardLanguage, View, Voice
from bot.views.html import join
from bot.views.keyboard import button, keyboard

_CHOICES: tuple[LanguageChoice, ...] = ("zh", "en", "both")


def welcome(papers: int, voice: Voice) -> View:
    """What the bot is, with example questions; ``papers`` counts the archive."""
    if not papers:
        return View(join([voice.say("start.hello"), voice.say("start.empty")], "\n"))
    parts = [
        join([voice.say("start.hello"), voice.say("start.about", count=papers)], "\n"),
        join([voice.say("start.ask"), voice.say("start.examples")], "\n"),
        voice.say("start.more"),
    ]
    return View(join(parts, "\n\n"))


def thanked(voice: Voice) -> View:
    """The reply to thanks."""
    return View(voice.say("start.thanked"))


def language_choice(current: CardLanguage | None, voice: Voice) -> View:
    """The three choices as buttons, ``current`` marked; None is no choice: Telegram's language holds."""
    return View(voice.say("language.choose"), _language_buttons(current, voice))


def language_set(choice: CardLanguage, voice: Voice) -> View:
    """The choice is kept; ``voice`` already speaks as chosen. The buttons stay, to change one's mind."""
    match choice:
        case "zh":
            said = voice.say("language.set_zh")
        case "en":
            said = voice.say("language.set_en")
        case "both":
            said = voice.say("language.set_both")
    return View(said, _language_buttons(choice, voice))


def _language_buttons(current: CardLanguage | None, voice: Voice) -> InlineKeyboardMarkup | None:
    row = []
    for choice in _CHOICES:
        name = _choice_name(choice, voice)
        label = voice.plain("language.current", name=name) if choice == current else name
        row.append(button(label, SetLanguage(choice)))
    return keyboard(row)


def _choice_name(choice: LanguageChoice, voice: Voice) -> str:
    match choice:
        case "zh":
            return voice.plain("language.zh")
        case "en":
            return voice.plain("language.en")
        case "both":
            return voice.plain("language.both")

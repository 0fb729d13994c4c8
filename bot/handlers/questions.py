"""Questions: /ask, and any text that is no command."""

from __future__ import annotations

import logging

from telegram.error import NetworkError, RetryAfter

from bot.calls import Call
from bot.chats import Chats
from bot.handlers import papers
from bot.llm import Writer
from bot.llm.prompt import sources_of
from bot.views import answers, help, problems, start
from bot.views.answers import Written
from bot.views.base import View
from bot.views.lists import shown_query
from store import Answer, Archive, has_words, parse_arxiv

log = logging.getLogger(__name__)

# What people say and ask of whom they meet, in simplified and traditional characters; no paper answers it.
_GREETINGS = frozenset(
    "hello|hi|hey|hello there|hi there|good morning|who are you|what are you|what can you do|what do you do|"
    "你好|您好|嗨|哈喽|哈囉|你好呀|你好啊|早上好|早安|晚上好|你是谁|你是誰|你能做什么|你能做什麼|你会什么|你會什麼".split(
        "|"
    )
)
_THANKS = frozenset({*"thanks thx 谢谢 謝謝 多谢 多謝 感谢 感謝 谢谢你 謝謝你".split(), "thank you", "many thanks"})
_AROUND_WORDS = " \t\n!！?？.。,，~～、…"


async def ask(call: Call) -> View | None:
    """``/ask QUESTION``, or the question alone. An arXiv id or link alone asks for that paper; a question without a
    subject of its own is about the paper replied to, or spoken of last. A greeting and thanks are answered in kind.

    Where a language model is set, the quotations are sent at once and what it writes is edited in above them.
    """
    if not call.text:
        return help.usage("ask", call.voice)
    if parse_arxiv(call.text):
        return await papers.paper(call)
    question = shown_query(call.text)
    said = question.casefold().strip(_AROUND_WORDS)
    if said in _GREETINGS:
        return start.welcome(await call.services.archive(Archive.count), call.voice)
    if said in _THANKS:
        return start.thanked(call.voice)
    if not has_words(question):
        return problems.only_punctuation(call.voice)
    found = await call.services.archive(Archive.ask, question, await _spoken_of(call))
    if found.answered and found.kind == "fact" and found.evidence:
        await call.services.note(Chats.remember_paper, call.chat.id, found.evidence[0].key, call.services.now())
    if not found.answered and call.services.settings.keep_unanswered:
        await call.services.note(Chats.note_unanswered, question, call.services.today())
    view = answers.answer(found, call.voice)
    if call.services.writer is None or not sources_of(found):
        return view
    await _put_into_words(call, call.services.writer, found, view)
    return None


async def _spoken_of(call: Call) -> str | None:
    """The paper that the question may be about: of the message it replies to, else the one spoken of last."""
    replied = call.message.reply_to_message if call.message else None
    if key := answers.paper_told_of(replied):
        return key
    return await call.services.chats(Chats.paper_spoken_of, call.chat.id, call.services.now())


async def _put_into_words(call: Call, writer: Writer, found: Answer, quoted: View) -> None:
    """Send the quoted answer, then edit the model's words in. Where they are not to be trusted, it stays as it was."""
    message = await call.send(quoted)
    shown = quoted

    async def show(text: str) -> None:
        nonlocal shown
        shown = answers.answer(found, call.voice, Written(text, complete=False))
        try:
            await call.edit(message, shown, or_send=False)
        except (NetworkError, RetryAfter) as error:
            # There will be another edit, at the latest the last one.
            log.info("An unfinished answer was not shown: %s", type(error).__name__)

    text = await writer.write(found, show, in_group=not call.is_private)
    view = answers.answer(found, call.voice, Written(text)) if text else quoted
    if view != shown:
        await call.edit(message, view, or_send=False)

"""Questions: /ask, and any text that is no command."""

from __future__ import annotations

from bot.calls import Call
from bot.handlers import papers
from bot.views import answers, help, problems
from bot.views.base import View
from bot.views.lists import shown_query
from store import Archive, has_words, parse_arxiv


async def ask(call: Call) -> View:
    """``/ask QUESTION``, or the question alone. An arXiv id or link alone asks for that paper."""
    if not call.text:
        return help.usage("ask", call.voice)
    if parse_arxiv(call.text):
        return await papers.paper(call)
    question = shown_query(call.text)
    if not has_words(question):
        return problems.only_punctuation(call.voice)
    found = await call.services.archive(Archive.ask, question)
    return answers.answer(found, call.voice)

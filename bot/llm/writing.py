"""The writer: a model's text, read as it comes, shown as far as it is borne out, given where all of it is."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Protocol

from bot.llm.grounding import Ungrounded, check, checked_part
from bot.llm.injection import speaks_to_models
from bot.llm.prompt import Message, Source, chat_messages, sources_of
from store import Answer, Language, language_of

log = logging.getLogger(__name__)

Show = Callable[[str], Awaitable[None]]

MAX_REPLY = 20_000  # characters, thoughts included
# Answers written at the same time; more wait, and their patience runs meanwhile.
_AT_ONCE = 4
# Telegram lets a bot write to a group far less often than to a person.
_GROUP_PAUSE = 3
_THOUGHT, _THOUGHT_END = "<think>", "</think>"


class ModelFailed(Exception):
    """The model gave no usable reply. The text says why; it repeats nothing that was sent or received."""


class ChatModel(Protocol):
    """What writes: a chat's completion, piece by piece. ``stream`` raises ModelFailed."""

    def stream(self, messages: Sequence[Message]) -> AsyncGenerator[str, None]: ...

    async def aclose(self) -> None: ...


@dataclass
class Writer:
    """Writes answers with a model.

    ``pause`` is the fewest seconds between two looks at an unfinished answer, ``patience`` the most seconds that an
    answer takes. ``clock`` gives seconds.
    """

    model: ChatModel
    pause: float = 1.0
    patience: float = 45.0
    clock: Callable[[], float] = time.monotonic
    _free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def write(self, answer: Answer, show: Show, *, in_group: bool = False) -> str | None:
        """The answer in the model's words, each sentence with the numbers of its sources; None where there is nothing
        to write of, or the model did not write what can be shown.

        ``show`` is called now and then with the sentences that are complete and borne out so far.
        """
        sources = sources_of(answer)
        if not sources:
            return None
        if any(speaks_to_models(source.text) for source in sources):
            log.info("A quotation looks like an order to language models, so none was asked")
            return None
        language = language_of(answer.question)
        pause = self.pause * (_GROUP_PAUSE if in_group else 1)
        try:
            async with asyncio.timeout(self.patience), self._free:
                text = await self._read(answer.question, language, sources, show, pause)
            return await asyncio.to_thread(check, text, language, sources)
        except TimeoutError:
            log.warning("The language model took longer than %.0f s", self.patience)
        except ModelFailed as error:
            log.warning("The language model did not answer: %s", error)
        except Ungrounded as error:
            log.info("What the language model wrote was not used: %s", error)
        return None

    async def aclose(self) -> None:
        """Close the model's connections."""
        await self.model.aclose()

    async def _read(
        self, question: str, language: Language, sources: Sequence[Source], show: Show, pause: float
    ) -> str:
        text = shown = ""
        last = self.clock()
        async with aclosing(self.model.stream(chat_messages(question, language, sources))) as pieces:
            async for piece in pieces:
                text += piece
                if len(text) > MAX_REPLY:
                    raise ModelFailed("its reply is too long")
                if self.clock() - last < pause:
                    continue
                part = await asyncio.to_thread(checked_part, without_thoughts(text), language, sources)
                if len(part) > len(shown):
                    await show(part)
                    shown = part
                last = self.clock()
        return without_thoughts(text)


def without_thoughts(text: str) -> str:
    """``text`` without the thoughts that some models write down before their answer."""
    if not text.lstrip().startswith(_THOUGHT):
        return text
    return text.partition(_THOUGHT_END)[2]

"""What one chat says is answered in its own order; chats do not wait for each other."""

from __future__ import annotations

import asyncio

from telegram import Update

from bot.ordering import InOrderPerChat


def message(chat: int) -> Update:
    content = {"message_id": 1, "date": 0, "chat": {"id": chat, "type": "private"}, "text": "x"}
    update = Update.de_json({"update_id": 1, "message": content}, None)
    assert update is not None
    return update


async def test_a_chats_second_message_waits_for_the_first() -> None:
    order: list[str] = []
    first_may_end = asyncio.Event()

    async def first() -> None:
        await first_may_end.wait()
        order.append("first")

    async def second() -> None:
        order.append("second")

    async def elsewhere() -> None:
        order.append("elsewhere")
        first_may_end.set()

    processor = InOrderPerChat(10)
    await asyncio.gather(
        processor.process_update(message(1), first()),
        processor.process_update(message(1), second()),
        processor.process_update(message(2), elsewhere()),
    )
    assert order == ["elsewhere", "first", "second"]


async def test_three_in_a_row_stay_in_a_row() -> None:
    order: list[int] = []

    async def say(number: int) -> None:
        await asyncio.sleep(0)
        order.append(number)

    processor = InOrderPerChat(10)
    await asyncio.gather(*(processor.process_update(message(1), say(number)) for number in range(3)))
    assert order == [0, 1, 2]


async def test_one_that_takes_too_long_lets_the_next_pass() -> None:
    order: list[str] = []
    slow_may_end = asyncio.Event()

    async def slow() -> None:
        await slow_may_end.wait()
        order.append("slow")

    async def quick() -> None:
        order.append("quick")
        slow_may_end.set()

    processor = InOrderPerChat(10, patience=0)
    await asyncio.gather(processor.process_update(message(1), slow()), processor.process_update(message(1), quick()))
    assert order == ["quick", "slow"]


async def test_a_failure_holds_nobody_up() -> None:
    async def fail() -> None:
        raise ValueError

    async def succeed() -> str:
        return "done"

    processor = InOrderPerChat(10)
    failed, _ = await asyncio.gather(
        processor.process_update(message(1), fail()),
        processor.process_update(message(1), succeed()),
        return_exceptions=True,
    )
    assert isinstance(failed, ValueError)
    await processor.process_update("an update without a chat", succeed())


async def test_many_messages_of_one_chat_keep_no_other_waiting() -> None:
    order: list[str] = []
    first_may_end = asyncio.Event()

    async def first() -> None:
        await first_may_end.wait()

    async def flood() -> None:
        order.append("flood")

    async def elsewhere() -> None:
        order.append("elsewhere")
        first_may_end.set()

    processor = InOrderPerChat(2)
    await asyncio.gather(
        processor.process_update(message(1), first()),
        *(processor.process_update(message(1), flood()) for _ in range(50)),
        processor.process_update(message(2), elsewhere()),
    )
    assert order == ["elsewhere", *["flood"] * 50]


async def test_those_behind_one_that_takes_too_long_stay_in_a_row() -> None:
    order: list[str] = []
    all_said = asyncio.Event()

    async def say(name: str) -> None:
        order.append(f"{name} begins")
        await asyncio.sleep(0)
        order.append(f"{name} ends")
        if name == "third":
            all_said.set()

    processor = InOrderPerChat(10, patience=0.01)
    await asyncio.gather(
        processor.process_update(message(1), all_said.wait()),
        processor.process_update(message(1), say("second")),
        processor.process_update(message(1), say("third")),
    )
    assert order == ["second begins", "second ends", "third begins", "third ends"]

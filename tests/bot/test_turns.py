"""A reader who asks once does not wait behind those who ask without a pause."""

from __future__ import annotations

import asyncio

import pytest

from bot.turns import Turns, note_asked_lately


class Line:
    """People who come for a turn and hold it until `serve` lets them go."""

    def __init__(self, places: int) -> None:
        self.turns = Turns(places)
        self.served: list[str] = []
        self._over: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def comes(self, name: str, asked_lately: int = 0) -> None:
        self._over[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._stand(name, asked_lately))
        await asyncio.sleep(0)

    async def _stand(self, name: str, asked_lately: int) -> None:
        note_asked_lately(asked_lately)
        async with self.turns.turn():
            self.served.append(name)
            await self._over[name].wait()

    async def ends(self, name: str) -> None:
        self._over[name].set()
        await self.tasks[name]
        await asyncio.sleep(0)


async def test_who_asked_for_less_comes_first() -> None:
    line = Line(places=1)
    for name, asked_lately in {"first": 9, "flood": 9, "other flood": 9, "reader": 1, "new reader": 0}.items():
        await line.comes(name, asked_lately)
    for name in ("first", "new reader", "reader", "flood", "other flood"):
        assert line.served[-1] == name
        await line.ends(name)


async def test_so_many_at_a_time() -> None:
    line = Line(places=2)
    for name in "abc":
        await line.comes(name)
    assert line.served == ["a", "b"]
    await line.ends("a")
    assert line.served == ["a", "b", "c"]


async def test_who_gives_up_waiting_keeps_no_place() -> None:
    line = Line(places=1)
    for name in "abc":
        await line.comes(name)
    line.tasks["b"].cancel()
    await line.ends("a")
    assert line.served == ["a", "c"]
    await line.ends("c")
    await line.comes("d")
    assert line.served[-1] == "d"
    await line.ends("d")


async def test_who_gives_up_just_as_its_turn_comes_passes_it_on() -> None:
    line = Line(places=1)
    for name in "abc":
        await line.comes(name)
    line._over["a"].set()
    await asyncio.sleep(0)
    line.tasks["b"].cancel()
    with pytest.raises(asyncio.CancelledError):
        await line.tasks["b"]
    await asyncio.sleep(0)
    assert line.served == ["a", "c"]
    await line.ends("c")

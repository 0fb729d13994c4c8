"""Telegram's pace: even, readers first, and nobody held back for another's sake."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram.error import NetworkError, RetryAfter

from bot.pace import Delivery, Pace
from bot.transport import NotSent
from tests import simulated


@pytest.fixture(autouse=True)
def timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library warns of the older type."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


async def nothing() -> None:
    """There is nothing to write down."""


DELIVERY = Delivery(nothing)


class Telegram:
    """What is sent through a `Pace`: (second, chat), in order."""

    def __init__(self, latency: float = 0.0) -> None:
        self.pace = Pace()
        self.sent: list[tuple[float, int]] = []
        self.floods: dict[int, list[int]] = {}
        self.failures: list[NetworkError] = []
        self._latency = latency

    async def send(self, chat: int, delivery: Delivery | None = None, endpoint: str = "sendMessage") -> float:
        """Sends a message; the second at which Telegram took it."""

        async def request() -> float:
            await asyncio.sleep(self._latency)
            now = asyncio.get_running_loop().time()
            if self.floods.get(chat):
                raise RetryAfter(self.floods[chat].pop(0))
            if self.failures:
                raise self.failures.pop(0)
            self.sent.append((now, chat))
            return now

        sent: float = await self.pace.process_request(request, (), {}, endpoint, {"chat_id": chat}, delivery)
        return sent


def most_in(seconds: float, times: list[float]) -> int:
    """How many of the times, sorted, lie in one window of so many seconds at most."""
    return max(sum(start <= time < start + seconds for time in times) for start in times)


def test_a_broadcast_goes_evenly_and_never_faster_than_thirty_a_second() -> None:
    telegram = Telegram()

    async def broadcast() -> None:
        await asyncio.gather(*(telegram.send(chat, DELIVERY) for chat in range(1, 301)))

    simulated.run(broadcast())
    times = [time for time, _ in telegram.sent]
    assert most_in(1.0, times) <= 30
    assert 300 / 30 <= times[-1] <= 300 / 28.5
    assert [chat for _, chat in telegram.sent] == list(range(1, 301))


def test_readers_pass_a_broadcast() -> None:
    telegram = Telegram(latency=0.08)
    waits: list[float] = []

    async def ask(chat: int, at: float) -> None:
        await asyncio.sleep(at)
        waits.append(await telegram.send(chat) - at)

    async def all_at_once() -> None:
        broadcast = (telegram.send(chat, DELIVERY) for chat in range(1, 301))
        await asyncio.gather(*broadcast, *(ask(1000 + number, number / 3) for number in range(30)))

    simulated.run(all_at_once())
    assert len(telegram.sent) == 330
    assert max(waits) < 0.2
    assert most_in(1.0, [time for time, _ in telegram.sent]) <= 30


def test_a_reader_who_asks_once_passes_fifty_who_never_stop() -> None:
    telegram = Telegram(latency=0.08)
    waits: list[float] = []

    async def flood(chat: int) -> None:
        for _ in range(20):
            await telegram.send(chat)

    async def ask(chat: int, at: float) -> None:
        await asyncio.sleep(at)
        waits.append(await telegram.send(chat) - at)

    async def all_at_once() -> None:
        floods = (flood(chat) for chat in range(1, 51))
        await asyncio.gather(*floods, *(ask(1000 + number, 3 + number) for number in range(20)))

    simulated.run(all_at_once())
    assert len(telegram.sent) == 50 * 20 + 20
    assert max(waits) < 0.2
    assert most_in(1.0, [time for time, _ in telegram.sent]) <= 30


def test_a_chat_gets_deliveries_a_second_apart() -> None:
    telegram = Telegram()

    async def three() -> list[float]:
        return list(await asyncio.gather(*(telegram.send(7, DELIVERY) for _ in range(3))))

    first, second, third = simulated.run(three())
    assert second - first >= 1
    assert third - second >= 1


def test_a_delivery_keeps_a_second_from_the_readers_own_answer() -> None:
    telegram = Telegram()

    async def both() -> float:
        await telegram.send(7)
        return await telegram.send(7, DELIVERY)

    assert 1 <= simulated.run(both()) < 1.1


def test_a_reader_may_have_three_answers_at_once_but_one_a_second_in_the_long_run() -> None:
    telegram = Telegram()

    async def ten() -> list[float]:
        return list(await asyncio.gather(*(telegram.send(7) for _ in range(10))))

    times = simulated.run(ten())
    assert times[:3] == [0, 0, 0]
    assert times[-1] >= 9


def test_a_group_gets_twenty_messages_a_minute() -> None:
    telegram = Telegram()

    async def many() -> list[float]:
        return list(await asyncio.gather(*(telegram.send(-100123) for _ in range(45))))

    times = simulated.run(many())
    assert most_in(60, times) <= 20


def test_what_is_no_message_is_not_paced() -> None:
    telegram = Telegram()

    async def many() -> None:
        await asyncio.gather(*(telegram.send(-100123, endpoint="getChatMember") for _ in range(100)))

    simulated.run(many())
    assert {time for time, _ in telegram.sent} == {0}


def test_edits_count_for_the_bot_but_not_as_messages_in_the_chat() -> None:
    telegram = Telegram()

    async def many() -> None:
        await asyncio.gather(*(telegram.send(-100123, endpoint="editMessageText") for _ in range(60)))

    simulated.run(many())
    assert most_in(1.0, [time for time, _ in telegram.sent]) <= 30
    assert telegram.sent[-1][0] < 3


def test_a_time_to_wait_holds_back_its_chat_only() -> None:
    telegram = Telegram()
    telegram.floods[7] = [20]

    async def both() -> tuple[float, float]:
        held = asyncio.create_task(telegram.send(7))
        await asyncio.sleep(0.1)
        other = await telegram.send(8)
        return await held, other

    held, other = simulated.run(both())
    assert 20 <= held < 21
    assert other < 0.2


def test_a_delivery_told_to_wait_makes_room_and_later_ones_to_that_chat_are_not_even_tried() -> None:
    telegram = Telegram()
    telegram.floods[7] = [20]
    waits: list[Any] = []

    async def twice() -> None:
        for _ in range(2):
            with pytest.raises(RetryAfter) as raised:
                await telegram.send(7, DELIVERY)
            waits.append(raised.value.retry_after.total_seconds())  # type: ignore[union-attr]
            await asyncio.sleep(5)
        await asyncio.sleep(10)
        await telegram.send(7, DELIVERY)

    simulated.run(twice())
    assert waits == [20, 15]
    assert len(telegram.sent) == 1


def test_a_reader_is_not_left_waiting_for_minutes() -> None:
    telegram = Telegram()
    telegram.floods[7] = [300]

    async def ask() -> None:
        with pytest.raises(RetryAfter):
            await telegram.send(7)

    simulated.run(ask())


def test_an_answer_that_certainly_did_not_go_is_tried_again() -> None:
    telegram = Telegram()
    telegram.failures = [NotSent("no route"), NotSent("no route"), NotSent("no route")]
    assert simulated.run(telegram.send(7)) == 1.0 + 2.0 + 3.0


def test_it_is_given_up_after_some_tries() -> None:
    telegram = Telegram()
    telegram.failures = [NotSent("no route")] * 4
    with pytest.raises(NotSent):
        simulated.run(telegram.send(7))
    assert telegram.failures == []


@pytest.mark.parametrize(("failure", "delivery"), [(NetworkError("lost"), None), (NotSent("no route"), DELIVERY)])
def test_what_may_have_gone_is_not_tried_again_and_deliveries_wait_in_the_ledger(
    failure: NetworkError, delivery: Delivery | None
) -> None:
    telegram = Telegram()
    telegram.failures = [failure]
    with pytest.raises(type(failure)):
        simulated.run(telegram.send(7, delivery))
    assert telegram.sent == []


def test_a_delivery_begins_when_its_turn_has_come() -> None:
    telegram = Telegram(latency=0.08)
    begun: list[float] = []

    async def begin() -> None:
        begun.append(asyncio.get_running_loop().time())

    async def broadcast() -> None:
        await asyncio.gather(*(telegram.send(chat, Delivery(begin)) for chat in range(1, 31)))

    simulated.run(broadcast())
    assert [round(time + 0.08, 6) for time in begun] == [round(time, 6) for time, _ in telegram.sent]


def test_a_delivery_that_may_not_begin_is_not_sent() -> None:
    telegram = Telegram()

    async def begin() -> None:
        raise KeyError("forgotten meanwhile")

    async def send() -> None:
        with pytest.raises(KeyError):
            await telegram.send(7, Delivery(begin))

    simulated.run(send())
    assert telegram.sent == []


def test_who_gives_up_waiting_takes_no_place() -> None:
    telegram = Telegram()

    async def many() -> None:
        tasks = [asyncio.create_task(telegram.send(chat, DELIVERY)) for chat in range(1, 61)]
        await asyncio.sleep(0)
        for task in tasks[:50]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    simulated.run(many())
    assert telegram.sent[-1][0] < 1


def test_who_gives_up_at_the_very_moment_of_its_turn_lets_only_one_go_in_its_place() -> None:
    telegram = Telegram()
    begun: list[float] = []

    async def begin() -> None:
        await asyncio.sleep(0.005)  # it is written down first
        begun.append(asyncio.get_running_loop().time())

    async def several() -> None:
        first, second, *others = (asyncio.create_task(telegram.send(chat, Delivery(begin))) for chat in range(1, 5))
        await first
        assert telegram.pace._timer is not None
        asyncio.get_running_loop().call_at(telegram.pace._timer.when(), second.cancel)
        await asyncio.gather(*others, telegram.send(5, Delivery(begin)))  # whose coming sets the timer again
        assert second.cancelled()

    simulated.run(several())
    assert [chat for _, chat in telegram.sent] == [1, 3, 4, 5]
    assert most_in(1 / 31, begun) == 1


def test_chats_long_quiet_are_forgotten() -> None:
    telegram = Telegram()

    async def many() -> int:
        for chat in range(1, 6001):
            await telegram.send(chat)
        return len(telegram.pace._chats)

    assert simulated.run(many()) < 5000

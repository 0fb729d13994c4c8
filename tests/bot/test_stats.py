"""What a process counts for /metrics and /status."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.stats import AnswerTimes, Stats

START = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)


def test_half_of_the_answers_took_no_longer_than_the_median() -> None:
    stats = Stats(START)
    for hundredths in range(100, 0, -1):
        stats.answered(hundredths / 100)
    assert stats.answer_times == AnswerTimes(answers=100, p50=0.5, p95=0.95)


def test_before_the_first_answer_there_are_no_times() -> None:
    assert Stats(START).answer_times is None


def test_only_the_last_thousand_times_count() -> None:
    stats = Stats(START)
    for _ in range(1000):
        stats.answered(9.0)
    for _ in range(1000):
        stats.answered(0.1)
    assert stats.answer_times == AnswerTimes(1000, 0.1, 0.1)


def test_two_bots_in_one_process_do_not_share_their_numbers() -> None:
    one, other = Stats(START), Stats(START)
    one.took("message")
    one.failed("KeyError")
    assert one.registry.get_sample_value("digestbot_updates_total", {"kind": "message"}) == 1
    assert one.registry.get_sample_value("digestbot_errors_total", {"kind": "KeyError"}) == 1
    assert other.registry.get_sample_value("digestbot_updates_total", {"kind": "message"}) is None
    assert one.registry.get_sample_value("digestbot_start_time_seconds") == START.timestamp()

"""What this process has done since it started, in numbers: for /metrics and /status, without a word people wrote."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from math import ceil
from typing import Literal, NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

UpdateKind = Literal["message", "tap", "file"]
# Of so many answers the times are kept exactly, for /status; /metrics has buckets of all.
_REMEMBERED = 1_000
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


class AnswerTimes(NamedTuple):
    """Seconds from an update's arrival to its answer having been sent; half and 95 % of ``answers`` took no longer."""

    answers: int
    p50: float
    p95: float


class Stats:
    """Made once a process, by what starts it. Only the event loop writes to it."""

    def __init__(self, started_at: datetime) -> None:
        self.started_at = started_at
        # A registry of our own: the library's global one would be shared by two bots in one process.
        self.registry = CollectorRegistry()
        self._times: deque[float] = deque(maxlen=_REMEMBERED)
        self._updates = self._counter("updates", "Messages, taps and files that the bot took in.", ["kind"])
        self._silenced = self._counter("silenced", "Messages and taps of chats that sent too many, left unanswered.")
        self._errors = self._counter("errors", "Failures of ours, by kind.", ["kind"])
        self._deliveries = self._counter("deliveries", "Digests and finds sent by themselves, by outcome.", ["outcome"])
        self._loads = self._counter("loads", "Loads of the digest files, by outcome.", ["outcome"])
        self._answers = Histogram(
            "digestbot_answer_seconds",
            "From an update's arrival to its answer having been sent.",
            registry=self.registry,
            buckets=_BUCKETS,
        )
        start = Gauge("digestbot_start_time_seconds", "When the bot started, as Unix time.", registry=self.registry)
        start.set(started_at.timestamp())

    def _counter(self, name: str, description: str, labels: Sequence[str] = ()) -> Counter:
        return Counter(f"digestbot_{name}", description, labels, registry=self.registry)

    def took(self, kind: UpdateKind) -> None:
        """An update came that the bot answers."""
        self._updates.labels(kind).inc()

    def answered(self, seconds: float) -> None:
        """One of them was answered, so many seconds after it came."""
        self._times.append(seconds)
        self._answers.observe(seconds)

    def silenced(self) -> None:
        """One was left unanswered, since its chat sends too many."""
        self._silenced.inc()

    def failed(self, kind: str) -> None:
        """Something went wrong on our side; ``kind`` is an exception's name."""
        self._errors.labels(kind).inc()

    def delivered(self, outcome: str, count: int = 1) -> None:
        """So many deliveries came to this outcome."""
        self._deliveries.labels(outcome).inc(count)

    def loaded(self, outcome: Literal["done", "failed"]) -> None:
        """A load of digest files ended."""
        self._loads.labels(outcome).inc()

    @property
    def answer_times(self) -> AnswerTimes | None:
        """Of the last thousand answers; None before the first."""
        return answer_times(self._times) if self._times else None


def answer_times(seconds: Iterable[float]) -> AnswerTimes:
    """Median and 95th percentile of at least one time."""
    ordered = sorted(seconds)
    return AnswerTimes(len(ordered), _percentile(ordered, 0.5), _percentile(ordered, 0.95))


def _percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the smallest value that at least ``share`` of all do not exceed."""
    return ordered[ceil(share * len(ordered)) - 1]

"""What ``/metrics`` tells: what the process counted, and how things stand now, in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.chats import Chats
from bot.lifecycle import Updates
from bot.stats import Stats
from bot.version import version
from bot.web.health import Databases, Health, NoAnswer
from store import Archive


class _Gauge(NamedTuple):
    """One number, or one for each value of a label."""

    name: str
    description: str
    values: Mapping[str, float]
    label: str = ""


class Metrics:
    """Written anew for whoever asks. What a database does not tell in time is left out."""

    def __init__(self, stats: Stats, updates: Updates, health: Health, databases: Databases) -> None:
        self._stats = stats
        self._updates = updates
        self._health = health
        self._databases = databases

    async def text(self) -> bytes:
        now = CollectorRegistry()
        ProcessCollector(registry=now)
        now.register(_Collected([*self._of_process(), *await self._of_checks(), *await self._of_databases()]))
        return generate_latest(self._stats.registry) + generate_latest(now)

    def _of_process(self) -> Iterator[_Gauge]:
        yield _Gauge("digestbot_info", "Always 1; the label says which version runs.", {version() or "": 1}, "version")
        seconds = self._updates.contact.seconds
        if seconds is not None:
            said = "Seconds since Telegram was last heard of."
            yield _gauge("digestbot_telegram_silence_seconds", said, seconds)
        if self._updates.pending is not None:
            said = "Updates that Telegram holds back for the webhook, as of its last word."
            yield _gauge("digestbot_pending_updates", said, self._updates.pending)

    async def _of_checks(self) -> list[_Gauge]:
        faults = await self._health.faults()
        well = {name: float(fault is None) for name, fault in faults.items()}
        return [_Gauge("digestbot_healthy", "1 where the check of /healthz is passed, else 0.", well, "check")]

    async def _of_databases(self) -> list[_Gauge]:
        gauges = []
        try:
            papers, generation = await self._databases.archive(_papers_and_generation)
        except NoAnswer:
            pass  # digestbot_healthy says so
        else:
            gauges.append(_gauge("digestbot_papers", "Papers in the archive.", papers))
            said = "Which load made the archive that is answered from; it grows with each that changed something."
            gauges.append(_gauge("digestbot_archive_generation", said, generation))
        try:
            subscribed = await self._databases.chats(Chats.count_subscribed)
        except NoAnswer:
            pass
        else:
            gauges.append(_gauge("digestbot_subscriptions", "Chats with a daily digest.", subscribed))
        return gauges


class _Collected(Collector):
    def __init__(self, gauges: list[_Gauge]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterator[Metric]:
        for gauge in self._gauges:
            family = GaugeMetricFamily(gauge.name, gauge.description, labels=[gauge.label] if gauge.label else [])
            for of, value in gauge.values.items():
                family.add_metric([of] if gauge.label else [], value)
            yield family


def _gauge(name: str, description: str, value: float) -> _Gauge:
    return _Gauge(name, description, {"": value})


def _papers_and_generation(archive: Archive) -> tuple[int, int]:
    return archive.count(), archive.generation

"""``GET /healthz`` and ``GET /metrics``, for an operator's monitoring on this machine."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType

from prometheus_client import CONTENT_TYPE_LATEST
from tornado.web import Application, HTTPError

from bot.lifecycle import Updates
from bot.services import Services
from bot.settings import Listen
from bot.tracebacks import describe
from bot.web.health import Databases, Health
from bot.web.metrics import Metrics
from bot.web.server import NotHere, Quiet, address, bound, serving

log = logging.getLogger(__name__)


@asynccontextmanager
async def monitored(listen: Listen | None, services: Services, updates: Updates) -> AsyncIterator[None]:
    """Answer what monitoring asks at an address; nowhere without one. Raises NoAddress."""
    if listen is None:
        yield
        return
    with bound(listen, "DIGESTBOT_MONITOR") as listening:
        databases = Databases(services)
        try:
            async with serving(monitor_application(services, updates, databases), listening):
                log.info("Health and metrics are at http://%s", address(listening))
                yield
        finally:
            databases.close()


def monitor_application(services: Services, updates: Updates, databases: Databases) -> Application:
    """The two pages."""
    health = Health(updates, databases)
    metrics = Metrics(services.stats, updates, health, databases)
    return Application(
        [("/healthz", _Healthz, {"health": health}), ("/metrics", _Metrics, {"metrics": metrics})],
        default_handler_class=NotHere,
        log_function=lambda handler: None,
    )


class _Page(Quiet):
    SUPPORTED_METHODS = ("GET", "HEAD")

    async def head(self) -> None:
        """As GET, of which tornado keeps the body back."""
        await self.get()

    async def get(self) -> None:
        raise NotImplementedError

    def log_exception(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and not isinstance(error, HTTPError):
            log.error("What monitoring asked for could not be told:\n%s", describe(error))


class _Healthz(_Page):
    def initialize(self, health: Health) -> None:
        self._health = health

    async def get(self) -> None:
        """200 where all is well, else 503; either way which check says what."""
        faults = await self._health.faults()
        well = not any(faults.values())
        self.set_status(200 if well else 503)
        checks = {name: fault or "ok" for name, fault in faults.items()}
        self.write({"status": "ok" if well else "failing", "checks": checks})


class _Metrics(_Page):
    def initialize(self, metrics: Metrics) -> None:
        self._metrics = metrics

    async def get(self) -> None:
        text = await self._metrics.text()
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.write(text)

"""Updates that Telegram brings: the webhook, its registration, and a look every minute at how it fares.

Behind a reverse proxy, whoever finds the address can call it. Telegram proves itself with a secret that is made anew at
every start; of anybody else's request nothing but its headers is read.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections import deque
from collections.abc import Callable
from datetime import datetime
from socket import socket
from types import TracebackType
from urllib.parse import urlsplit

from telegram import Bot, Update, WebhookInfo
from telegram.error import BadRequest, InvalidToken, TelegramError
from tornado.web import Application, HTTPError, stream_request_body

from bot.contact import Contact
from bot.incoming import read_update
from bot.polling import ALLOWED_UPDATES, Sleep, connect, tell
from bot.services import utc_now
from bot.tracebacks import describe
from bot.views.text import fold, shorten
from bot.web.server import Quiet, address, serving

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_BODY = 1_000_000  # bytes; Telegram's updates are a few kilobytes
LOOK = 60.0  # seconds between two looks at how the webhook fares
# What was last heard of it counts no longer than this.
_TOO_LONG = 180.0
# Telegram's calls at the same time: half of its default, plenty for what one process answers.
_CONNECTIONS = 20
_REMEMBERED = 1_000  # updates that are not answered again


class Webhook:
    """Updates that Telegram brings to ``url``, which a reverse proxy passes on to where ``listening`` is bound.

    At the end it stays registered, and Telegram keeps what comes meanwhile. ``contact`` is told of each word of
    Telegram's; ``now`` gives the time in UTC.
    """

    def __init__(
        self,
        bot: Bot,
        url: str,
        listening: socket,
        contact: Contact,
        *,
        now: Callable[[], datetime] = utc_now,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.contact = contact
        self.pending: int | None = None
        self._bot = bot
        self._url = url
        self._listening = listening
        self._now = now
        self._sleep = sleep
        self._secret = secrets.token_urlsafe(32)
        self._info: WebhookInfo | None = None
        self._looked = Contact(contact.clock)
        # Where our answer to a call is lost on its way, Telegram brings the same update again.
        self._taken: deque[int] = deque(maxlen=_REMEMBERED)
        # When a delivery last worked, as far as is known: an earlier error is over.
        self._worked_at = now()

    async def connect(self) -> None:
        """Register with Telegram, waiting for it as long as it takes. Raises InvalidToken."""
        await connect(self._bot, self._register, sleep=self._sleep)
        log.info("Telegram brings messages to the webhook; listening for them at %s", address(self._listening))

    async def fetch(self, queue: asyncio.Queue[object]) -> None:
        """Take what Telegram brings into the queue until cancelled. Raises InvalidToken."""

        def take(payload: bytes) -> None:
            update = self._read(payload)
            if update.update_id not in self._taken:
                self._taken.append(update.update_id)
                queue.put_nowait(update)

        options = {"path": urlsplit(self._url).path, "secret": self._secret, "take": take}
        application = Application([(".*", _Calls, options)], log_function=lambda handler: None)
        async with serving(application, self._listening):
            while True:
                await self._sleep(LOOK)
                await self._look()

    def fault(self) -> str | None:
        """Why no updates arrive, in one line; None while they do."""
        info, seconds = self._info, self._looked.seconds
        if info is None or seconds is None:
            return "Telegram was not reached yet"
        if seconds > _TOO_LONG:
            return f"Telegram has not told for {seconds:.0f} s how the webhook fares"
        failed_at = info.last_error_date
        if info.pending_update_count and failed_at is not None and failed_at > self._worked_at:
            said = shorten(fold(info.last_error_message or "it does not say why"), 200)
            return f"Telegram cannot deliver what it has (waiting: {info.pending_update_count}): {said}"
        return None

    async def _register(self) -> None:
        try:
            await self._bot.set_webhook(
                self._url, allowed_updates=ALLOWED_UPDATES, secret_token=self._secret, max_connections=_CONNECTIONS
            )
        except BadRequest as error:
            # Its name may only just have come into the world: this is told, and tried again as well.
            raise BadRequest(f"DIGESTBOT_WEBHOOK_URL cannot be used: {error.message}") from None
        self._worked_at = self._now()
        await self._ask()

    async def _ask(self) -> WebhookInfo:
        self._info = info = await self._bot.get_webhook_info()
        self.pending = info.pending_update_count
        self._looked.note()
        self.contact.note()
        return info

    async def _look(self) -> None:
        try:
            info = await self._ask()
            if info.url != self._url:
                log.warning(
                    "Another process has taken Telegram's webhook away, which is set again. Only one bot may run with "
                    "a token: stop the other one."
                )
                await self._register()
        except InvalidToken:
            raise
        except TelegramError as error:
            tell(error, LOOK, self._bot)

    def _read(self, payload: bytes) -> Update:
        update = read_update(payload, self._bot)
        self._worked_at = self._now()
        self.contact.note()
        return update


@stream_request_body
class _Calls(Quiet):
    """Takes what Telegram sends; whatever else comes is answered with a status and no word more."""

    def initialize(self, path: str, secret: str, take: Callable[[bytes], None]) -> None:
        self._path = path
        self._secret = secret.encode()
        self._take = take
        self._body = bytearray()

    def prepare(self) -> None:
        """Refuse, before any of the body is read, what is not Telegram's."""
        if self.request.path != self._path or self.request.query:
            raise HTTPError(404)
        if self.request.method != "POST":
            raise HTTPError(405)
        given = self.request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._secret):
            raise HTTPError(403)
        if _length(self.request.headers.get("Content-Length", "0")) > MAX_BODY:
            raise HTTPError(413)

    def data_received(self, chunk: bytes) -> None:
        if len(self._body) + len(chunk) <= MAX_BODY:
            self._body += chunk
        else:
            self.send_error(413)  # sent in parts, it did not say before how long it is

    def post(self) -> None:
        try:
            self._take(bytes(self._body))
        except ValueError:
            raise HTTPError(400) from None

    def log_exception(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """One line for what was refused. It never holds the path, which is nobody's business, or the body."""
        if isinstance(error, HTTPError):
            log.warning("A call of the webhook that is not Telegram's was refused (%d)", error.status_code)
        elif error is not None:
            log.error("A call of the webhook was not understood:\n%s", describe(error, texts=False))


def _length(header: str) -> int:
    try:
        return int(header)
    except ValueError:
        raise HTTPError(400) from None

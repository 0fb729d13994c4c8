"""Logs on standard error, as text or JSON, that never show the bot token, at any level.

Redaction works on finished text, tracebacks included, because that is the only place where every way in
(message, arguments, exception text, a library's own logger) has already come together.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, TextIO
from urllib.parse import quote

from pythonjsonlogger.json import JsonFormatter

LogFormat = Literal["text", "json"]

REDACTED = "[redacted]"
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

# The colon of a token arrives percent-encoded where an address was quoted.
_TOKEN = re.compile(r"\d{5,}(?::|%3A)[A-Za-z0-9_-]{20,}", re.IGNORECASE)
# A token too short for the pattern above is still one where an address of the Bot API carries it.
_TOKEN_IN_ADDRESS = re.compile(r"(?<=/bot)\d+(?::|%3A)[^/\s'\"?#]+", re.IGNORECASE)

# At INFO, httpx logs every address it asks for, apscheduler every job it runs, and tornado every request that is no
# HTTP: noise, of which the first holds the token.
_CHATTY_LOGGERS = ("httpx", "httpcore", "apscheduler", "tornado")
# The first logs a traceback of every answer that is no JSON, such as a gateway's error page; the second logs updates
# it cannot read whole, with what people wrote. The exceptions that follow are logged by us, in our own way. The third
# would log a line for each request to our servers, with the webhook's path; the fourth a traceback of a job that was
# given up when the bot stops.
_SILENT_LOGGERS = (
    "telegram.request.BaseRequest",
    "telegram.ext.ExtBot",
    "tornado.access",
    "apscheduler.executors.default",
)


def redact(text: str, secrets: Sequence[str] = ()) -> str:
    """`text` with every one of `secrets`, and whatever looks like a bot token, replaced by `[redacted]`."""
    for secret in filter(None, secrets):
        for form in (secret, quote(secret, safe="")):
            text = text.replace(form, REDACTED)
    return _TOKEN_IN_ADDRESS.sub(REDACTED, _TOKEN.sub(REDACTED, text))


class RedactingFormatter(logging.Formatter):
    """Formats as its parent does, then redacts the finished text."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        super().__init__(LOG_FORMAT)
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record), self._secrets)


class RedactingJsonFormatter(JsonFormatter):
    """One JSON object a line: time (ISO 8601, UTC), level, logger, message and, where there is one, exception."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        super().__init__(json_ensure_ascii=False)
        self._secrets = tuple(secrets)

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """The fields, redacted one by one: in JSON a secret with a quotation mark in it reads otherwise."""
        log_data["time"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        log_data["level"] = record.levelname
        log_data["logger"] = record.name
        log_data["message"] = redact(record.getMessage(), self._secrets)
        told = [text for text in (message_dict.get("exc_info"), message_dict.get("stack_info")) if text]
        if told:
            log_data["exception"] = redact("\n".join(map(str, told)), self._secrets)


class StandardErrorHandler(logging.StreamHandler[TextIO]):
    """Writes to whatever `sys.stderr` is at the moment of writing.

    The terminal bot replaces `sys.stderr` while its prompt is open; a handler that kept the original would
    write across the line being typed.
    """

    def __init__(self, secrets: Sequence[str] = (), log_format: LogFormat = "text") -> None:
        super().__init__(sys.stderr)
        self._secrets = tuple(secrets)
        self.setFormatter(_formatter(log_format, secrets))

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Report a record that could not be formatted; the parent would print its raw arguments."""
        report = f"Logging failed at {record.pathname}:{record.lineno}\n{traceback.format_exc()}"
        told = _record(__name__, logging.ERROR, report)
        sys.stderr.write(f"{self.format(told)}\n" if writes_json() else redact(report, self._secrets))


def _formatter(log_format: LogFormat, secrets: Sequence[str]) -> logging.Formatter:
    return RedactingJsonFormatter(secrets) if log_format == "json" else RedactingFormatter(secrets)


def _record(name: str, level: int, message: str, trace: Any = None) -> logging.LogRecord:
    return logging.LogRecord(name, level, __file__, 0, message, None, trace)


def writes_json() -> bool:
    """Whether the log of this process is JSON."""
    return any(isinstance(handler.formatter, RedactingJsonFormatter) for handler in logging.getLogger().handlers)


def configure_logging(level: int | str, *, secrets: Sequence[str], log_format: LogFormat = "text") -> None:
    """Send the log of `level` and above to standard error, without `secrets` or anything like a bot token.

    What libraries say about every single request is left out unless `level` is below INFO. Raises ValueError
    for an unknown level name.
    """
    logging.basicConfig(level=level, handlers=[StandardErrorHandler(secrets, log_format)], force=True)
    # What Python warns of would stand between the objects as plain text.
    logging.captureWarnings(log_format == "json")
    verbose = logging.getLogger().level < logging.INFO
    for name in _CHATTY_LOGGERS:
        logging.getLogger(name).setLevel(logging.NOTSET if verbose else logging.WARNING)
    # Below INFO, python-telegram-bot logs whole updates, and what people write belongs in no log.
    logging.getLogger("telegram").setLevel(logging.INFO if verbose else logging.NOTSET)
    for name in _SILENT_LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def install_excepthook(secrets: Sequence[str], log_format: LogFormat = "text") -> None:
    """From here on, an uncaught exception of any thread is printed redacted.

    Python's own hooks print the exception's text as it is, and the exceptions of an HTTP library name the
    address, which holds the token.
    """
    kept = tuple(secrets)

    def report(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if log_format == "json":
            record = _record("bot", logging.CRITICAL, "Uncaught exception", (kind, error, trace))
            sys.stderr.write(RedactingJsonFormatter(kept).format(record) + "\n")
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(redact(text, kept))

    def report_of_thread(arguments: threading.ExceptHookArgs) -> None:
        report(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    sys.excepthook = report
    threading.excepthook = report_of_thread

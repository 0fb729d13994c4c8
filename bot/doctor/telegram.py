"""Checks that ask Telegram: the token, the clock, the webhook, the admins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from bot.doctor.asking import NoAnswer, Refused
from bot.doctor.registry import Case, Finding, fault, ok, register, warning
from bot.views.text import fold, shorten

# Deliveries go by the clock to the minute.
MAX_DRIFT = 30.0  # seconds
MAX_PENDING = 100
_UNAUTHORIZED = (401, 404)
_LATELY = 3600.0  # seconds


class _Me(BaseModel):
    username: str = ""


class _WebhookInfo(BaseModel):
    url: str = ""
    pending_update_count: int = 0
    last_error_date: int = 0
    last_error_message: str = ""


@register("token", asks=True)
def token(case: Case) -> Iterator[Finding]:
    if case.settings.token is None:
        get_one = "Ask @BotFather for one and write it into .env as TELEGRAM_BOT_TOKEN."
        yield warning("there is none, so that `digestbot run` talks in the terminal", get_one)
        return
    try:
        me = _Me.model_validate(_ask(case, "getMe"))
        yield ok(f"Telegram knows the bot as @{fold(me.username)}")
    except Refused as error:
        if error.status in _UNAUTHORIZED:
            yield fault("Telegram does not know it", "Copy it again from @BotFather, and check DIGESTBOT_API_URL.")
        else:
            yield fault(f"Telegram refuses it ({_said(error)})", "Ask @BotFather about the bot.")
    except (NoAnswer, ValidationError) as error:
        yield _unreachable(case, error)


@register("clock", asks=True)
def clock(case: Case) -> Iterator[Finding]:
    before = case.now()
    try:
        theirs = case.web.date(case.settings.api_url)
    except NoAnswer as error:
        yield warning(f"there is nothing to compare it with: {_host(case)} {error}", "See what is said of the token.")
        return
    ours = before + (case.now() - before) / 2
    if theirs is None:
        yield warning(
            f"there is nothing to compare it with: {_host(case)} does not say the time", "Compare it by hand."
        )
        return
    drift = (ours - theirs.astimezone(UTC)).total_seconds()
    if abs(drift) > MAX_DRIFT:
        how = f"{abs(drift):.0f} s {'ahead of' if drift > 0 else 'behind'} Telegram's"
        yield fault(f"it is {how}, and digests go by it", "Turn on time synchronisation: `timedatectl set-ntp true`.")
    else:
        yield ok("right to within half a minute")


@register("webhook", asks=True)
def webhook(case: Case) -> Iterator[Finding]:
    if case.settings.token is None:
        return
    try:
        info = _WebhookInfo.model_validate(_ask(case, "getWebhookInfo"))
    except (NoAnswer, Refused, ValidationError):
        return  # told with the token
    wanted = case.settings.webhook_url
    if wanted is None and info.url:
        yield warning(
            f"Telegram brings messages to {_host_of(info.url)}, and DIGESTBOT_WEBHOOK_URL is not set",
            "`digestbot run` takes that away when it starts; end whatever else uses this token.",
        )
    elif wanted is None:
        yield ok("none; messages are fetched")
    elif not info.url:
        yield warning(
            "DIGESTBOT_WEBHOOK_URL is set, but Telegram knows of no webhook",
            "Start the bot with `digestbot run --webhook`, or unset it.",
        )
    elif info.url != wanted:
        yield fault(
            f"Telegram brings messages to {_host_of(info.url)}, not to DIGESTBOT_WEBHOOK_URL",
            "Start the bot again with `digestbot run --webhook`, and end whatever else uses this token.",
        )
    else:
        yield ok(f"Telegram brings messages to {_host_of(info.url)}")
    yield from _trouble(info, case.now())


def _trouble(info: _WebhookInfo, now: datetime) -> Iterator[Finding]:
    if info.url and info.last_error_date and now.timestamp() - info.last_error_date < _LATELY:
        at = datetime.fromtimestamp(info.last_error_date, UTC)
        yield warning(
            f"at {at:%H:%M} UTC Telegram failed to bring a message: {shorten(fold(info.last_error_message), 200)}",
            "Check that the bot runs, and the reverse proxy, its certificate and the firewall (port 443).",
        )
    if info.pending_update_count > MAX_PENDING:
        yield warning(f"{info.pending_update_count} messages wait to be answered", "Check that the bot runs.")


@register("admins")
def admins(case: Case) -> Iterator[Finding]:
    if case.settings.admins:
        yield ok(f"{len(case.settings.admins)} set")
    else:
        yield warning(
            "there is none: nobody may load or upload digests on Telegram, or is told of errors",
            "Set DIGESTBOT_ADMINS to your Telegram user id.",
        )


@register("admins", asks=True)
def reachable_admins(case: Case) -> Iterator[Finding]:
    if case.settings.token is None:
        return
    for admin in sorted(case.settings.admins):
        try:
            _ask(case, "getChat", chat_id=admin)
            yield ok(f"{admin} can be reached")
        except Refused:
            how = "They send the bot /start; until then it may not write to them. Or the id is wrong."
            yield warning(f"{admin} cannot be reached", how)
        except NoAnswer:
            return  # told with the token


def _ask(case: Case, method: str, **parameters: object) -> object:
    if case.settings.token is None:
        raise ValueError("there is no token to ask with")
    return case.web.ask_telegram(case.settings.api_url, case.settings.token.get_secret_value(), method, **parameters)


def _unreachable(case: Case, error: Exception) -> Finding:
    said = str(error) if isinstance(error, NoAnswer) else "answers with something else than the Bot API"
    return fault(f"{_host(case)} {said}", "Check the network, the proxy settings and DIGESTBOT_API_URL.")


def _said(error: Refused) -> str:
    return shorten(fold(str(error)), 200)


def _host(case: Case) -> str:
    return _host_of(case.settings.api_url)


def _host_of(url: str) -> str:
    """The address without its path, which nobody needs to know."""
    return fold(urlsplit(url).netloc.rpartition("@")[2])

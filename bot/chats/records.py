"""What chats.db holds, as the rest of the bot sees it: subscriptions, deliveries, watches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from bot.callbacks import LanguageChoice
from store import Language

Row = Mapping[str, Any]
ChatKind = Literal["private", "group", "supergroup", "channel"]
DeliveryKind = Literal["digest", "find"]
State = Literal["planned", "sending", "sent", "failed", "unknown", "skipped"]
Why = Literal["watch", "new", "archive"]

MAX_COUNT = 10


class Item(BaseModel):
    """A paper of a delivery: ``why`` it was chosen, and under which ``watch`` it was found.

    Title and arXiv id stand beside the key, so that the ledger can be read when the archive has been made anew.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    arxiv_id: str | None = None
    title: str = ""
    why: Why
    watch: str | None = None


Items = tuple[Item, ...]
_items: TypeAdapter[Items] = TypeAdapter(Items)
_slugs: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])


@dataclass(frozen=True)
class Subscription:
    """How a chat wants its digest. It is subscribed while ``next_due_at`` is not None."""

    chat_id: int
    kind: ChatKind
    ui: Language
    time: time
    zone: str
    new_since: datetime
    topics: tuple[str, ...] = ()
    count: int = 5
    weekdays_only: bool = False
    paused_until: datetime | None = None
    next_due_at: datetime | None = None
    quiet: bool = False
    strikes: int = 0
    language: LanguageChoice | None = None  # chosen with /language; kept in the chats table

    @property
    def subscribed(self) -> bool:
        return self.next_due_at is not None


@dataclass(frozen=True)
class Delivery:
    """A message that goes out by itself, as the ledger has it."""

    id: int
    chat_id: int
    kind: DeliveryKind
    local_date: date
    due_at: datetime
    state: State
    items: Items
    tries: int = 0
    message_id: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Plan:
    """What one look at a due chat leads to, written in one transaction.

    ``items`` None is no message at all; an empty one is the line that nothing is left. ``missed`` are dates whose
    digest is too late, with the moments they were due.
    """

    chat_id: int
    next_due_at: datetime
    local_date: date
    due_at: datetime
    items: Items | None
    missed: tuple[tuple[date, datetime], ...] = ()


@dataclass(frozen=True)
class Watch:
    """Words that a chat waits for, in the search language."""

    id: int
    chat_id: int
    words: str
    at_once: bool


@dataclass(frozen=True)
class Find:
    """A new paper that matches a watch."""

    watch: Watch
    key: str
    arxiv_id: str | None
    title: str


@dataclass(frozen=True)
class KnownPaper:
    """A paper the archive holds or once held, and since when."""

    key: str
    arxiv_id: str | None
    title: str
    seen_at: datetime


def to_text(moment: datetime) -> str:
    """A moment as chats.db keeps it: texts in UTC compare as the moments do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def to_json(values: Iterable[object]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def items_to_json(items: Items) -> str:
    return to_json(item.model_dump() for item in items)


def subscription_of(row: Row) -> Subscription:
    """A row of ``subscriptions`` joined with the chat's ``language``."""
    return Subscription(
        chat_id=row["chat_id"],
        kind=row["kind"],
        ui=row["ui"],
        time=time.fromisoformat(row["time"]),
        zone=row["zone"],
        new_since=datetime.fromisoformat(row["new_since"]),
        topics=_slugs.validate_json(row["topics"]),
        count=row["count"],
        weekdays_only=bool(row["weekdays_only"]),
        paused_until=_moment(row["paused_until"]),
        next_due_at=_moment(row["next_due_at"]),
        quiet=bool(row["quiet"]),
        strikes=row["strikes"],
        language=row["language"],
    )


def delivery_of(row: Row) -> Delivery:
    return Delivery(
        id=row["id"],
        chat_id=row["chat_id"],
        kind=row["kind"],
        local_date=date.fromisoformat(row["local_date"]),
        due_at=datetime.fromisoformat(row["due_at"]),
        state=row["state"],
        items=_items.validate_json(row["papers"]),
        tries=row["tries"],
        message_id=row["message_id"],
        reason=row["reason"],
    )


def watch_of(row: Row) -> Watch:
    return Watch(row["id"], row["chat_id"], row["words"], bool(row["at_once"]))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

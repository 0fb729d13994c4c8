"""Who the bot talks with: persons, groups and channels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Person:
    """A user, and the private chat with them (the same id).

    `started` is whether they ever wrote to the bot: before that it may not write to them.
    """

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    started: bool = True
    blocked: bool = False
    deactivated: bool = False
    type: str = "private"

    def user_json(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, **self._names(), **_given(language_code=self.language_code)}

    def chat_json(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", **self._names()}

    def _names(self) -> dict[str, Any]:
        return _given(first_name=self.first_name, last_name=self.last_name, username=self.username)


@dataclass(eq=False)
class Group:
    """A group, supergroup or channel (`type`), with its members and who of them administers it."""

    id: int
    title: str
    type: str = "supergroup"
    username: str | None = None
    members: list[Person] = field(default_factory=list)
    admins: list[Person] = field(default_factory=list)
    creator: Person | None = None
    bot_status: str = "member"
    migrated_to: int | None = None

    def chat_json(self) -> dict[str, Any]:
        return {"id": self.id, "type": self.type, "title": self.title, **_given(username=self.username)}

    def status_of(self, user_id: int) -> str | None:
        if self.creator is not None and self.creator.id == user_id:
            return "creator"
        if any(person.id == user_id for person in self.admins):
            return "administrator"
        return "member" if any(person.id == user_id for person in self.members) else None


Chat = Person | Group


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}

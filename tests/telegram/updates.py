"""Updates as Telegram makes them of what people do."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from tests.telegram.api import BotApi
from tests.telegram.entities import automatic, cleaned, entities_json
from tests.telegram.methods_about import member_json
from tests.telegram.methods_messages import document_json
from tests.telegram.parameters import Upload
from tests.telegram.people import Chat, Group, Person

Update = dict[str, Any]
# Bytes of the largest file a client sends.
MAX_SENT = 2_000_000_000


class Updates:
    """Makes updates for one bot; the messages in them are kept, so that the bot can reply to them."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self._groups = itertools.count(13_000_000_000_000_001)

    def message(
        self,
        person: Person,
        text: str | None = None,
        *,
        chat: Chat | None = None,
        reply_to: dict[str, Any] | None = None,
        **fields: Any,
    ) -> Update:
        """Somebody writes. `reply_to` is a Message object; further fields (`photo`, `location`,
        `forward_origin`) go into the message as they are."""
        person.started = True
        chat = chat or person
        content = {**self._from(person, chat), **self._worded(text), **self._reply(reply_to), **fields}
        return self.api.update("message", self.api.add_message(content))

    def edited_message(self, message: dict[str, Any], text: str) -> Update:
        """Somebody edits what they wrote."""
        kept = {key: value for key, value in message.items() if key not in ("text", "entities")}
        edited = {**kept, **self._worded(text), "edit_date": int(self.api.clock())}
        self.api.messages[message["chat"]["id"], message["message_id"]] = edited
        return self.api.update("edited_message", edited)

    def channel_post(self, channel: Group, text: str) -> Update:
        """A channel posts."""
        place = channel.chat_json()
        post = self.api.add_message({"sender_chat": place, "chat": place, **self._worded(text)})
        return self.api.update("channel_post", post)

    def document(
        self,
        person: Person,
        name: str,
        data: bytes,
        media_type: str = "text/plain",
        *,
        chat: Chat | None = None,
        **fields: Any,
    ) -> Update:
        """Somebody sends a file of up to 2 GB, which the bot may then fetch; further fields (`caption`,
        `media_group_id`) go into the message."""
        if not 0 < len(data) <= MAX_SENT:
            raise ValueError("no client sends such a file")
        file_id = f"document-{len(self.api.documents) + 1}"
        self.api.documents[file_id] = Upload(name, data, media_type)
        return self.message(person, chat=chat, document=document_json(self.api, file_id), **fields)

    def album(self, person: Person, files: Mapping[str, bytes], *, chat: Chat | None = None) -> list[Update]:
        """Somebody sends two to ten files at once: a message each, with one media group."""
        if not 2 <= len(files) <= 10:
            raise ValueError("an album holds two to ten files")
        group = str(next(self._groups))
        return [self.document(person, name, data, chat=chat, media_group_id=group) for name, data in files.items()]

    def location(self, person: Person, latitude: float, longitude: float) -> Update:
        """Somebody shares where they are."""
        return self.message(person, location={"latitude": latitude, "longitude": longitude})

    def press(self, person: Person, message: dict[str, Any], data: str, *, inaccessible: bool = False) -> Update:
        """Somebody presses a button with this data under a message.

        The message comes as it is now; one that is gone, or `inaccessible` for its age, comes as Telegram
        sends it: chat and number only, dated 0.
        """
        place = message["chat"]["id"], message["message_id"]
        current = self.api.messages.get(place)
        if current is None or inaccessible:
            current = {"chat": message["chat"], "message_id": place[1], "date": 0}
        callback = self.api.add_callback(place[0], data)
        return self.api.update(
            "callback_query",
            {
                "id": callback.id,
                "from": person.user_json(),
                "message": current,
                "chat_instance": str(place[0] * 7919),
                "data": data,
            },
        )

    def bot_status(self, person: Person, chat: Chat, old: str, new: str) -> Update:
        """Somebody adds, removes, blocks or promotes the bot (`my_chat_member`)."""
        if isinstance(chat, Group):
            chat.bot_status = new
        else:
            chat.blocked = new == "kicked"
        return self.api.update(
            "my_chat_member",
            {
                "chat": chat.chat_json(),
                "from": person.user_json(),
                "date": int(self.api.clock()),
                "old_chat_member": member_json(self.api.user, old),
                "new_chat_member": member_json(self.api.user, new),
            },
        )

    def migration(self, person: Person, group: Group, new_id: int) -> tuple[Group, list[Update]]:
        """A group becomes a supergroup: the new chat, and the two service messages about it."""
        new = Group(new_id, group.title, "supergroup", None, group.members, group.admins, group.creator)
        self.api.add_chat(new)
        group.migrated_to = new_id
        return new, [
            self.message(person, chat=group, migrate_to_chat_id=new_id),
            self.message(person, chat=new, migrate_from_chat_id=group.id),
        ]

    @staticmethod
    def _from(person: Person, chat: Chat) -> dict[str, Any]:
        return {"from": person.user_json(), "chat": chat.chat_json()}

    @staticmethod
    def _worded(text: str | None) -> dict[str, Any]:
        if text is None:
            return {}
        text, _ = cleaned(text, [])
        found = entities_json(text, automatic(text))
        return {"text": text, **({"entities": found} if found else {})}

    @staticmethod
    def _reply(message: dict[str, Any] | None) -> dict[str, Any]:
        if message is None:
            return {}
        return {"reply_to_message": {key: value for key, value in message.items() if key != "reply_to_message"}}

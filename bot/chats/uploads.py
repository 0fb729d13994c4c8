"""Digest files that an admin sent and has neither kept nor discarded yet: what of them must outlive a restart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from bot.chats.kept import Kept
from bot.chats.records import Row, to_text
from store import FileReport

_reports: TypeAdapter[tuple[FileReport, ...]] = TypeAdapter(tuple[FileReport, ...])


@dataclass(frozen=True)
class Upload:
    """Files that are looked at and kept together. ``message_id`` is of the bot's message about them.

    ``refused`` are the reports on those that cannot be used; the others lie in the upload's folder.
    """

    id: int
    chat_id: int
    message_id: int | None
    media_group: str | None
    changed_at: datetime
    refused: tuple[FileReport, ...] = ()


class KeptUploads(Kept):
    """Every chat's uploads."""

    def begin_upload(self, chat_id: int, media_group: str | None, now: datetime) -> Upload:
        with self._writing() as connection:
            cursor = connection.execute(
                "INSERT INTO uploads (chat_id, media_group, refused, changed_at) VALUES (?, ?, '[]', ?)",
                [chat_id, media_group, to_text(now)],
            )
            return Upload(int(cursor.lastrowid or 0), chat_id, None, media_group, now)

    def upload(self, upload_id: int) -> Upload | None:
        row = self._row("SELECT * FROM uploads WHERE id = ?", [upload_id])
        return _upload_of(row) if row else None

    def uploads(self, chat_id: int | None = None) -> list[Upload]:
        """A chat's uploads, the newest first; everybody's where no chat is named."""
        rows = self._rows(
            "SELECT * FROM uploads WHERE chat_id = coalesce(?, chat_id) ORDER BY changed_at DESC, id DESC", [chat_id]
        )
        return [_upload_of(row) for row in rows]

    def touch_upload(self, upload_id: int, now: datetime) -> None:
        """Something of the upload came now."""
        with self._writing() as connection:
            connection.execute("UPDATE uploads SET changed_at = ? WHERE id = ?", [to_text(now), upload_id])

    def show_upload(self, upload_id: int, message_id: int) -> None:
        """The upload is told of in this message."""
        with self._writing() as connection:
            connection.execute("UPDATE uploads SET message_id = ? WHERE id = ?", [message_id, upload_id])

    def refuse_files(self, upload_id: int, refused: Sequence[FileReport]) -> None:
        """The files of the upload that cannot be used are now these."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE uploads SET refused = ? WHERE id = ?",
                [_reports.dump_json(tuple(refused)).decode(), upload_id],
            )

    def end_upload(self, upload_id: int) -> None:
        with self._writing() as connection:
            connection.execute("DELETE FROM uploads WHERE id = ?", [upload_id])


def _upload_of(row: Row) -> Upload:
    return Upload(
        id=row["id"],
        chat_id=row["chat_id"],
        message_id=row["message_id"],
        media_group=row["media_group"],
        changed_at=datetime.fromisoformat(row["changed_at"]),
        refused=_read_reports(row["refused"]),
    )


def _read_reports(text: str) -> tuple[FileReport, ...]:
    try:
        return _reports.validate_json(text)
    except ValidationError:
        return ()  # of another version, which told the admin of them when they came

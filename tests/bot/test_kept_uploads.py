"""Uploads in chats.db: what must be known of them after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.chats import Chats, Upload
from store import FileReport, Problem
from tests.conftest import ADMIN

NOW = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=5)


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    chats = Chats.open(tmp_path)
    yield chats
    chats.close()


def test_an_upload_begins_empty_and_without_a_message(chats: Chats) -> None:
    upload = chats.begin_upload(ADMIN, "13", NOW)
    assert upload == Upload(1, ADMIN, None, "13", NOW)
    assert chats.upload(1) == upload
    assert chats.upload(2) is None


def test_what_is_known_of_it_is_kept(chats: Chats) -> None:
    trouble = Problem.of("no_title_in_heading")
    problem = Problem.of("no_usable_entries", layout="weekly", line=3, trouble=trouble)
    refused = FileReport(name="七月.md", status="refused", error=problem.text, problem=problem)
    chats.begin_upload(ADMIN, None, NOW)
    chats.touch_upload(1, LATER)
    chats.show_upload(1, 70)
    chats.refuse_files(1, [refused])
    assert chats.upload(1) == Upload(1, ADMIN, 70, None, LATER, (refused,))


def test_a_chats_uploads_come_newest_first(chats: Chats) -> None:
    for chat_id, moment in ((ADMIN, NOW), (ADMIN, LATER), (7, LATER)):
        chats.begin_upload(chat_id, None, moment)
    assert [upload.id for upload in chats.uploads(ADMIN)] == [2, 1]
    assert {upload.id for upload in chats.uploads()} == {1, 2, 3}


def test_a_number_is_never_given_twice(chats: Chats) -> None:
    chats.begin_upload(ADMIN, None, NOW)
    chats.end_upload(1)
    assert chats.begin_upload(ADMIN, None, NOW).id == 2
    assert chats.upload(1) is None


def test_reports_of_another_version_are_left_out(chats: Chats) -> None:
    chats.begin_upload(ADMIN, None, NOW)
    with chats._writing() as connection:
        connection.execute("""UPDATE uploads SET refused = '[{"title": "a.md"}]'""")
    assert [upload.refused for upload in chats.uploads()] == [()]

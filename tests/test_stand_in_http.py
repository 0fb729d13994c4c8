"""The stand-in over HTTP: a real process talks to it, and connections break as they do in life."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.telegram import Fault, LiveBot, Server, StandIn

ECHO_BOT = (sys.executable, "-m", "tests.telegram.echo_bot")


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn()


@pytest.fixture
def server(stand_in: StandIn) -> Iterator[Server]:
    with stand_in.serve() as server:
        yield server


@pytest.fixture
def client(stand_in: StandIn, server: Server) -> Iterator[httpx.Client]:
    address = f"{server.url}/bot{stand_in.token}/"
    with httpx.Client(base_url=address, trust_env=False, timeout=10) as client:
        yield client


def bot(stand_in: StandIn, server: Server, folder: Path, **options: Any) -> LiveBot:
    return stand_in.live_bot(server, folder, command=ECHO_BOT, **options)


def test_forms_parts_json_and_addresses_are_read_alike(stand_in: StandIn, client: httpx.Client) -> None:
    stand_in.person(id=7)
    text = "论文 & <b>"
    given = {"chat_id": "7", "text": text}
    for answer in (
        client.post("sendMessage", data=given),
        client.post("sendMessage", data=given, files={}),
        client.post("sendMessage", json={"chat_id": 7, "text": text}),
        client.get("sendMessage", params=given),
    ):
        assert answer.json()["result"]["text"] == text
    document = {"document": ("文献 1.bib", b"a\r\n--b\r\n", "text/x-bibtex")}
    answer = client.post("sendDocument", data={"chat_id": "7", "caption": text}, files=document)
    result = answer.json()["result"]
    assert result["caption"] == text
    assert result["document"]["file_name"] == "文献 1.bib"
    assert stand_in.api.documents[result["document"]["file_id"]].data == b"a\r\n--b\r\n"


def test_refusals_carry_their_status(client: httpx.Client, server: Server) -> None:
    answer = client.post("sendMessage", data={"chat_id": "7", "text": "x"})
    assert answer.status_code == 400
    assert answer.json() == {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}
    assert httpx.get(f"{server.url}/bot1:x/getMe", trust_env=False).status_code == 401
    assert httpx.get(f"{server.url}/", trust_env=False).status_code == 404


def test_get_updates_waits_until_there_is_one(stand_in: StandIn, client: httpx.Client) -> None:
    answers = []
    poll = threading.Thread(
        target=lambda: answers.append(client.post("getUpdates", data={"timeout": "60"}).json()["result"])
    )
    poll.start()
    stand_in.api.wait_for(lambda: stand_in.api.polls, 10)
    update = stand_in.updates.message(stand_in.person(id=7), "hello")
    stand_in.api.queue(update)
    poll.join(10)
    assert answers == [[update]]


def test_a_second_get_updates_ends_the_first(stand_in: StandIn, server: Server, client: httpx.Client) -> None:
    statuses = []
    poll = threading.Thread(
        target=lambda: statuses.append(client.post("getUpdates", data={"timeout": "60"}).status_code)
    )
    poll.start()
    stand_in.api.wait_for(lambda: stand_in.api.polls, 10)
    assert httpx.post(f"{server.url}/bot{stand_in.token}/getUpdates", trust_env=False).status_code == 200
    poll.join(10)
    assert statuses == [409]


def test_troubles_look_like_troubles(stand_in: StandIn, client: httpx.Client) -> None:
    stand_in.person(id=7)
    given = {"chat_id": "7", "text": "x"}
    stand_in.api.fail_next("sendMessage", Fault.bad_gateway())
    answer = client.post("sendMessage", data=given)
    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html")
    assert stand_in.api.calls_of("sendMessage") == []
    stand_in.api.fail_next("sendMessage", Fault.lost_reply())
    with pytest.raises(httpx.RemoteProtocolError):
        client.post("sendMessage", data=given)
    assert len(stand_in.api.calls_of("sendMessage")) == 1
    stand_in.api.fail_next("sendMessage", Fault.silence())
    with pytest.raises(httpx.ReadTimeout):
        client.post("sendMessage", data=given, timeout=0.05)
    assert len(stand_in.api.calls_of("sendMessage")) == 2


def test_a_stopped_server_refuses_connections_and_comes_back(server: Server, client: httpx.Client) -> None:
    server.stop()
    with pytest.raises(httpx.ConnectError):
        client.post("getMe")
    server.start()
    assert client.post("getMe").json()["result"]["username"] == "digest_test_bot"


def test_a_bot_in_a_process_of_its_own_is_spoken_to(stand_in: StandIn, server: Server, tmp_path: Path) -> None:
    ada = stand_in.person(id=7)
    with bot(stand_in, server, tmp_path) as live:
        [reply] = live.say(ada, "hello")
        assert reply.bold == ["hello"]
        toast, edit = live.press(ada, "again", reply, count=2)
        assert (toast.text, edit.text) == ("done", "pressed")
        [file] = live.say(ada, "/file")
        assert (file.text, file.file_name, file.document) == ("full", "文献.bib", "一篇论文".encode())
        since = len(stand_in.api.calls)
        stand_in.api.queue(stand_in.updates.document(ada, "a.txt", b"content"))
        assert [answer.text for answer in live.wait_for_replies(1, since=since)] == ["content"]
    assert live.returncode == 0


def test_a_killed_bot_finds_its_updates_when_it_starts_again(stand_in: StandIn, server: Server, tmp_path: Path) -> None:
    ada = stand_in.person(id=7)
    with bot(stand_in, server, tmp_path) as live:
        assert live.kill() == -9
        since = live.tell(ada, "while away")
        live.start()
        assert [reply.text for reply in live.wait_for_replies(1, since=since)] == ["while away"]


def test_a_bot_that_does_not_start_says_why(stand_in: StandIn, server: Server, tmp_path: Path) -> None:
    command = (sys.executable, "-c", "raise SystemExit('no such thing')")
    with (
        pytest.raises(ChildProcessError, match="no such thing"),
        stand_in.live_bot(server, tmp_path, command=command),
    ):
        pass

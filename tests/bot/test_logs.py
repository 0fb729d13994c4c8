"""The bot token reaches no log line, whatever road it takes."""

from __future__ import annotations

import json
import logging
import sys
import threading
import warnings
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.exits import WrongSetting
from bot.logs import configure_logging, install_excepthook, redact

TOKEN = "1234567:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
SHORT_TOKEN = "7:short"

pytestmark = pytest.mark.usefixtures("logging_as_it_was")


def message_of(line: str) -> str:
    """A log line without its date, time and level."""
    return line.split(" ", 3)[3]


def test_a_token_in_a_message_is_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", secrets=[TOKEN])
    logging.getLogger("bot").info(f"starting with {TOKEN}")
    assert message_of(capsys.readouterr().err) == "bot: starting with [redacted]\n"


def test_a_token_in_the_arguments_is_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(logging.INFO, secrets=[TOKEN])
    logging.getLogger("bot").info("settings: %s", {"token": TOKEN})
    assert message_of(capsys.readouterr().err) == "bot: settings: {'token': '[redacted]'}\n"


def test_a_token_nobody_named_is_recognised_by_its_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", secrets=[])
    logging.getLogger("bot").warning("got %s", TOKEN)
    assert message_of(capsys.readouterr().err) == "bot: got [redacted]\n"


def test_a_short_token_is_redacted_where_it_was_named(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", secrets=[SHORT_TOKEN])
    logging.getLogger("bot").warning("got %s", SHORT_TOKEN)
    assert message_of(capsys.readouterr().err) == "bot: got [redacted]\n"


def test_a_token_in_an_exception_is_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", secrets=[TOKEN])
    try:
        raise ValueError(f"bad token {TOKEN}")
    except ValueError:
        logging.getLogger("bot").exception("failed")
    output = capsys.readouterr().err
    assert output.endswith("ValueError: bad token [redacted]\n")
    assert TOKEN not in output


def test_a_token_in_a_chained_exception_is_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", secrets=[TOKEN])
    try:
        try:
            raise ConnectionError(f"https://api.telegram.org/bot{TOKEN}/getMe")
        except ConnectionError as error:
            raise RuntimeError("no answer") from error
    except RuntimeError:
        logging.getLogger("bot").exception("failed")
    output = capsys.readouterr().err
    assert "ConnectionError: https://api.telegram.org/bot[redacted]/getMe\n" in output
    assert TOKEN not in output


def test_a_record_that_cannot_be_formatted_does_not_show_its_arguments(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO", secrets=[TOKEN])
    logging.getLogger("bot").info("number %d", TOKEN)
    output = capsys.readouterr().err
    assert output.startswith(f"Logging failed at {__file__}:")
    assert TOKEN not in output


def test_at_info_the_addresses_an_http_library_asks_for_are_not_logged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO", secrets=[])
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot%s/getMe", TOKEN)
    logging.getLogger("apscheduler.scheduler").info("Added job")
    assert capsys.readouterr().err == ""


def test_at_debug_an_http_library_speaks_without_the_token(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("DEBUG", secrets=[])
    logging.getLogger("httpx").info("POST https://api.telegram.org/bot%s/getMe", TOKEN)
    logging.getLogger("httpcore.http11").debug("target=%r", f"/bot{SHORT_TOKEN}/getMe".encode())
    first, second = capsys.readouterr().err.splitlines()
    assert message_of(first) == "httpx: POST https://api.telegram.org/bot[redacted]/getMe"
    assert message_of(second) == "httpcore.http11: target=b'/bot[redacted]/getMe'"


def test_not_even_at_debug_does_the_telegram_library_log_what_people_write(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("DEBUG", secrets=[])
    logging.getLogger("telegram.Bot").debug("Processing update %s", {"text": "something private"})
    assert capsys.readouterr().err == ""


def test_an_uncaught_exception_is_printed_without_the_token(capsys: pytest.CaptureFixture[str]) -> None:
    install_excepthook([SHORT_TOKEN])
    try:
        raise ValueError(f"bad token {SHORT_TOKEN}")
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    output = capsys.readouterr().err
    assert output.startswith("Traceback (most recent call last):\n")
    assert output.endswith("ValueError: bad token [redacted]\n")


def test_an_uncaught_exception_of_a_thread_is_printed_without_the_token(
    capsys: pytest.CaptureFixture[str],
) -> None:
    install_excepthook([])

    def fail() -> None:
        raise ValueError(f"bad token {TOKEN}")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert capsys.readouterr().err.endswith("ValueError: bad token [redacted]\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"https://api.telegram.org/bot{TOKEN}/getMe", "https://api.telegram.org/bot[redacted]/getMe"),
        (
            f"https://api.telegram.org/file/bot{TOKEN}/a.jpg",
            "https://api.telegram.org/file/bot[redacted]/a.jpg",
        ),
        ("http://localhost:8081/bot7:abc/getMe", "http://localhost:8081/bot[redacted]/getMe"),
        (TOKEN.replace(":", "%3A"), "[redacted]"),
        (f"ExtBot[token={TOKEN}]", "ExtBot[token=[redacted]]"),
        ("a file of /bottles/7:8 at 12:30:45", "a file of /bottles/7:8 at 12:30:45"),
        ("", ""),
    ],
)
def test_redact_finds_a_token_in_its_many_forms(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_redact_replaces_every_named_secret_and_ignores_empty_ones() -> None:
    assert redact("one two one", ["one", "", "two"]) == "[redacted] [redacted] [redacted]"


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="LOUD"):
        configure_logging("LOUD", secrets=[])


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_what_the_library_says_of_answers_it_cannot_read_stays_out(
    capsys: pytest.CaptureFixture[str], level: str
) -> None:
    configure_logging(level, secrets=[TOKEN])
    logging.getLogger("telegram.request.BaseRequest").error("Can not load invalid JSON data: <html>")
    logging.getLogger("telegram.ext.ExtBot").critical("Received data was [{'text': 'my secret'}]")
    assert capsys.readouterr().err == ""


def records(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The lines of a log that is JSON, each without its time."""
    found = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    for record in found:
        written = datetime.fromisoformat(record.pop("time"))
        assert written.utcoffset() == UTC.utcoffset(None)
    return found


def test_as_json_each_record_is_one_object_on_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", secrets=[], log_format="json")
    logging.getLogger("bot").info("%d papers\nin two lines, 论文", 8)
    logging.getLogger("bot").warning({"a": 1}, extra={"more": "not told"})
    assert records(capsys) == [
        {"level": "INFO", "logger": "bot", "message": "8 papers\nin two lines, 论文"},
        {"level": "WARNING", "logger": "bot", "message": "{'a': 1}"},
    ]


def test_as_json_an_exception_has_a_field_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", secrets=[], log_format="json")
    try:
        raise ValueError(f'"{TOKEN}"')
    except ValueError:
        logging.getLogger("bot").exception("failed")
    [record] = records(capsys)
    assert record["message"] == "failed"
    assert record["exception"].startswith("Traceback (most recent call last):\n")
    assert record["exception"].endswith('\nValueError: "[redacted]"')


def test_as_json_nothing_is_shown_either(capsys: pytest.CaptureFixture[str]) -> None:
    key = 'a"key\\with what JSON writes otherwise'
    configure_logging("DEBUG", secrets=[SHORT_TOKEN, key], log_format="json")
    logging.getLogger("bot").info("got %s and %s", SHORT_TOKEN, key)
    logging.getLogger("httpx").info(f'"http://localhost/bot{SHORT_TOKEN}\\"')
    logging.getLogger("bot").info("number %d", TOKEN)
    got, asked, failed = records(capsys)
    assert got["message"] == "got [redacted] and [redacted]"
    assert asked["message"].startswith('"http://localhost/bot[redacted]')
    assert failed["level"] == "ERROR"
    assert failed["message"].startswith(f"Logging failed at {__file__}:")
    assert TOKEN not in failed["message"]


def test_as_json_an_uncaught_exception_is_an_object_too(capsys: pytest.CaptureFixture[str]) -> None:
    install_excepthook([SHORT_TOKEN], "json")
    try:
        raise ValueError(f"bad token {SHORT_TOKEN}")
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    [record] = records(capsys)
    assert (record["level"], record["message"]) == ("CRITICAL", "Uncaught exception")
    assert record["exception"].endswith("ValueError: bad token [redacted]")


def test_as_json_a_warning_and_the_sentence_a_command_ends_with_are_objects_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        configure_logging("INFO", secrets=[], log_format="json")
        warnings.warn("careful", UserWarning, stacklevel=1)
    WrongSetting("This setting is wrong.").show()
    warned, ended = records(capsys)
    assert warned["logger"] == "py.warnings"
    assert ended == {"level": "CRITICAL", "logger": "bot.exits", "message": "This setting is wrong."}


def test_as_text_a_command_ends_with_its_sentence_alone(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", secrets=[])
    WrongSetting("This setting is wrong.").show()
    assert capsys.readouterr().err == "Error: This setting is wrong.\n"


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_no_request_to_our_servers_is_logged(capsys: pytest.CaptureFixture[str], level: str) -> None:
    configure_logging(level, secrets=[])
    logging.getLogger("tornado.access").info("200 POST /telegram/secret-path (127.0.0.1) 0.5ms")
    logging.getLogger("tornado.access").warning("403 POST /telegram/secret-path (127.0.0.1) 0.5ms")
    assert capsys.readouterr().err == ""

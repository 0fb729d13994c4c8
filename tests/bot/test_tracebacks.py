"""Tracebacks for the log hold no word of what people wrote."""

from __future__ import annotations

import pytest

from bot.tracebacks import describe, without

HIDDEN = "[redacted]"


@pytest.mark.parametrize(
    ("text", "written", "left"),
    [
        ("no such table: papers", "", "no such table: papers"),
        ("no such table: papers", "are there papers on wool?", f"no such table: {HIDDEN}"),
        ("cannot read 'WOOL'", "wool", f"cannot read '{HIDDEN}'"),
        ("bad word 强化学习方法", "强化学习有哪些方法", f"bad word {HIDDEN}"),
        ("bad word 学习", "强化学习", f"bad word {HIDDEN}"),
        ("key 'ｗｏｏｌｌｙ'", "woolly", f"key '{HIDDEN}'"),
        ("woollyhat", "woolly", HIDDEN),
        ("at 12:30", "12 sheep", f"at {HIDDEN}:30"),
        ("line 3 of data", "a question", "line 3 of data"),
    ],
)
def test_words_that_were_written_are_blacked_out(text: str, written: str, left: str) -> None:
    assert without(text, written) == left


def test_causes_come_first_and_frames_stay() -> None:
    def fail() -> None:
        try:
            raise KeyError("wombat")
        except KeyError as cause:
            raise ValueError("no wombat") from cause

    with pytest.raises(ValueError, match="no wombat") as raised:
        fail()
    told = describe(raised.value, "wombat")
    cause, _, effect = told.partition("\n\nwhich led to\n\n")
    assert cause.splitlines()[-1] == f"KeyError: '{HIDDEN}'"
    assert effect.splitlines()[-1] == f"ValueError: no {HIDDEN}"
    assert "in fail" in cause
    assert "in fail" in effect


def test_an_exception_that_is_its_own_cause_ends() -> None:
    error = ValueError("round")
    error.__cause__ = KeyError("and round")
    error.__cause__.__cause__ = error
    assert describe(error).count("round") == 2


def test_only_the_kinds_may_be_told() -> None:
    assert describe(ValueError("secret"), texts=False) == "ValueError"

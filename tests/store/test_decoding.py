"""A digest file's bytes into text, and what is refused."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.layouts.decoding import MAX_DIGEST_BYTES, UnreadableDigest, check_size, decode

CHINESE = "我们提出了一种新的方法，让大语言模型数羊。实验结果表明，模型的准确率达到90.5%，在多个基准上是最好的。\n" * 5
ENGLISH = "We count “sheep” with language models – and reach 90.5%…\n"


@pytest.mark.parametrize("text", [CHINESE, ENGLISH, CHINESE + ENGLISH, "plain ASCII\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_utf8_with_and_without_a_mark_and_gb18030_are_read(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_gbk_and_gb2312_are_parts_of_gb18030() -> None:
    assert decode(CHINESE.encode("gbk")) == CHINESE
    assert decode(CHINESE.encode("gb2312")) == CHINESE


def test_gb18030_may_be_short_traditional_or_hold_emoji() -> None:
    for text in ("1. 数羊", "模型的準確率達到了90.5%，這是在所有的基準上最好的結果。" * 5, CHINESE + "🐑🌟"):
        assert decode(text.encode("gb18030")) == text


@pytest.mark.parametrize("shift", [0, 1, 2, 3])
def test_a_long_text_is_read_whole_wherever_it_is_parted(shift: int) -> None:
    text = "x" * shift + "的羊\u3402😀\n" * 100_000
    for encoding in ("utf-8", "gb18030"):
        assert decode(text.replace("羊", "羊\u202e").encode(encoding)) == text


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\n"])
def test_every_line_end_becomes_the_same(line_end: str) -> None:
    assert decode(f"one{line_end}two{line_end}{line_end}three".encode()) == "one\ntwo\n\nthree"


def test_other_signs_that_some_call_line_ends_are_text() -> None:
    assert decode("one\u2028two\fthree".encode()) == "one\u2028two\fthree"


def test_characters_that_hide_or_turn_text_are_left_out() -> None:
    assert decode("a\x1b[31m\u202eb\u2066c\u2069\ufeff\x9b\x07\n羊\u200d\ufffe\td".encode()) == "a[31mbc\n羊\u200d\td"


def test_a_file_of_nothing_that_can_be_seen_is_empty() -> None:
    with pytest.raises(UnreadableDigest, match="empty"):
        decode("\ufeff\u202e\n\ufeff".encode())


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n", "\u3000\n".encode()])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDigest, match="The file is empty"):
        decode(data)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_utf16_is_refused_by_name(encoding: str) -> None:
    data = (CHINESE + ENGLISH).encode(encoding)
    with pytest.raises(UnreadableDigest, match=r"UTF-16 .* Save it as UTF-8"):
        decode(data)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("這是一個繁體中文的測試文件，關於機器學習的論文。", "big5"),
        ("これは日本語のテキストです。機械学習の論文を数えます。", "shift-jis"),
        ("これは日本語のテキストです。機械学習の論文を数えます。", "euc-jp"),
        ("이것은 한국어 텍스트입니다. 기계 학습 논문을 셉니다. ", "euc-kr"),
        ("Это русский текст о машинном обучении и статьях. ", "cp1251"),
        ("Größere Schafe zählen schöner, voilà. ", "latin-1"),
    ],
)
def test_other_encodings_are_refused_and_not_read_as_noise(text: str, encoding: str) -> None:
    with pytest.raises(UnreadableDigest, match=r"neither UTF-8 .* nor GB18030"):
        decode((text * 20).encode(encoding))


def test_the_reason_names_the_line_of_the_first_wrong_byte() -> None:
    with pytest.raises(UnreadableDigest, match="a wrong byte stands on line 3"):
        decode(b"one\ntwo\nthr\xff\xfe\xfae\n")


def test_files_that_are_no_text_are_refused() -> None:
    with pytest.raises(UnreadableDigest, match="zero bytes"):
        decode(b"PK\x03\x04\x00\x00sheep")
    with pytest.raises(UnreadableDigest, match="control characters"):
        decode(bytes(range(1, 9)) * 50)


def test_a_file_over_20_mb_is_refused_and_one_of_20_mb_is_not() -> None:
    with pytest.raises(UnreadableDigest, match=r"The file has 20\.5 MB, and at most 20 MB are read"):
        decode(b"a" * 20_500_000)
    assert len(decode(b"a" * MAX_DIGEST_BYTES)) == MAX_DIGEST_BYTES


def test_a_file_is_known_to_be_too_large_before_it_is_read() -> None:
    check_size(MAX_DIGEST_BYTES)
    with pytest.raises(UnreadableDigest, match=r"The file has 31\.4 MB"):
        check_size(31_400_000)


def test_random_bytes_are_refused() -> None:
    data = random.Random(1).randbytes(20_000).replace(b"\x00", b"")
    with pytest.raises(UnreadableDigest):
        decode(data)


@given(st.binary(max_size=300))
@settings(max_examples=100)
def test_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except UnreadableDigest as refusal:
        assert str(refusal).endswith(".")
    else:
        assert text.strip()
        assert "\r" not in text

"""The bytes of a digest file, decoded; or the reason why they cannot be."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import AnyStr

from store.problems import ProblemError
from store.text.languages import count_han

MAX_DIGEST_BYTES = 20_000_000

_UTF16_OR_32 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
# What can hide or turn round what stands beside it: control characters, marks of writing direction, byte order marks
# within a text, interlinear marks and noncharacters. White space is not among them.
_HARMFUL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]")
_NOT_ASCII = re.compile("[^\x00-\x7f\u2010-\u2027]")
# The characters that make up about a quarter of any Chinese text, and of no text that merely decodes as one.
_FREQUENT = re.compile(
    "[的一是在不了和有为以于能与法中大型模方提用过对出化多学基理数推习本文这個个成可实现通更练言语性强训]"
)
_ENOUGH_HAN = 30
_SMALLEST_FREQUENT_SHARE = 0.1
_SMALLEST_COMMON_SHARE = 0.8
_SAMPLE = 2_000_000  # characters
_PART = 250_000  # characters or bytes


class UnreadableDigest(ProblemError, ValueError):
    """A file that cannot be used as a digest. Its text is one sentence for the person who put the file there."""


def check_size(size: int) -> None:
    """Raises UnreadableDigest for a file of ``size`` bytes where they are more than are read."""
    if size > MAX_DIGEST_BYTES:
        raise UnreadableDigest("too_large", size=f"{size / 1_000_000:.1f}", limit=MAX_DIGEST_BYTES // 1_000_000)


def decode(data: bytes) -> str:
    """The text of a digest file, with ``\\n`` as the only line end and without what can hide or reorder text.

    Read are UTF-8 with or without a byte order mark, and GB18030 (which GBK and GB2312 are parts of).
    Raises UnreadableDigest for a file over 20 MB, an empty one, and anything in another encoding.
    """
    check_size(len(data))
    if not data.strip():
        raise UnreadableDigest("empty")
    if data.startswith(_UTF16_OR_32):
        raise UnreadableDigest("utf16")
    if b"\x00" in data:
        raise UnreadableDigest("zero_bytes")
    text = _decode_text(data)
    if len(_CONTROL.findall(text, 0, 1_000_000)) > 8 + len(text) // 500:
        raise UnreadableDigest("control_characters")
    text = without_harmful(text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise UnreadableDigest("empty")
    return text


def without_harmful(text: str) -> str:
    """The text without characters that can hide or reorder what is shown with it."""
    return "".join(_HARMFUL.sub("", part) for part in _parts(text))


def _parts(whole: AnyStr) -> Iterator[AnyStr]:
    """The parts of what is long: nothing else in the process runs while one is decoded or searched."""
    return (whole[at : at + _PART] for at in range(0, len(whole), _PART))


def _decode_text(data: bytes) -> str:
    try:
        return "".join(codecs.iterdecode(_parts(data), "utf-8-sig"))
    except UnicodeDecodeError:
        pass
    try:
        text = "".join(codecs.iterdecode(_parts(data), "gb18030"))
    except UnicodeDecodeError:
        raise _wrong_encoding(data) from None
    if not _reads_as_chinese(text):
        raise _wrong_encoding(data)
    return text


def _wrong_encoding(data: bytes) -> UnreadableDigest:
    """The refusal of what is no UTF-8, with the line of the first wrong byte."""
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return UnreadableDigest("encoding", line=data.count(b"\n", 0, error.start) + 1)
    raise ValueError("this is UTF-8")


def _reads_as_chinese(text: str) -> bool:
    """Whether text decoded as GB18030 was written in it.

    Nearly any bytes decode as GB18030. What was Chinese has the frequent characters among its own, or, where it is
    too short for that, the common ones that GB2312 already had; what was Big5, Shift-JIS, EUC-KR or Latin-1 has not.
    """
    sample = text[:_SAMPLE]
    han = count_han(sample)
    if han >= _ENOUGH_HAN:
        return len(_FREQUENT.findall(sample)) >= _SMALLEST_FREQUENT_SHARE * han
    foreign = "".join(_NOT_ASCII.findall(sample))
    common = foreign.encode("gb2312", errors="ignore").decode("gb2312")
    return len(common) >= _SMALLEST_COMMON_SHARE * len(foreign)

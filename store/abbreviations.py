"""What digests put in brackets: ``强化学习（RL）``, ``Group Relative Policy Optimization (GRPO)``, ``CoT（思维链）``.

Each is a pair of expressions that stand for the same, so that either finds what only says the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from store.text.tokens import HAN, STOP_WORDS, Token, form_of, tokens_of

_BRACKETS = re.compile(r"[(（]([^()（）]{2,80})[)）]")
_BETWEEN = re.compile(r"\s*[,，;；、/]\s*|\s+[-–—]\s+")
_SHORT = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-+.@²][A-Za-z0-9]+)*\+*")
_SHORTEST, _LONGEST = 2, 10
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z0-9'’-]*(?:\s+[A-Za-z][A-Za-z0-9'’-]*){1,7}")
_LAST_ENGLISH = re.compile(r"[A-Za-z][A-Za-z0-9'’\- ]*$")
_LAST_SHORT = re.compile(rf"(?:^|[\s{HAN}，、,(（])({_SHORT.pattern})$")
_CHINESE = re.compile(rf"[{HAN}]{{2,16}}")
_LAST_CHINESE = re.compile(rf"[{HAN}]{{2,16}}$")
# Words that stand before a Chinese term and are no part of it.
_NOT_IN_TERMS = STOP_WORDS | frozenset(
    """提出 引入 采用 使用 基于 通过 称为 称作 名为 叫做 即 如 例如 包括 利用 开发 结合 设计 构建 应用 进行 新 新型
    新的 本文 作者 我们 种 个 项 名 及其 以及 并 和 与 或 比如 像 依靠 借助 针对 关于 传统 现有 主流 近期 典型 经典
    常用 随着 提升 增强 改进 增加 训练出 给出 得到 作为""".split()
)
_MOST_WORDS = 5


def find_pairs(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of expressions that a text gives as standing for the same, each as written."""
    for match in _BRACKETS.finditer(text):
        inside = [piece for piece in _BETWEEN.split(match[1].strip()) if piece]
        before = text[: match.start()].rstrip()[-100:]
        said = list(_expressions_before(before, inside))
        said += [piece for piece in inside if _is_short(piece) or _is_long(piece)]
        for one, other in combinations(said, 2):
            if _fit(one, other):
                yield one, other


def terms_of_expression(expression: str) -> str:
    """An expression as archive.db keeps it: its index terms that stand side by side, a blank between them."""
    tokens: list[Token] = []
    for token in sorted(tokens_of(form_of(expression)), key=lambda token: (token.start, token.start - token.end)):
        if not tokens or token.start >= tokens[-1].end:
            tokens.append(token)
    return " ".join(token.term for token in tokens)


def _expressions_before(before: str, inside: list[str]) -> Iterator[str]:
    if match := _LAST_SHORT.search(before):
        if _is_short(match[1]):
            yield match[1]
    elif (match := _LAST_CHINESE.search(before)) and (term := _last_term(match.group())):
        yield term
    if match := _LAST_ENGLISH.search(before):
        for piece in inside:
            if _is_short(piece) and (long := _long_form(piece, match.group())):
                yield long
                return


def _is_short(text: str) -> bool:
    """Whether a word looks like an acronym or a name: two capitals or more, or a capital and a digit."""
    capitals = sum(character.isupper() for character in text)
    digits = any(character.isdigit() for character in text)
    return (
        _SHORTEST <= len(text) <= _LONGEST
        and _SHORT.fullmatch(text) is not None
        and (capitals > 1 or (capitals == 1 and digits))
    )


def _is_long(text: str) -> bool:
    return _ENGLISH.fullmatch(text) is not None or _CHINESE.fullmatch(text) is not None


def _fit(one: str, other: str) -> bool:
    """Whether two expressions can stand for the same: an English one for a short form has to spell it."""
    if _is_short(one) and _is_short(other):
        return False
    for short, long in ((one, other), (other, one)):
        if _is_short(short) and long.isascii():
            return _long_form(short, long) is not None
    return one.isascii() != other.isascii()


def _last_term(chinese: str) -> str | None:
    """The term that a run of Chinese ends in; None where it ends in a word that is in no term."""
    words: list[Token] = []
    for token in sorted(tokens_of(form_of(chinese)), key=lambda token: (-token.end, token.start)):
        if not words or token.end == words[-1].start:
            if token.term in _NOT_IN_TERMS or len(words) == _MOST_WORDS:
                break
            words.append(token)
    if not words or words[0].end != len(chinese) or len(chinese) - words[-1].start < 2:
        return None
    return chinese[words[-1].start :]


def _long_form(short: str, text: str) -> str | None:
    """The end of an English text that spells a short form, as Schwartz and Hearst find it; None where none does.

    The short form's letters are looked for from the right; its first has to begin a word.
    """
    letters = [character for character in short.lower() if character.isalnum()]
    lower = text.lower()
    place = len(lower)
    for number, letter in reversed(list(enumerate(letters))):
        place -= 1
        while place >= 0 and (lower[place] != letter or (number == 0 and place > 0 and lower[place - 1].isalnum())):
            place -= 1
        if place < 0:
            return None
    long = text[place:].strip()
    words = long.split()
    # A form as long as its own spelling explains nothing, and one with many more words spells it by chance.
    if len(words) < 2 or len(words) > min(len(letters) + 5, 2 * len(letters)):
        return None
    return long

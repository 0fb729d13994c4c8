"""Text to index terms: jieba for Chinese, stems for English, one spelling for names and numbers.

Text is first brought to one form (NFKC, lower case, simplified characters), then cut into runs of Han characters and
runs of Latin letters and digits. Names are indexed whole and in parts, so that ``Qwen2.5-7B``, ``qwen 2.5 7b`` and
``Qwen-2.5`` meet in ``qwen``, ``2.5`` and ``7b``.
"""

from __future__ import annotations

import functools
import logging
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import jieba as jieba_types
    import snowballstemmer as stemmer_types

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇"
# A run of Han characters, or a word of letters and digits that punctuation or, between letters, a sign may join
# (GPT-4o, pass@1, Qwen2.5-7B, Long⊗Short).
_RUN = re.compile(
    rf"(?P<han>[{HAN}]+)"
    rf"|(?P<word>[^\W_{HAN}]+(?:(?:[-_.@+'’/]|(?<=[^\W\d])[⊗⊕×·](?=[^\W\d]))[^\W_{HAN}]+)*\+*)"
)
# Parts of a joined word: a number keeps its decimal point and its unit, letters stay together.
_PART = re.compile(rf"\d+(?:\.\d+)*[^\W\d_{HAN}]*|[^\W\d_{HAN}]+\d*(?:\.\d+)*")
_LETTERS_THEN_NUMBER = re.compile(r"([^\W\d_]{2,})(\d+(?:\.\d+)*)$")
_NUMBER_THEN_UNIT = re.compile(r"(\d+(?:\.\d+)*)([^\W\d_]{2,})$")
# Acronyms in the plural: LLMs, and llms, which no English stem rule takes the s from.
_PLURAL = re.compile(r"(?=[A-Z\d]*?[A-Z]{2})[A-Z\d]++s|[bcdfghjklmnpqrstvwxz]{2,}s")
_LONGEST_NAME = 40
# A number written with a word or letter for thousands and more, in either language: 13 亿, 1.3B, 80k, 500,000.
_QUANTITY = re.compile(
    rf"(?<![^\W{HAN}])(?<!\d\.)(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?)"
    r"(?:\s?(?P<unit>万亿|百万|千万|[万亿千]|(?:thousand|million|billion|trillion)\b|[kmbt](?![^\W\d_])))?"
    rf"(?![,.]?\d)(?=[\W_{HAN}]|$)",
    re.IGNORECASE,
)
_MULTIPLES = {
    "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12,
    "k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12,
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
}  # fmt: skip
# Plain numbers from here on are looked for in their other spellings too; smaller ones are years, sizes and counts.
_LARGE = 10_000

# Function words say nothing about a paper; jieba and the stemmer give them as they stand here.
STOP_WORDS = frozenset(
    """a an the of in on at to for from by with and or not is are was were be been being it its this that these those
    as we our they their he she his her i you your me my do does did done has have had can could may might will would
    shall should what which who whom whose when where how why there here than then so such into over under about
    between through during if but no nor only also both each other s t
    的 了 和 与 及 或 在 是 为 对 从 到 把 被 让 使 将 以 于 由 向 并 而 也 都 就 还 又 其 它 他 她 我 我们 你 你们
    他们 它们 这 那 这个 那个 这些 那些 此 该 各 每 个 吗 呢 吧 啊 哪 哪个 哪些 哪种 什么 怎么 怎样 如何 为什么 多少
    几 有 没有 请 请问 上 下 中 里 等 之 所 一 一个 一种 可以 能 能够 会 要 不 很 更 最 用 用的""".split()
)


class Token(NamedTuple):
    """An index term and the (start, end) characters of the text that it stands for."""

    term: str
    start: int
    end: int


class Form(NamedTuple):
    """A text in the one form of what is written in many: NFKC (full-width letters, superscripts), simplified Han.

    ``origins`` holds for each character the place of the one of the original text that it comes from; None where all
    are in their own places.
    """

    text: str
    origins: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of this form as a stretch of the original text."""
        if self.origins is None:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1


def form_of(text: str) -> Form:
    """A text's form with its capitals kept, since they tell names."""
    if text.isascii():
        return Form(text)
    translated = text.translate(_forms())
    if unicodedata.is_normalized("NFKC", translated):
        return Form(translated)
    # Normalising changes the text's length (``㎏`` to ``kg``, ``ﬁ`` to ``fi``).
    characters: list[str] = []
    origins: list[int] = []
    for position, character in enumerate(translated):
        form = unicodedata.normalize("NFKC", character)
        characters.append(form)
        origins.extend([position] * len(form))
    return Form("".join(characters).translate(_forms()), origins)


def normalize(text: str) -> str:
    """A text's form in lower case."""
    return form_of(text).text.casefold()


def tokenize(text: str) -> list[str]:
    """The index terms of a text, in order, stop words left out; a term stands as often as it occurs."""
    return [token.term for token in tokens_of(form_of(text))]


def locate(text: str) -> list[Token]:
    """The same terms as :func:`tokenize`, with the span of ``text`` that each stands for."""
    form = form_of(text)
    return [Token(token.term, *form.span(token.start, token.end)) for token in tokens_of(form)]


def warm_up() -> None:
    """Load jieba's dictionary now (about a second), so that no reader waits for it."""
    _segmenter()


def commonness(word: str) -> float:
    """How common a Chinese word is: the decimal logarithm of its share of jieba's corpus, -3 for the commonest and
    below -7 for what the dictionary does not have."""
    segmenter = _segmenter()
    return math.log10((segmenter.FREQ.get(word) or 0.5) / segmenter.total)


def tokens_of(form: Form) -> Iterator[Token]:
    """The terms of a form, with their spans of it."""
    for run in _RUN.finditer(form.text):
        if run.lastgroup == "han":
            offset = run.start()
            for word, start, end in _segmenter().tokenize(run.group(), mode="search", HMM=False):
                if word not in STOP_WORDS:
                    yield Token(word, offset + start, offset + end)
        else:
            offset = run.start()
            for term, start, end in _word_tokens(run.group()):
                yield Token(term, offset + start, offset + end)
    yield from _quantities(form.text)


@functools.lru_cache(maxsize=32768)
def _word_tokens(word: str) -> tuple[Token, ...]:
    """The terms of a word of letters and digits, with their spans of it."""
    return tuple(token for token in _parts_of_word(word) if token.term not in STOP_WORDS)


def _parts_of_word(word: str) -> Iterator[Token]:
    parts = list(_PART.finditer(word))
    if len(parts) > 1 and len(word) <= _LONGEST_NAME:
        # The whole name without its punctuation, so that R1-Zero and R1Zero are one rare term.
        whole = "".join(character for character in word if character.isalnum() or character == ".")
        yield Token(whole.casefold(), 0, len(word))
    for part in parts:
        start, stop = part.span()
        written = part.group().casefold()
        if _PLURAL.fullmatch(part.group()):
            yield Token(written[:-1], start, stop)
            continue
        term = stem(written)
        yield Token(term, start, stop)
        if term != written and _has_capitals(part.group()):
            # A name as it is: AIME is not the stem that it shares with "aims".
            yield Token(written, start, stop)
        if split := _LETTERS_THEN_NUMBER.match(written):
            yield Token(split[1], start, start + split.end(1))
            yield Token(split[2], start + split.start(2), stop)
        elif split := _NUMBER_THEN_UNIT.match(written):
            yield Token(split[1], start, start + split.end(1))
            yield Token(stem(split[2]), start + split.start(2), stop)


def _has_capitals(word: str) -> bool:
    return sum(character.isupper() for character in word) > 1


def _quantities(text: str) -> Iterator[Token]:
    """Large numbers in one spelling: ``#1300000000`` for both 13 亿 and 1.3B."""
    for match in _QUANTITY.finditer(text):
        number, unit = match["number"], match["unit"]
        value = float(number.replace(",", "")) * _MULTIPLES.get((unit or "").casefold(), 1)
        if unit or "," in number or value >= _LARGE:
            yield Token(f"#{value:.0f}", match.start(), match.end())


def stem(word: str) -> str:
    """An English word's stem; a word with a digit in it is a name or a number and stays as it is."""
    return _stem(word) if word.isascii() and word.isalpha() else word


@functools.lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


@functools.cache
def _stemmer() -> stemmer_types.EnglishStemmer:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@functools.cache
def _segmenter() -> jieba_types.Tokenizer:
    # Imported here because jieba's import and dictionary take a second that `digestbot --help` need not pay.
    import jieba

    jieba.setLogLevel(logging.WARNING)
    segmenter = jieba.Tokenizer()
    # Left to itself, jieba keeps its dictionary in the folder for temporary files and believes whatever lies there by
    # that name. Reading the dictionary itself takes no longer.
    segmenter.FREQ, segmenter.total = segmenter.gen_pfdict(segmenter.get_dict_file())
    segmenter.initialized = True
    return segmenter


class _Forms(dict[int, int]):
    """The form of each character that has one of a single character, found out when it is first met."""

    def __missing__(self, code: int) -> int:
        form = unicodedata.normalize("NFKC", chr(code))
        if "\u3400" <= form <= "\u9fff":
            form = _converter().convert(form)
        self[code] = ord(form) if len(form) == 1 else code
        return self[code]


@functools.cache
def _forms() -> _Forms:
    return _Forms()


@functools.cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")

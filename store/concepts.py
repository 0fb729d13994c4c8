"""What means the same in other words or in the other language: the concepts of ``concepts.toml`` that a text speaks of.

A concept is an index term like any word, so that a paper on 过度思考 is found by "overthinking" and by 想太多, with one
weight for all of them. Concept terms begin with ``§``, which no word does.
"""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from importlib import resources

from store.text.tokens import HAN, Form, Token, form_of, stem, tokens_of

MARK = "§"

# Chinese expressions up to this long turn up by chance where one word ends and another begins.
_SHORT = 2

# Words that an English expression and a text may differ in. Not among them: "no", "not" and "without".
_SKIPPED = frozenset(
    """a an the of in on at to for from by with and or is are was were be been being it its this that these those as
    we our they their i you your""".split()
)
_WORD = re.compile(r"[a-z0-9]+(?:\.\d+)?")
_HAN = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(rf"[a-z0-9]*[{HAN}][{HAN}a-z0-9]*")


class Concepts:
    """Finds expressions in texts.

    ``field`` are the field's own concepts, by name with their other expressions, and ``plain`` those that any text may
    speak of.
    """

    def __init__(self, field: Mapping[str, Iterable[str]], plain: Mapping[str, Iterable[str]]) -> None:
        # Chinese expressions are looked up as written, English ones by their words' stems, each by how it begins.
        self._chinese: dict[str, dict[str, None]] = defaultdict(dict)
        self._chinese_lengths: dict[str, set[int]] = defaultdict(set)
        self._english: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
        self._english_lengths: dict[str, set[int]] = defaultdict(set)
        self._plain = frozenset(map(_term, plain))
        for name, ways in (*field.items(), *plain.items()):
            for way in (name, *ways):
                self._add(_term(name), way)

    def is_plain(self, term: str) -> bool:
        """Whether a concept term is one that any text may speak of."""
        return term in self._plain

    def _add(self, term: str, expression: str) -> None:
        text = form_of(expression).text.casefold()
        if _HAN.search(text):
            written = "".join(text.split())
            self._chinese[written][term] = None
            self._chinese_lengths[written[:2]].add(len(written))
        elif stems := tuple(word.term for word in _words(text)):
            self._english[stems][term] = None
            self._english_lengths[stems[0]].add(len(stems))

    def find(self, form: Form, words: Sequence[Token]) -> Iterator[Token]:
        """The concepts that a text speaks of, with the spans of the expressions; spans may overlap.

        ``words`` are the form's tokens: a short expression has to begin and end where a word does (there
        is no 化学 in 强化学习).
        """
        text = form.text.casefold()
        if len(text) != len(form.text):
            text = form.text
        if _HAN.search(text):
            edges = {0, len(text)}.union(*((word.start, word.end) for word in words))
            yield from self._find_chinese(text, edges)
        yield from self._find_english(text)

    def _find_chinese(self, text: str, edges: Container[int]) -> Iterator[Token]:
        # Blanks between Han and Latin letters are a matter of taste (KL 散度), so none count.
        places = [place for place, character in enumerate(text) if not character.isspace()]
        for run in _HAN_RUN.finditer("".join(text.split())):
            written, offset = run.group(), run.start()
            for start in range(len(written) - 1):
                for length in self._chinese_lengths.get(written[start : start + 2], ()):
                    end = start + length
                    if end > len(written) or not (terms := self._chinese.get(written[start:end])):
                        continue
                    span = places[offset + start], places[offset + end - 1] + 1
                    if length > _SHORT or (span[0] in edges and span[1] in edges):
                        for term in terms:
                            yield Token(term, *span)

    def _find_english(self, text: str) -> Iterator[Token]:
        words = _words(text)
        for place, word in enumerate(words):
            for length in self._english_lengths.get(word.term, ()):
                found = words[place : place + length]
                if len(found) == length:
                    for term in self._english.get(tuple(each.term for each in found), ()):
                        yield Token(term, word.start, found[-1].end)


def terms_of(text: str) -> list[str]:
    """The words of a text as :func:`store.text.tokens.tokenize` gives them, and its concepts."""
    return [token.term for token in _tokens_of(form_of(text))]


def locate_terms(text: str) -> list[Token]:
    """The same terms as :func:`terms_of`, with the span of ``text`` that each stands for."""
    form = form_of(text)
    return [Token(token.term, *form.span(token.start, token.end)) for token in _tokens_of(form)]


def _tokens_of(form: Form) -> list[Token]:
    words = list(tokens_of(form))
    return [*words, *concepts().find(form, words)]


@functools.cache
def concepts() -> Concepts:
    """The concepts of ``concepts.toml``."""
    parts = tomllib.loads(_source())
    field, plain = (
        {name: ways for section in parts[part].values() for name, ways in section.items()}
        for part in ("field", "plain")
    )
    return Concepts(field, plain)


def fingerprint() -> str:
    """A digest of ``concepts.toml``: papers are indexed anew where it has changed."""
    return hashlib.sha256(_source().encode("utf-8")).hexdigest()[:12]


def _source() -> str:
    return resources.files("store").joinpath("concepts.toml").read_text("utf-8")


def _term(name: str) -> str:
    return MARK + name.replace(" ", "-")


def _words(text: str) -> list[Token]:
    """The stems of a text's Latin words and numbers, with their spans."""
    return [
        Token(stem(match.group()), match.start(), match.end())
        for match in _WORD.finditer(text)
        if match.group() not in _SKIPPED
    ]

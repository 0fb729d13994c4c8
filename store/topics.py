"""The topic list, and which topics a paper and a reader's words belong to.

The list is data (``topics.toml``): each topic's names and meaning, and the words that speak for it. Scoring is one rule
for all topics, in two halves: what the title says and what the rest says. Within a half every word counts by its
strength, the same word again counts less and less, and the sum levels off: no flood of weak words outweighs a title. A
paper told in two languages counts the mean of both, so that what one digest tells in Chinese and another in both
languages scores alike.
"""

from __future__ import annotations

import functools
import hashlib
import math
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from importlib import resources
from operator import add
from typing import Literal, NamedTuple

from pydantic import Field, model_validator
from rapidfuzz import fuzz

from store.models import Language, Model, Paper
from store.text.languages import language_of
from store.text.tokens import HAN, normalize

Phrases = tuple[str, ...]
Strength = Literal["decisive", "strong", "plain", "weak"]

_STRENGTHS: dict[Strength, float] = {"decisive": 1.5, "strong": 1.0, "plain": 0.4, "weak": 0.2}
# The sum of strengths at which a half gives 63 % of all it can. A title has few words, chosen with care; a text takes
# more the longer it is: this much at 1,000 letters, and as the square root for other lengths.
_TITLE_LEVELS_OFF, _TEXT_LEVELS_OFF = 1.2, 1.7
_LETTERS_OF_HAN = 2.5  # a Chinese character says as much as so many letters
_ENOUGH = 0.5  # a strong word in the title, or about two in the text, in each language there is
# Long texts touch on much: what is far behind a paper's best topic is a mention, not what the paper is about.
_SHARE_OF_BEST = 0.42
_ENOUGH_ALONE = 0.3  # where nothing is enough, the best topic is given from here on
_MOST_TOPICS = 5
# What a paper is about shows long before this; it bounds the work on a file that is one endless entry.
_LONGEST_TEXT = 20_000

_HYPHENS_AND_SPACES = re.compile(r"[-‐‑‒–—_/\s]+")
_SPACE_BESIDE_HAN = re.compile(rf"(?<=[{HAN}]) | (?=[{HAN}])")
_HAN = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+")
_WORD = re.compile(r"[a-z0-9]+")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_WORD_BEGINS = "(?<![a-z0-9])"
_PLURAL = "(?:s|(?<=[shxz])es)?"
_FEW_WORDS = r"[^.;。!?\n]{0,32}?"
_ANCHOR = 4  # letters of a Latin word's beginning by which cues are looked up; of Chinese it is two characters

_LONGEST_NAME = 100
_NEAREST = 3
_SIMILAR = 72.0  # of 100; less is not offered


class Words(Model):
    """Phrases that speak for a topic, by how much they say. ``topics.toml`` tells how they are written."""

    decisive: Phrases = ()
    strong: Phrases = ()
    plain: Phrases = ()
    weak: Phrases = ()

    def by_strength(self) -> Iterator[tuple[float, str]]:
        """Every phrase with its strength as a number, the strongest first."""
        for name, strength in _STRENGTHS.items():
            for phrase in getattr(self, name):
                yield strength, phrase


class TopicRule(Model):
    """A topic: its names and meaning in both languages, and what puts a paper there.

    ``title`` holds words that count in titles only; ``ignore`` phrases that hold one of the words and mean something
    else; one of ``needs`` must stand somewhere in the paper; none of ``unless`` may stand in a title.
    """

    slug: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=24)
    name_en: str = Field(min_length=1)
    name_zh: str = Field(min_length=1)
    about_en: str = Field(min_length=1)
    about_zh: str = Field(min_length=1)
    anywhere: Words
    title: Words = Words()
    ignore: Phrases = ()
    needs: Phrases = ()
    unless: Phrases = ()


class TopicList(Model):
    """All topics in their own order. ``fingerprint`` changes whenever ``topics.toml`` does."""

    topics: tuple[TopicRule, ...] = Field(min_length=1)
    fingerprint: str

    @model_validator(mode="after")
    def _slugs_are_unique(self) -> TopicList:
        slugs = [topic.slug for topic in self.topics]
        if len(slugs) != len(set(slugs)):
            raise ValueError("two topics have the same slug")
        return self


class Match(NamedTuple):
    """What a reader's words may mean: the topic named exactly, or else the nearest ones, best first."""

    exact: TopicRule | None
    nearest: tuple[TopicRule, ...]


@functools.cache
def topic_list() -> TopicList:
    """The topics of ``topics.toml``; raises pydantic's ValidationError where the file does not hold together."""
    data = resources.files("store").joinpath("topics.toml").read_bytes()
    fingerprint = hashlib.sha256(data).hexdigest()[:16]
    return TopicList.model_validate({**tomllib.loads(data.decode("utf-8")), "fingerprint": fingerprint})


def topics_of(paper: Paper) -> tuple[str, ...]:
    """The slugs of a paper's topics, most fitting first, five at most; none where nothing fits."""
    text = _Text(paper)
    cues = _matcher().cues_in(text)
    scores = {
        topic.slug: _score(text, cues[topic.slug])
        for topic in topic_list().topics
        if topic.slug in cues and _may_have(topic, cues[topic.slug], text)
    }
    ranked = sorted(scores, key=lambda slug: -scores[slug])
    best = scores[ranked[0]] if ranked else 0.0
    if best < _ENOUGH:
        return tuple(ranked[:1]) if best >= _ENOUGH_ALONE else ()
    least = max(_ENOUGH, _SHARE_OF_BEST * best)
    return tuple(slug for slug in ranked[:_MOST_TOPICS] if scores[slug] >= least)


def find_topics(text: str) -> Match:
    """The topic that a reader names (slug or either name; case, width, spaces and hyphens aside), else the nearest.

    Near is a name that holds the words (``video``, ``强化学习``), a topic that they speak for (``rag``), a name spelt
    much like them.
    """
    text = text[:_LONGEST_NAME]
    wanted = _squeezed(text)
    if not wanted:
        return Match(None, ())
    topics = topic_list().topics
    for topic in topics:
        if wanted in (_squeezed(topic.slug), _squeezed(topic.name_en), _squeezed(topic.name_zh)):
            return Match(topic, ())
    likeness = {topic.slug: _likeness(text, topic) for topic in topics}
    near = sorted(topics, key=lambda topic: -likeness[topic.slug])
    return Match(None, tuple(topic for topic in near if likeness[topic.slug] >= _SIMILAR)[:_NEAREST])


class _Half(NamedTuple):
    """What a paper's titles or its other texts say in one language, from ``start`` to ``end`` of the whole text."""

    language: Language
    is_title: bool
    start: int
    end: int

    @property
    def levels_off(self) -> float:
        """The sum of strengths at which this half gives 63 % of all it can."""
        if self.is_title:
            return _TITLE_LEVELS_OFF
        letters = (self.end - self.start) * (_LETTERS_OF_HAN if self.language == "zh" else 1)
        return max(_TITLE_LEVELS_OFF, _TEXT_LEVELS_OFF * math.sqrt(letters / 1000))


class _Text:
    """A paper's words, normalised: all in one text, its halves, and the anchors of what stands in it."""

    def __init__(self, paper: Paper) -> None:
        pieces: list[str] = []
        self.halves: list[_Half] = []
        start = 0
        for language, is_title, texts in _texts(paper):
            piece = "\n".join(filter(None, map(_plain, texts)))[:_LONGEST_TEXT]
            if piece:
                pieces.append(piece)
                self.halves.append(_Half(language, is_title, start, start + len(piece)))
                start += len(piece) + 1
        self.text = "\n".join(pieces)
        self.titles = "\n".join(self.text[half.start : half.end] for half in self.halves if half.is_title)
        self.anchors = _anchors(self.text)

    def half_at(self, position: int) -> _Half:
        return next(half for half in self.halves if position < half.end)


def _texts(paper: Paper) -> Iterator[tuple[Language, bool, list[str]]]:
    yield "en", True, [paper.title_en or ""]
    yield "zh", True, [paper.title_zh or ""]
    english, chinese = ((summary or "")[:_LONGEST_TEXT] for summary in (paper.summary_en, paper.summary_zh))
    texts: dict[Language, list[str]] = {"en": [english], "zh": [chinese]}
    told = f"{english}\n{chinese}"
    for text in (*paper.points, *(note.text for note in paper.notes)):
        # Some layouts make the summary of their notes: what it tells is not counted again.
        if text[:40] not in told:
            texts[language_of(text)].append(text)
    for language in texts:
        yield language, False, texts[language]


class _Cue(NamedTuple):
    """A phrase, ready to be found.

    ``role`` is ``anywhere``, ``title``, ``ignore``, ``needs`` or ``unless``; ``literal`` stands in every text that the
    pattern is found in; ``begins_word`` says that no Latin letter may stand before it.
    """

    role: str
    strength: float
    phrase: str
    pattern: re.Pattern[str]
    literal: str
    begins_word: bool

    @classmethod
    def of(cls, role: str, strength: float, phrase: str) -> _Cue:
        """The cue of a phrase written as ``topics.toml`` writes it."""
        parts = [_plain(part) for part in phrase.split(" .. ")]
        pattern = _FEW_WORDS.join(map(_pattern, parts))
        literal = max((piece for part in parts for piece in part.split("*")), key=len)
        # A pattern that begins with a letter and not with a condition is searched for several times as fast.
        bare = pattern.removeprefix(_WORD_BEGINS)
        return cls(role, strength, phrase, re.compile(bare), literal, bare != pattern)

    @property
    def anchor(self) -> str:
        """How the literal begins, if it begins a word; else nothing (``*grpo``, ``?``)."""
        if f"*{self.literal}" in _plain(self.phrase):
            return ""
        word = _WORD.match(self.literal)
        if word:
            return word[0][:_ANCHOR]
        return self.literal[:2] if _HAN.match(self.literal) else ""

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the phrase stands, as (start, end) positions."""
        for match in self.pattern.finditer(text):
            start = match.start()
            if not (self.begins_word and start and text[start - 1] in _LATIN):
                yield match.span()

    def stands_in(self, text: str) -> bool:
        return self.literal in text and any(True for _ in self.spans(text))


def _pattern(part: str) -> str:
    pattern = re.escape(part).replace(r"\*", "[a-z0-9]*")
    if re.match(r"[a-z0-9*]", part):
        pattern = _WORD_BEGINS + pattern
    if re.search(r"[a-z]$", part):
        pattern += _PLURAL
    if re.search(r"[a-z0-9]$", part):
        pattern += r"(?![a-z0-9])"
    return pattern


class _Matcher:
    """The cues of all topics by their anchors, so that a text is asked only for the few that it may hold."""

    def __init__(self, topics: Sequence[TopicRule]) -> None:
        self._by_anchor: dict[str, list[tuple[str, _Cue]]] = defaultdict(list)
        for topic in topics:
            for cue in _cues(topic):
                self._by_anchor[cue.anchor].append((topic.slug, cue))

    def cues_in(self, text: _Text) -> dict[str, list[_Cue]]:
        """The cues that may stand in a text, by the slug of their topic."""
        found: dict[str, list[_Cue]] = defaultdict(list)
        for anchor in self._by_anchor.keys() & text.anchors:
            for slug, cue in self._by_anchor[anchor]:
                if cue.literal in text.text:
                    found[slug].append(cue)
        return found


@functools.cache
def _matcher() -> _Matcher:
    return _Matcher(topic_list().topics)


def _cues(topic: TopicRule) -> Iterator[_Cue]:
    for role, words in (("anywhere", topic.anywhere), ("title", topic.title)):
        for strength, phrase in words.by_strength():
            yield _Cue.of(role, strength, phrase)
    for role, phrases in (("ignore", topic.ignore), ("needs", topic.needs), ("unless", topic.unless)):
        for phrase in phrases:
            yield _Cue.of(role, 0.0, phrase)


def _anchors(text: str) -> set[str]:
    """How the words of a text begin: up to four letters of a Latin one, one and two Chinese characters."""
    anchors = {""}
    for word in set(_WORD.findall(text)):
        anchors.update(word[:size] for size in range(1, _ANCHOR + 1))
    for run in _HAN_RUN.findall(text):
        anchors.update(run)
        anchors.update(map(add, run, run[1:]))
    return anchors


def _may_have(topic: TopicRule, cues: list[_Cue], text: _Text) -> bool:
    if topic.needs and not any(cue.role == "needs" and cue.stands_in(text.text) for cue in cues):
        return False
    return not any(cue.role == "unless" and cue.stands_in(text.titles) for cue in cues)


def _score(text: _Text, cues: list[_Cue]) -> float:
    """How much a paper speaks of a topic, from 0 to 2."""
    sums = dict.fromkeys(text.halves, 0.0)
    for (half, cue), times in _mentions(text, cues).items():
        sums[half] += cue.strength * math.sqrt(times)
    score = 0.0
    for is_title in (True, False):
        levels = [1 - math.exp(-total / half.levels_off) for half, total in sums.items() if half.is_title is is_title]
        score += sum(levels) / len(levels) if levels else 0.0
    return score


def _mentions(text: _Text, cues: list[_Cue]) -> Counter[tuple[_Half, _Cue]]:
    """How often each word stands in each half.

    Of words that overlap the strongest counts, then the longest; words within an ignored phrase do not count.
    """
    taken = bytearray(len(text.text))
    found: list[tuple[int, int, _Cue]] = []
    for cue in cues:
        if cue.role == "ignore":
            for start, end in cue.spans(text.text):
                taken[start:end] = b"\1" * (end - start)
        elif cue.role in ("anywhere", "title"):
            found.extend((start, end, cue) for start, end in cue.spans(text.text))
    found.sort(key=lambda one: (-one[2].strength, one[0] - one[1], one[0], one[2].phrase))
    mentions: Counter[tuple[_Half, _Cue]] = Counter()
    for start, end, cue in found:
        half = text.half_at(start)
        if taken.find(1, start, end) >= 0 or (cue.role == "title" and not half.is_title):
            continue
        taken[start:end] = b"\1" * (end - start)
        mentions[half, cue] += 1
    return mentions


def _plain(text: str) -> str:
    """The form in which texts and phrases are compared: hyphens as spaces, no spaces beside Chinese."""
    spaced = _HYPHENS_AND_SPACES.sub(" ", normalize(text).replace("’", "'"))
    return _SPACE_BESIDE_HAN.sub("", spaced).strip()


# All phrases of the list are compared with whatever a reader calls a topic, each time.
@functools.lru_cache(maxsize=4096)
def _squeezed(text: str) -> str:
    """A name without case, width, spaces, hyphens and other signs."""
    return "".join(character for character in _plain(text) if character.isalnum())


def _likeness(text: str, topic: TopicRule) -> float:
    """How near a reader's words are to a topic, from 0 to 100."""
    wanted = _plain(text)
    words = " ".join("".join(c if c.isalnum() else " " for c in wanted).split())
    holds = re.compile(_pattern(words)).search
    names = [_plain(name) for name in (topic.slug, topic.name_en, topic.name_zh)]
    if any(map(holds, names)):
        return 100.0
    strongest = next((s for s, phrase in topic.anywhere.by_strength() if _squeezed(phrase) == _squeezed(text)), 0.0)
    if strongest:
        return 80.0 + 10.0 * strongest
    if holds(_plain(topic.about_en)) or holds(_plain(topic.about_zh)):
        return 80.0
    return max(fuzz.ratio(words, part) for name in names for part in (name, *name.split()))

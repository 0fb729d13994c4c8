"""Every sentence the bot says, in Chinese and English, kept in ``zh.toml`` and ``en.toml``.

A phrase has named placeholders, ``{like_this}``. One that counts things has, where its language needs it, the
forms ``one`` and ``other``; which of them is said follows the value ``count``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from bot.views.html import Markup, escape
from store import Language

PLURAL_FORMS = ("one", "other")


class Phrases:
    """The phrases of one language. An unknown name or a missing value raises KeyError: a mistake of ours."""

    def __init__(self, language: Language, templates: Mapping[str, str]) -> None:
        self.language = language
        self.templates = templates

    def say(self, name: str, /, **values: object) -> Markup:
        """The phrase as HTML, its values escaped unless they are `Markup`."""
        texts = {key: value if isinstance(value, str) else str(value) for key, value in values.items()}
        shown = {key: escape(text) for key, text in texts.items()}
        return Markup(self._template(name, values).format_map(shown))

    def plain(self, name: str, /, **values: object) -> str:
        """The phrase as plain text, for buttons, notes and the command menu; it must hold no HTML."""
        return self._template(name, values).format_map(values)

    def _template(self, name: str, values: Mapping[str, object]) -> str:
        if name in self.templates:
            return self.templates[name]
        return self.templates[f"{name}.{'one' if values.get('count') == 1 else 'other'}"]


@cache
def get(language: Language) -> Phrases:
    """The phrases of ``language``, read once."""
    text = resources.files("bot.phrases").joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return Phrases(language, dict(_flat(tomllib.loads(text))))


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, str):
            yield prefix + name, value.strip("\n")
        elif isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            raise TypeError(f"phrase {prefix}{name} is neither text nor a table")

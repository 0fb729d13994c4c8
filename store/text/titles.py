"""Titles, made comparable: two spellings of one title have one key."""

from __future__ import annotations

import unicodedata

from store.text.latex import delatex

# The only accent that is a letter when case is gone: Greek's iota below.
_IOTA = "\u0345"


def title_key(title: str) -> str:
    """What is left of a title when case, LaTeX, accents, punctuation and spaces are gone.

    ``R$^2$GRPO: Better…`` and ``r²grpo – better`` share a key. A title made of nothing but signs keeps them, so that it
    is not equal to every other such title.
    """
    plain = delatex(title)
    # Accents go in any case; a heap of them would first be sorted, in quadratic time.
    bare = plain if plain.isascii() else "".join(ch for ch in plain if not unicodedata.combining(ch) or ch == _IOTA)
    decomposed = unicodedata.normalize("NFKD", bare).casefold()
    # Casefolding can give characters that decompose again (and the other way round).
    kept = "".join(ch for ch in unicodedata.normalize("NFKD", decomposed) if ch.isalnum())
    return kept or "".join(plain.split())

"""Titles, made comparable: two spellings of one title have one key."""

from __future__ import annotations

import unicodedata

from store.text.latex import delatex


def title_key(title: str) -> str:
    """What is left of a title when case, LaTeX, accents, punctuation and spaces are gone.

    ``R$^2$GRPO: Better…`` and ``r²grpo – better`` share a key. A title made of nothing but signs keeps them, so that it
    is not equal to every other such title.
    """
    plain = delatex(title)
    decomposed = unicodedata.normalize("NFKD", plain).casefold()
    # Casefolding can give characters that decompose again (and the other way round).
    kept = "".join(ch for ch in unicodedata.normalize("NFKD", decomposed) if ch.isalnum())
    return kept or "".join(plain.split())

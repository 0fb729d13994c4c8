"""What single LaTeX commands, accents and scripts are in Unicode; pylatexenc is asked for one symbol at a time."""

from __future__ import annotations

import unicodedata
from functools import cache

from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


# Commands that change how what follows looks; nothing of them is shown.
SILENT = _words(
    "xspace bf it em tt sc sf rm small large normalsize displaystyle textstyle scriptstyle left right",
    "big Big bigl bigr Bigl Bigr bigg Bigg limits nolimits centering noindent protect hfill newline linebreak par",
)
# Commands whose argument is their meaning, shown as it is.
TRANSPARENT = SILENT | _words(
    "textbf textit texttt textsc textsf textrm textmd textup textsl textnormal text emph underline uline mbox hbox",
    "mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak mathnormal mathop mathbin boldsymbol bm pmb",
    "operatorname ensuremath bar hat tilde vec overline widehat widetilde sout hl footnote",
    "ref eqref autoref cref Cref citet textcite Citet",
)
DROPPED = _words("cite citep citealp citealt citeauthor citeyear parencite label vspace hspace begin end pagestyle")
LAST_ARGUMENT = _words("textcolor colorbox fcolorbox scalebox resizebox")
SPACES = _words("quad qquad enspace thinspace space")
FRACTIONS = _words("frac dfrac tfrac nicefrac")
ACCENT_SIGNS = "\"'`^~=."
ACCENT_LETTERS = frozenset("cvukHrdbt")

# Symbols that the library does not know, or shows in a way that does not read well in a sentence.
_OWN_SYMBOLS = {
    "LaTeX": "LaTeX",
    "P": "¶",
    "S": "§",
    "TeX": "TeX",
    "ast": "*",
    "cdots": "…",
    "checkmark": "✓",
    "degree": "°",
    "dots": "…",
    "item": "-",
    "ldots": "…",
    "percent": "%",
    "prime": "′",
    "sim": "~",
    "star": "*",
    "textasciicircum": "^",
    "textasciitilde": "~",
    "textbackslash": "\\",
    "textbar": "|",
    "textdollar": "$",
    "textemdash": "—",
    "textendash": "–",
    "textgreater": ">",
    "textless": "<",
    "textpercent": "%",
    "textquoteleft": "‘",
    "textquoteright": "’",
    "textregistered": "®",
    "texttrademark": "™",
    "textunderscore": "_",
}
_SUPERSCRIPT = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW*′∘⊤⋆†",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ*′°ᵀ*†",
        strict=True,
    )
)
_SUBSCRIPT = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))


@cache
def symbol(name: str) -> str | None:
    """The Unicode of the command ``\\name`` where it takes no argument; None where it is none or takes some."""
    if name in _OWN_SYMBOLS:
        return _OWN_SYMBOLS[name]
    if name in TRANSPARENT or name in DROPPED or name in SPACES:
        return None
    spec = get_default_latex_context_db().get_macro_spec(name)
    shown = getattr(spec, "simplify_repl", None)
    if not isinstance(shown, str) or "%" in shown or not shown.strip():
        return None
    return shown


@cache
def accented(sign: str, letter: str) -> str | None:
    """The letter under the accent that ``\\sign`` stands for; None where Unicode has no such letter."""
    composed = unicodedata.normalize("NFC", _ask_library(f"\\{sign}{{{letter}}}"))
    return composed if len(composed) == 1 and composed != letter else None


@cache
def double_struck(letter: str) -> str:
    """``ℝ`` for ``R``."""
    return _ask_library(f"\\mathbb{{{letter}}}")


def raised(script: str) -> str:
    """The script as superscript where Unicode has all of it, else after ``^``."""
    return _scripted(script, _SUPERSCRIPT, "^")


def lowered(script: str) -> str:
    """The script as subscript where Unicode has all of it, else after ``_``."""
    return _scripted(script, _SUBSCRIPT, "_")


def grouped(part: str) -> str:
    """The part in round brackets, unless it needs none."""
    return part if len(part) <= 1 or part.isalnum() else f"({part})"


def _scripted(script: str, table: dict[str, str], sign: str) -> str:
    compact = script.replace(" ", "")
    if all(ch in table for ch in compact):
        return "".join(table[ch] for ch in compact)
    return sign + grouped(script)


def _ask_library(latex: str) -> str:
    return str(LatexNodes2Text(math_mode="text").latex_to_text(latex)).strip()

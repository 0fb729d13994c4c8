r"""LaTeX spans to Unicode, leaving running text alone.

Digests quote abstracts that carry LaTeX: ``$8.4\%$``, ``\textbf{X}``, ``na\"ive``. A LaTeX parser cannot be given such a
text whole: to it ``%`` begins a comment and ``$5 and $7`` a formula. So this module finds the marked spans itself and asks
pylatexenc only what one symbol or one accent is in Unicode.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db

# A span longer than this is taken for a lone sign (this also bounds the search for its end).
_LONGEST_SPAN = 600
_DEEPEST_GROUP = 8

_STARTS = re.compile(r"\$|\\|``|\{(?=\\)")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?")
_MATH_SIGN = re.compile(r"[\\^_{}=<>+*/|~-]")
_QUOTE_END = re.compile("''|’’|``")

# Commands whose argument is their meaning, shown as it is.
_TRANSPARENT = frozenset(
    "textbf textit texttt textsc textsf textrm textmd textup textsl textnormal text emph underline uline mbox hbox mathrm "
    "mathbf mathit mathsf mathtt mathcal mathscr mathfrak mathnormal boldsymbol bm pmb operatorname ensuremath bar hat tilde "
    "vec overline widehat widetilde textsuperscript textsubscript sout hl footnote mathop mathbin xspace bf it em tt sc sf rm "
    "ref eqref autoref cref Cref citet textcite Citet small large displaystyle textstyle scriptstyle left right big Big bigl "
    "bigr Bigl Bigr bigg Bigg limits nolimits centering noindent".split()
)
# Of these nothing is shown without an argument.
_SILENT = frozenset(
    "xspace bf it em tt sc sf rm small large displaystyle textstyle scriptstyle left right big Big bigl bigr Bigl Bigr bigg "
    "Bigg limits nolimits centering noindent protect hfill newline linebreak par".split()
)
_DROPPED = frozenset(
    "cite citep citealp citealt citeauthor citeyear parencite label vspace hspace begin end pagestyle".split()
)
_LAST_ARGUMENT = frozenset(["textcolor", "colorbox", "fcolorbox", "scalebox", "resizebox"])
_SPACES = frozenset(["quad", "qquad", "enspace", "thinspace", "space"])
# Symbols that the library does not know, or shows in a way that does not read well in a sentence.
_OWN_SYMBOLS = {
    "textgreater": ">", "textless": "<", "textasciitilde": "~", "textasciicircum": "^", "textbackslash": "\\",
    "textunderscore": "_", "textbar": "|", "textdollar": "$", "textpercent": "%", "percent": "%", "checkmark": "✓",
    "LaTeX": "LaTeX", "TeX": "TeX", "sim": "~", "textregistered": "®", "texttrademark": "™", "star": "*", "ast": "*",
    "prime": "′", "textendash": "–", "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘", "S": "§", "P": "¶",
    "ldots": "…", "cdots": "…", "dots": "…", "degree": "°", "item": "-",
}  # fmt: skip
_ACCENT_SIGNS = "\"'`^~=."
_ACCENT_LETTERS = frozenset("cvukHrdbt")
# In running text a backslash before a quotation mark is more often an escape (don\'t, \"word\") than an accent: only
# the letters that really take the accent count, and only inside a word.
_BARE_ACCENTS = {
    '"': "aeiouyAEIOUY",
    "'": "aeiouycnzAEIOUY",
    "`": "aeiouAEIOU",
    "^": "aeiouAEIOU",
    "~": "naoNAO",
}
_ESCAPED = frozenset("%$#&_{}*[]()<>|+!`~-.\"'=^")
_SUPERSCRIPT = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW*′∘⊤⋆†",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ*′°ᵀ*†",
        strict=True,
    )
)
_SUBSCRIPT = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))


def delatex(text: str) -> str:
    r"""``text`` with its LaTeX spans (``$…$``, ``\cmd{…}``, symbols, accents, escapes) in Unicode.

    Superscripts become ``²`` and subscripts ``₁`` where Unicode has them; a command nobody knows (``\ourmodel``) stays as its
    name; citations go. Everything outside such spans, a lone ``$`` or ``%`` among it, is returned as it is.
    """
    if "\\" not in text and "$" not in text and "``" not in text:
        return text
    out: list[str] = []
    at = 0
    while (match := _STARTS.search(text, at)) is not None:
        start = match.start()
        out.append(text[at:start])
        if match[0] == "$":
            piece, at = _dollars(text, start)
        elif match[0] == "\\":
            piece, at = _backslash(text, start)
        elif match[0] == "{":
            piece, at = _braced_command(text, start)
        else:
            piece, at = _quotation(text, start)
        if piece is None:  # what comes before is dropped with it: "GRPO~\cite{x}" leaves "GRPO"
            if out:
                out[-1] = (
                    out[-1].rstrip(" \t~") if text[at : at + 1] in ("", *",.;:)，。") else out[-1].rstrip("~")
                )
        else:
            out.append(piece)
    out.append(text[at:])
    return "".join(out)


def _dollars(text: str, start: int) -> tuple[str, int]:
    """A formula, or a dollar sign."""
    fence = "$$" if text.startswith("$$", start) else "$"
    begin = start + len(fence)
    end = begin
    while True:
        end = text.find(fence, end, begin + _LONGEST_SPAN)
        if end == -1:
            return fence, begin
        if text[end - 1] != "\\":
            break
        end += 1  # "\$" inside a formula is a dollar sign
    content = text[begin:end]
    after = text[end + len(fence) : end + len(fence) + 1]
    if not _is_formula(content, after, display=fence == "$$"):
        return fence, begin
    return _formula(content), end + len(fence)


def _is_formula(content: str, after: str, *, display: bool) -> bool:
    """Whether what stands between two dollar signs is a formula and not the text between two prices."""
    if not content.strip() or "\n\n" in content:
        return False
    if display:
        return True
    if content[0].isspace() != content[-1].isspace():
        return False  # "$5 and $7"
    if "\\" in content or "^" in content:
        return True
    if content[0].isspace():
        return False
    if after.isdigit():
        return "_" in content  # "$5-$7"
    return " " not in content or (_MATH_SIGN.search(content) is not None and not _has_words(content))


def _has_words(content: str) -> bool:
    return re.search(r"[A-Za-z]{3,}\s+[A-Za-z]{2,}", content) is not None


def _backslash(text: str, start: int) -> tuple[str | None, int]:
    """What begins with a backslash in running text: the piece to show (None: nothing) and where the text goes on."""
    match = _COMMAND.match(text, start)
    if match is not None:
        return _command(text, match, depth=0, math=False)
    sign = text[start + 1 : start + 2]
    if sign in "([" and sign:
        closing = "\\)" if sign == "(" else "\\]"
        end = text.find(closing, start + 2, start + _LONGEST_SPAN)
        if end != -1 and _MATH_SIGN.search(text, start + 2, end) and not _has_words(text[start + 2 : end]):
            return _formula(text[start + 2 : end]), end + 2
        return sign, start + 2
    if sign in _ACCENT_SIGNS and sign:
        accented = _accent(text, start, sign)
        if accented is not None:
            return accented
    if sign in ",;:":
        return (" ", start + 2) if sign else ("\\", start + 1)
    if sign in _ESCAPED:
        return sign, start + 2
    if sign == "\\":
        # A line break of LaTeX; "\\n" and the like are left alone.
        return (" ", start + 2) if text[start + 2 : start + 3] in ("", " ", "\n") else ("\\\\", start + 2)
    return "\\", start + 1


def _command(text: str, match: re.Match[str], *, depth: int, math: bool) -> tuple[str | None, int]:
    name, at = match[1], match.end()
    inside_word = match.start() > 0 and not math and text[match.start() - 1].isalnum()
    if len(name) == 1 and name in _ACCENT_LETTERS:
        accented = _accent(text, match.start(), name)
        if accented is not None:
            return accented
    symbol = _symbol(name)
    if symbol is not None:
        return _symbol_piece(text, at, symbol, math=math)
    if name in _SPACES:
        return " ", at
    if name in _DROPPED:
        _, at = _arguments(text, at)
        return None, at
    arguments, end = _arguments(text, at)
    if name == "href" and len(arguments) >= 2:
        return _link(arguments[0], _shown(arguments[1], depth)), end
    if name == "url" and arguments:
        return arguments[0], end
    if name in ("frac", "dfrac", "tfrac", "nicefrac") and len(arguments) >= 2:
        return "/".join(_grouped(_shown(part, depth, math=True)) for part in arguments[:2]), end
    if name == "sqrt" and arguments:
        return "√" + _grouped(_shown(arguments[-1], depth, math=True)), end
    if name == "mathbb" and arguments and len(arguments[0]) == 1 and arguments[0].isalpha():
        return _ask_library(f"\\mathbb{{{arguments[0]}}}"), end
    if name == "textsuperscript" and arguments:
        return _raised(_shown(arguments[0], depth)), end
    if name == "textsubscript" and arguments:
        return _lowered(_shown(arguments[0], depth)), end
    if name in _LAST_ARGUMENT and arguments:
        return _shown(arguments[-1], depth), end
    if name in _TRANSPARENT:
        if arguments:
            return " ".join(_shown(part, depth, math=math) for part in arguments), end
        return ("" if name in _SILENT else name), _skip_one_space(text, at) if name in _SILENT else at
    if len(name) == 1 or (inside_word and not arguments):
        return "\\" + name, at  # "\n" in a string, "C:\new" in a path: not LaTeX
    if arguments and any(arguments):
        return " ".join(_shown(part, depth, math=math) for part in arguments if part), end
    return name, end if arguments else at


def _symbol_piece(text: str, at: int, symbol: str, *, math: bool) -> tuple[str, int]:
    if text.startswith("{}", at):
        return symbol, at + 2
    # LaTeX swallows the space after a command's name; between words it is a space all the same.
    following = text[at + 1 : at + 2]
    if math and text[at : at + 1] == " " and (symbol[-1].isalpha() or not following.isalnum()):
        return symbol, at + 1 if not (symbol.isascii() and symbol.isalpha()) else at
    return symbol, at


def _link(address: str, shown: str) -> str:
    if not shown or shown.strip() == address.strip():
        return address
    return f"{shown} ({address})"


def _arguments(text: str, at: int) -> tuple[list[str], int]:
    """The ``{…}`` groups that follow directly (``[…]`` options are skipped), and where they end."""
    arguments: list[str] = []
    while at < len(text) and len(arguments) < 3:
        if text[at] == "[" and not arguments:
            end = text.find("]", at, at + 80)
            if end == -1 or text[end + 1 : end + 2] != "{":
                break
            at = end + 1
            continue
        if text[at] != "{":
            break
        end = _closing_brace(text, at)
        if end == -1:
            break
        arguments.append(text[at + 1 : end])
        at = end + 1
    return arguments, at


def _closing_brace(text: str, opening: int) -> int:
    depth = 0
    for at in range(opening, min(len(text), opening + _LONGEST_SPAN)):
        sign = text[at]
        if sign == "\\":
            continue
        escaped = text[at - 1] == "\\" and text[at - 2 : at - 1] != "\\"
        if sign == "{" and not escaped:
            depth += 1
        elif sign == "}" and not escaped:
            depth -= 1
            if depth == 0:
                return at
    return -1


def _shown(content: str, depth: int, *, math: bool = False) -> str:
    if depth >= _DEEPEST_GROUP:
        return content
    return _formula(content, depth + 1) if math else delatex(content)


def _braced_command(text: str, start: int) -> tuple[str, int]:
    r"""``{\AA}``, ``{\"u}``, ``{\bf x}``: a group that serves one command."""
    end = _closing_brace(text, start)
    if end == -1 or "\n\n" in text[start:end]:
        return "{", start + 1
    content = text[start + 1 : end]
    bare = re.fullmatch(r"\\([\"'`^~=.])\{?\\?([A-Za-z])\}?", content)
    if bare is not None:
        return _composed(bare[1], bare[2]) or content, end + 1
    return delatex(content), end + 1


def _accent(text: str, start: int, sign: str) -> tuple[str, int] | None:
    after = text[start + 2 : start + 6]
    braced = re.match(r"\{\\?([A-Za-z])\}", after)
    if braced is not None:
        composed = _composed(sign, braced[1])
        return (composed, start + 2 + braced.end()) if composed else None
    letter = after[:1]
    if letter and letter in _BARE_ACCENTS.get(sign, "") and start > 0 and text[start - 1].isalpha():
        composed = _composed(sign, letter)
        return (composed, start + 3) if composed else None
    return None


def _composed(sign: str, letter: str) -> str | None:
    composed = unicodedata.normalize("NFC", _ask_library(f"\\{sign}{{{letter}}}"))
    return composed if len(composed) == 1 else None


def _quotation(text: str, start: int) -> tuple[str, int]:
    """A quotation in TeX's marks; backticks with no end, or three of them, are left alone."""
    begin = start + 2
    if text[begin : begin + 1] == "`" or (start > 0 and text[start - 1] == "`"):
        run = re.compile("`+").match(text, start)
        return (run[0], run.end()) if run else ("``", begin)
    end = _QUOTE_END.search(text, begin, begin + _LONGEST_SPAN)
    if end is None or "\n\n" in text[begin : end.start()]:
        return "``", begin
    if end[0] == "``":
        # ``x`` is code of Markdown, and an opening without its end is neither.
        return text[begin : end.start()] if " " not in text[begin : end.start()] else "“", (
            end.end() if " " not in text[begin : end.start()] else begin
        )
    return f"“{delatex(text[begin : end.start()])}”", end.end()


def _formula(content: str, depth: int = 0) -> str:
    """The inside of a formula: symbols, scripts and groups in Unicode, everything else as it is."""
    out: list[str] = []
    at = 0
    while at < len(content):
        sign = content[at]
        if sign == "\\":
            match = _COMMAND.match(content, at)
            if match is not None:
                piece, at = _command(content, match, depth=depth, math=True)
                out.append(piece or "")
            else:
                escaped = content[at + 1 : at + 2]
                out.append(
                    " " if escaped in ("\\", ",", ";", ":", " ") else "" if escaped == "!" else escaped
                )
                at += 2
        elif sign in "^_":
            script, at = _script(content, at + 1, depth)
            out.append(_raised(script) if sign == "^" else _lowered(script))
        elif sign == "{":
            end = _closing_brace(content, at)
            if end == -1 or depth >= _DEEPEST_GROUP:
                at += 1
            else:
                out.append(_formula(content[at + 1 : end], depth + 1))
                at = end + 1
        elif sign in "}$":
            at += 1
        else:
            out.append(" " if sign in "~&" else sign)
            at += 1
    return " ".join("".join(out).split())


def _script(content: str, at: int, depth: int) -> tuple[str, int]:
    """What a ``^`` or ``_`` applies to, and where it ends."""
    if at >= len(content):
        return "", at
    if content[at] == "{" and depth < _DEEPEST_GROUP:
        end = _closing_brace(content, at)
        if end != -1:
            return _formula(content[at + 1 : end], depth + 1), end + 1
    if content[at] == "\\" and (match := _COMMAND.match(content, at)) is not None:
        piece, end = _command(content, match, depth=depth, math=True)
        return piece or "", end
    return content[at], at + 1


def _raised(script: str) -> str:
    compact = script.replace(" ", "")
    if all(ch in _SUPERSCRIPT for ch in compact):
        return "".join(_SUPERSCRIPT[ch] for ch in compact)
    return "^" + _grouped(script)


def _lowered(script: str) -> str:
    compact = script.replace(" ", "")
    if all(ch in _SUBSCRIPT for ch in compact):
        return "".join(_SUBSCRIPT[ch] for ch in compact)
    return "_" + _grouped(script)


def _grouped(part: str) -> str:
    return part if len(part) <= 1 or part.isalnum() else f"({part})"


def _skip_one_space(text: str, at: int) -> int:
    return (
        at + 1
        if text[at : at + 1] == " " and text[at + 1 : at + 2].isalnum() and text[at - 5 : at] != "space"
        else at
    )


@cache
def _symbol(name: str) -> str | None:
    """The Unicode of a command that takes no argument; None where it is none or takes some."""
    if name in _OWN_SYMBOLS:
        return _OWN_SYMBOLS[name]
    if name in _TRANSPARENT or name in _DROPPED:
        return None
    spec = get_default_latex_context_db().get_macro_spec(name)
    shown = getattr(spec, "simplify_repl", None)
    if not isinstance(shown, str) or "%" in shown or not shown.strip():
        return None
    return shown


@cache
def _ask_library(latex: str) -> str:
    return str(LatexNodes2Text(math_mode="text").latex_to_text(latex)).strip()

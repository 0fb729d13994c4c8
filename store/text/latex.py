r"""LaTeX spans to Unicode, leaving running text alone.

Digests quote abstracts that carry LaTeX: ``$8.4\%$``, ``\textbf{X}``, ``na\"ive``. A LaTeX parser cannot be given
such a text whole: to it ``%`` begins a comment and ``$5 and $7`` a formula. So this module finds the marked spans
itself and asks the library only what one symbol or one accent is in Unicode.
"""

from __future__ import annotations

import re
from functools import cached_property

from store.text.latex_symbols import (
    ACCENT_LETTERS,
    ACCENT_SIGNS,
    DROPPED,
    FRACTIONS,
    LAST_ARGUMENT,
    SILENT,
    SPACES,
    TRANSPARENT,
    accented,
    double_struck,
    grouped,
    lowered,
    raised,
    symbol,
)

# What is longer than this is no span: its first sign stands for itself. It also bounds every search for an end, so
# that reading takes time in proportion to the text's length, whatever the text.
_LONGEST_SPAN = 600
_DEEPEST_GROUP = 8
# A text with so many signs of LaTeX, and so close together, is no text; reading it would take seconds a megabyte.
_MOST_SIGNS = 1000
_CLOSEST_SIGNS = 16  # characters a sign

_STARTS = re.compile(r"\$+|\\{3,}|\\|`{2,}|\{(?=\\)")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_BRACED_LETTER = re.compile(r"\{\\?([A-Za-z])\}")
_ONE_ACCENT = re.compile(r"\\([\"'`^~=.])\{?\\?([A-Za-z])\}?")
_MATH_SIGN = re.compile(r"[\\^_{}=<>+*/|~-]")
_WORDS = re.compile(r"[A-Za-z]{3,}\s{1,9}[A-Za-z]{2,}")
_QUOTE_END = re.compile("''|’’|``")
# In running text a backslash before a quotation mark is more often an escape (don\'t, \"word\") than an accent: only
# letters that really take the accent count, and only inside a word.
_BARE_ACCENTS = {
    '"': "aeiouyAEIOUY",
    "'": "aeiouycnzAEIOUY",
    "`": "aeiouAEIOU",
    "^": "aeiouAEIOU",
    "~": "naoNAO",
}
_ESCAPED = frozenset("%$#&_{}*[]()<>|+!`~-.\"'=^")


def delatex(text: str) -> str:
    r"""``text`` with its LaTeX spans (``$…$``, ``\cmd{…}``, symbols, accents, escapes) in Unicode.

    Superscripts become ``²`` and subscripts ``₁`` where Unicode has them; a command nobody knows (``\ourmodel``) stays
    as its name; citations go. Everything outside such spans, a lone ``$`` or ``%`` among it, is returned as it is,
    and so is a text that is hardly anything but such signs.
    """
    signs = text.count("\\") + text.count("$") + text.count("``")
    if signs == 0 or (signs > _MOST_SIGNS and signs * _CLOSEST_SIGNS > len(text)):
        return text
    return _Reader(text, 0).read()


def _has_words(content: str) -> bool:
    return _WORDS.search(content) is not None


class _Reader:
    """Reads one text from its beginning to its end. The methods that take a position return what to show for the
    span that begins there, and where the text goes on after it."""

    def __init__(self, text: str, depth: int) -> None:
        self.text = text
        self.depth = depth

    @cached_property
    def closing_braces(self) -> dict[int, int]:
        """Where each opening brace is closed, for those that are."""
        closing: dict[int, int] = {}
        opened: list[int] = []
        for match in _BRACE.finditer(self.text):
            if match[0] == "{":
                opened.append(match.start())
            elif match[0] == "}" and opened:
                closing[opened.pop()] = match.start()
        return closing

    def closing_brace(self, opening: int) -> int:
        end = self.closing_braces.get(opening, -1)
        return end if end - opening <= _LONGEST_SPAN else -1

    def read(self) -> str:
        text, at = self.text, 0
        out: list[str] = []
        for match in _STARTS.finditer(text):
            start = match.start()
            if start < at:
                continue
            out.append(text[at:start])
            sign = match[0]
            if sign[0] == "$":
                piece, at = self.dollars(start, sign)
            elif sign == "\\":
                shown, at = self.backslash(start)
                if shown is None:
                    self._close_gap(out, at)
                piece = shown or ""
            elif sign == "{":
                piece, at = self.braced_command(start)
            elif sign == "``":
                piece, at = self.quotation(start)
            else:
                piece, at = sign, match.end()
            out.append(piece)
        out.append(text[at:])
        return "".join(out)

    def _close_gap(self, out: list[str], at: int) -> None:
        """A citation went: the space before it goes too where punctuation follows."""
        following = self.text[at : at + 1]
        out[-1] = out[-1].rstrip(" \t~") if following in ("", *",.;:)，。") else out[-1].rstrip("~")

    def dollars(self, start: int, fence: str) -> tuple[str, int]:
        """A formula, or dollar signs."""
        begin = start + len(fence)
        if len(fence) > 2:
            return fence, begin
        end = self.text.find(fence, begin, begin + _LONGEST_SPAN)
        while end != -1 and self.text[end - 1] == "\\":  # "\$" inside a formula is a dollar sign
            end = self.text.find(fence, end + 1, begin + _LONGEST_SPAN)
        if end == -1:
            return fence, begin
        content, after = self.text[begin:end], self.text[end + len(fence) : end + len(fence) + 1]
        if not (_is_formula(content, after) or (len(fence) == 2 and content.strip() and "\n\n" not in content)):
            return fence, begin
        return _formula(content, self.depth), end + len(fence)

    def backslash(self, start: int) -> tuple[str | None, int]:
        """What begins with a backslash in running text; None to show means that a citation or the like goes."""
        text = self.text
        match = _COMMAND.match(text, start)
        if match is not None:
            return self.command(match, math=False)
        sign, after = text[start + 1 : start + 2], start + 2
        if not sign:
            return "\\", start + 1
        if sign in "([":
            return self.bracketed_formula(start, sign)
        if sign in ACCENT_SIGNS and (accent := self.accent(start, sign)) is not None:
            return accent
        if sign in ",;:":
            return " ", after
        if sign in _ESCAPED:
            return sign, after
        if sign == "\\":
            # A line break of LaTeX; "\\n" and the like are left alone.
            return (" ", after) if text[after : after + 1] in ("", " ", "\n") else ("\\\\", after)
        return "\\", start + 1

    def bracketed_formula(self, start: int, sign: str) -> tuple[str, int]:
        r"""``\(x^2\)``; in ``\[PDF\]`` the backslashes are Markdown's."""
        begin = start + 2
        end = self.text.find("\\)" if sign == "(" else "\\]", begin, begin + _LONGEST_SPAN)
        if end == -1:
            return sign, begin
        content = self.text[begin:end]
        if "\\(" in content or "\\[" in content or not _MATH_SIGN.search(content) or _has_words(content):
            return sign, begin
        return _formula(content, self.depth), end + 2

    def command(self, match: re.Match[str], *, math: bool) -> tuple[str | None, int]:
        r"""``\name`` with the arguments that follow it."""
        name, at = match[1], match.end()
        if name in ACCENT_LETTERS and (accent := self.accent(match.start(), name)) is not None:
            return accent
        shown = symbol(name)
        if shown is not None:
            return self.symbol(at, shown, math=math)
        if name in SPACES:
            return " ", at
        arguments, end = self.arguments(at)
        if name in DROPPED:
            return None, end
        known = self.known_command(name, arguments, math=math)
        if known is not None:
            return known, end
        if name in SILENT:
            swallow = name != "xspace" and self.text[at : at + 1] == " "
            return "", at + 1 if swallow else at
        inside_word = not math and match.start() > 0 and self.text[match.start() - 1].isalnum()
        if len(name) == 1 or (inside_word and not arguments and name not in TRANSPARENT):
            return "\\" + name, at  # "\n" in a string, "a\new" in a path: not LaTeX
        parts = [part for part in arguments if part]
        return (" ".join(self.shown(part, math=math) for part in parts) if parts else name), end

    def known_command(self, name: str, arguments: list[str], *, math: bool) -> str | None:
        """What a command that needs its arguments shows; None where it is not one or they are missing."""
        if not arguments:
            return None
        first, last = arguments[0], arguments[-1]
        if name == "href" and len(arguments) > 1:
            words = self.shown(arguments[1]).strip()
            return first if words in ("", first.strip()) else f"{words} ({first})"
        if name == "url":
            return first
        if name in FRACTIONS and len(arguments) > 1:
            return "/".join(grouped(self.shown(part, math=True)) for part in arguments[:2])
        if name == "sqrt":
            return "√" + grouped(self.shown(last, math=True))
        if name == "mathbb" and len(first) == 1 and first.isalpha():
            return double_struck(first)
        if name == "textsuperscript":
            return raised(self.shown(first))
        if name == "textsubscript":
            return lowered(self.shown(first))
        if name == "footnote":
            return f" ({self.shown(first)})"
        if name in LAST_ARGUMENT:
            return self.shown(last)
        return None

    def symbol(self, at: int, shown: str, *, math: bool) -> tuple[str, int]:
        if self.text.startswith("{}", at):
            return shown, at + 2
        if math and shown[-1].isalpha() and not shown.isascii() and self.text[at : at + 1] == " ":
            return shown, at + 1  # "\alpha x" is αx, but "\log n" and "a \times b" keep their spaces
        return shown, at

    def arguments(self, at: int) -> tuple[list[str], int]:
        """The ``{…}`` groups that follow directly (``[…]`` options are skipped), and where they end."""
        text = self.text
        arguments: list[str] = []
        if text[at : at + 1] == "[":
            option_end = text.find("]{", at, at + 80)
            at = option_end + 1 if option_end != -1 else at
        while len(arguments) < 3 and text[at : at + 1] == "{":
            end = self.closing_brace(at)
            if end == -1:
                break
            arguments.append(text[at + 1 : end])
            at = end + 1
        return arguments, at

    def shown(self, content: str, *, math: bool = False) -> str:
        """An argument's own text."""
        if self.depth >= _DEEPEST_GROUP:
            return content
        return _formula(content, self.depth + 1) if math else _Reader(content, self.depth + 1).read()

    def braced_command(self, start: int) -> tuple[str, int]:
        r"""``{\AA}``, ``{\"u}``, ``{\bf x}``: a group that serves one command."""
        end = self.closing_brace(start)
        if end == -1:
            return "{", start + 1
        content = self.text[start + 1 : end]
        accent = _ONE_ACCENT.fullmatch(content)
        if accent is not None:
            return accented(accent[1], accent[2]) or content, end + 1
        return self.shown(content), end + 1

    def accent(self, start: int, sign: str) -> tuple[str, int] | None:
        text = self.text
        braced = _BRACED_LETTER.match(text, start + 2)
        if braced is not None:
            composed = accented(sign, braced[1])
            return (composed, braced.end()) if composed else None
        letter = text[start + 2 : start + 3]
        if letter and letter in _BARE_ACCENTS.get(sign, "") and start > 0 and text[start - 1].isalpha():
            composed = accented(sign, letter)
            return (composed, start + 3) if composed else None
        return None

    def quotation(self, start: int) -> tuple[str, int]:
        """A quotation in TeX's marks, or Markdown's code in double backticks; without an end, the marks as they are."""
        begin = start + 2
        end = _QUOTE_END.search(self.text, begin, begin + _LONGEST_SPAN)
        if end is None:
            return "``", begin
        content = self.text[begin : end.start()]
        if end[0] == "``":
            return (content, end.end()) if content and " " not in content else ("``", begin)
        return f"“{self.shown(content)}”", end.end()


def _is_formula(content: str, after: str) -> bool:
    """Whether what stands between two dollar signs is a formula and not the text between two prices."""
    if not content or content.isspace() or "\n\n" in content:
        return False
    if content[0].isspace() != content[-1].isspace():
        return False  # "$5 and $7"
    if "\\" in content or "^" in content:
        return True
    if content[0].isspace():
        return False
    if after.isdigit():
        return "_" in content  # "$5-$7"
    return " " not in content or (_MATH_SIGN.search(content) is not None and not _has_words(content))


def _formula(content: str, depth: int) -> str:
    """The inside of a formula: symbols, scripts and groups in Unicode, everything else as it is."""
    reader = _Reader(content, depth)
    out: list[str] = []
    at = 0
    while at < len(content):
        sign = content[at]
        if sign == "\\":
            piece, at = _math_backslash(reader, at)
            out.append(piece)
        elif sign in "^_":
            script, at = _script(reader, at + 1)
            out.append(raised(script) if sign == "^" else lowered(script))
        elif sign == "{":
            group, at = _group(reader, at)
            out.append(group)
        elif sign in "}$":
            at += 1
        else:
            out.append(" " if sign in "~&" else sign)
            at += 1
    return " ".join("".join(out).split())


def _math_backslash(reader: _Reader, at: int) -> tuple[str, int]:
    match = _COMMAND.match(reader.text, at)
    if match is not None:
        shown, end = reader.command(match, math=True)
        return shown or "", end
    sign = reader.text[at + 1 : at + 2]
    return (" " if sign in "\\,;: " else "" if sign == "!" else sign), at + 2


def _group(reader: _Reader, at: int) -> tuple[str, int]:
    end = reader.closing_brace(at)
    if end == -1 or reader.depth >= _DEEPEST_GROUP:
        return "", at + 1
    return _formula(reader.text[at + 1 : end], reader.depth + 1), end + 1


def _script(reader: _Reader, at: int) -> tuple[str, int]:
    """What a ``^`` or ``_`` applies to, and where it ends."""
    sign = reader.text[at : at + 1]
    if sign == "{":
        return _group(reader, at)
    if sign == "\\":
        return _math_backslash(reader, at)
    return sign, at + 1

"""The text of a PDF file, read from standard input and written to standard output: a program of its own.

PDF files of strangers are read here and not in the bot, so that one that crashes the reader, fills the memory or never
ends harms nothing else. It is run as a file (see `store.pdf`) and takes nothing of this package; its exit status says
what is wrong.
"""

from __future__ import annotations

import ctypes
import itertools
import re
import resource
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

DAMAGED, ENCRYPTED, TOO_LONG, TOO_MUCH = 10, 11, 12, 13

_LINE_END = 0x0A
_HYPHEN = 0x02  # what PDFium makes of a hyphen that ends a line, and of the line's end with it
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
# A gap so many times as high as the page's usual one lies between two paragraphs.
_PARAGRAPH = 1.35


def limit_resources(seconds: int, megabytes: int) -> None:
    """Give this process no more than so much processor time and memory, and no files to write."""
    for kind, limit in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, megabytes * 1_000_000),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (allowed, allowed))


def write_text(data: bytes, longest: int) -> int:
    """Write the text of the PDF page by page, a blank line between two; the exit status.

    ``longest`` is how many bytes of text there may be.
    """
    # Only here, when the limits are set, and so that nobody who knows this module has the library in memory.
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        password = error.err_code in (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY)
        return ENCRYPTED if password else DAMAGED
    length = 0
    for number in range(len(document)):
        try:
            page = document[number]
            text = "\n".join(_lines(page.get_textpage())).strip("\n")
        except pypdfium2.PdfiumError:
            continue  # a damaged page does not take the others with it
        page.close()
        if not text.strip():
            continue
        written = (text + "\n\n").encode("utf-8")
        length += len(written)
        if length > longest:
            return TOO_LONG
        sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()
    return 0


def _lines(page: PdfTextPage) -> Iterator[str]:
    """The lines of a page, with an empty one where a gap parts paragraphs."""
    from pypdfium2 import raw

    lines: list[tuple[str, float]] = []
    signs: list[int] = []
    begin = 0
    for at in range(page.count_chars()):
        sign = raw.FPDFText_GetUnicode(page, at)
        if sign in (_LINE_END, _HYPHEN):
            lines.append((_text(signs) + "-" * (sign == _HYPHEN), _baseline(page, begin)))
            signs, begin = [], at + 1
        else:
            signs.append(sign)
    lines.append((_text(signs), _baseline(page, begin)))
    gaps = [above - below for (_, above), (_, below) in itertools.pairwise(lines)]
    downwards = sorted(gap for gap in gaps if gap > 0)
    usual = downwards[len(downwards) // 4] if downwards else 0.0
    for (text, _), gap in zip(lines, [0.0, *gaps], strict=True):
        if gap > usual * _PARAGRAPH:
            yield ""
        yield text


def _text(signs: list[int]) -> str:
    """The characters; halves of one are put together, and those without a half go."""
    whole = b"".join(chr(sign).encode("utf-16-le", "surrogatepass") for sign in signs if sign <= sys.maxunicode)
    return _UNSHOWN.sub("", whole.decode("utf-16-le", "ignore")).rstrip()


def _baseline(page: PdfTextPage, at: int) -> float:
    """How high above the foot of the page a character stands."""
    from pypdfium2 import raw

    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(page, at, ctypes.byref(x), ctypes.byref(y))
    return y.value


def main(seconds: str, megabytes: str, longest: str) -> int:
    """Read a PDF within these limits."""
    limit_resources(int(seconds), int(megabytes))
    try:
        return write_text(sys.stdin.buffer.read(), int(longest))
    except MemoryError:
        return TOO_MUCH


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

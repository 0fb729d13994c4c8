"""PDF files for tests."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib import pdfencrypt
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

# One of the fonts that every PDF reader knows, with Chinese and Latin characters.
_FONT = "STSong-Light"
_LINE = 14  # points


def make_pdf(*pages: Sequence[str], password: str | None = None) -> bytes:
    """A PDF file with these lines on its pages; an empty line is a gap."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    file = io.BytesIO()
    encryption = pdfencrypt.StandardEncryption(password) if password else None
    canvas = Canvas(file, encrypt=encryption)
    for lines in pages:
        canvas.setFont(_FONT, 10)
        for number, line in enumerate(lines):
            if line:
                canvas.drawString(40, 800 - number * _LINE, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()

"""PDF files to text, in a process of its own that may neither run long nor take much memory."""

from __future__ import annotations

import math
import signal
import subprocess
import sys
from pathlib import Path

from store import pdf_reader
from store.layouts import UnreadableDigest
from store.layouts.decoding import MAX_DIGEST_BYTES

MAX_SECONDS = 30.0
MAX_MEGABYTES = 600  # of address space; the interpreter and PDFium take about 60

_KINDS = {
    pdf_reader.DAMAGED: "pdf_damaged",
    pdf_reader.ENCRYPTED: "pdf_encrypted",
    pdf_reader.TOO_MUCH: "pdf_too_much",
}


def pdf_text(data: bytes, seconds: float = MAX_SECONDS, megabytes: int = MAX_MEGABYTES) -> bytes:
    """The text of a PDF file, in UTF-8, pages parted by a blank line.

    Raises:
        UnreadableDigest: it is damaged, has a password, holds no text or more than 20 MB of it, or cannot be read
            within so many seconds and megabytes of memory.
    """
    limits = [str(math.ceil(seconds)), str(megabytes), str(MAX_DIGEST_BYTES)]
    try:
        # Nothing of our environment goes along (a token is in it), nor of the folder that we happen to be in.
        done = subprocess.run(
            [sys.executable, "-I", str(Path(pdf_reader.__file__).resolve()), *limits],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_slow(seconds) from None
    except OSError as error:
        raise UnreadableDigest("cannot_be_opened", error=str(error.strerror)) from error
    if done.returncode == pdf_reader.TOO_LONG:
        raise UnreadableDigest("pdf_too_long", limit=MAX_DIGEST_BYTES // 1_000_000)
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):  # the limit of processor time
        raise _too_slow(seconds)
    if done.returncode:
        # Where PDFium gets no more memory, it ends the process.
        raise UnreadableDigest(_KINDS.get(done.returncode, "pdf_too_much"))
    if not done.stdout.strip():
        raise UnreadableDigest("pdf_without_text")
    return done.stdout


def _too_slow(seconds: float) -> UnreadableDigest:
    return UnreadableDigest("pdf_too_slow", seconds=math.ceil(seconds))

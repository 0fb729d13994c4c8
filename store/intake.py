"""Files that somebody sent, made into digest files: text as it is, PDF as its text, a zip file unpacked.

Nothing in a file is believed: names are made safe, and sizes are counted while reading, whatever a header says.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from store.filenames import DIGEST_SUFFIXES, numbered, safe_name, with_suffix
from store.layouts import UnreadableDigest, check_size
from store.pdf import MAX_SECONDS, pdf_text
from store.problems import Problem, ProblemError
from store.unpacking import MAX_UNPACKED, Member, unpack

# Where a zip file holds many PDF files, so much time is given to all of them together.
_MAX_SECONDS_IN_ALL = 2 * MAX_SECONDS
_PDF, _ZIP = ".pdf", ".zip"

ReadPdf = Callable[[bytes, float], bytes]


@dataclass(frozen=True)
class IncomingFile:
    """A digest file as it would be kept, under a safe name that ends in .txt or .md. That it can be read as a digest is
    not known yet."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Refusal:
    """A file that is not taken in. Its name is safe to show, and may be the name of a part of what was sent."""

    name: str
    problem: Problem


@dataclass(frozen=True)
class Intake:
    """What became of a file that was sent: each part of it is either in ``files`` or in ``refused``."""

    files: tuple[IncomingFile, ...] = ()
    refused: tuple[Refusal, ...] = ()


def take_in(
    name: str, data: bytes, *, read_pdf: ReadPdf = pdf_text, clock: Callable[[], float] = time.monotonic
) -> Intake:
    """The digest files in a file called ``name``: a .txt or .md file itself, the text of a .pdf, and all of these in a
    .zip. Whatever the file is, this never raises: what cannot be taken in is refused with its problem.

    The names of the files are different ones, case aside. A file has at most 20 MB, all together at most 60 MB.

    Args:
        read_pdf: gives the text of a PDF file within so many seconds, or raises UnreadableDigest.
        clock: seconds since some moment.
    """
    desk = _Desk(read_pdf, clock)
    name = safe_name(name)
    try:
        check_size(len(data))
        members = unpack(data) if name.endswith(_ZIP) else [Member(name, data)]
    except ProblemError as error:
        return Intake(refused=(Refusal(name, error.problem),))
    desk.take(members)
    if name.endswith(_ZIP) and not (desk.files or desk.refused):
        desk.refuse(name, Problem.of("zip_empty"))
    return Intake(tuple(desk.files), tuple(desk.refused))


class _Desk:
    """Where the parts of what was sent are sorted."""

    def __init__(self, read_pdf: ReadPdf, clock: Callable[[], float]) -> None:
        self.files: list[IncomingFile] = []
        self.refused: list[Refusal] = []
        self._read_pdf = read_pdf
        self._names: set[str] = set()
        self._room = MAX_UNPACKED
        self._clock = clock
        self._ends = clock() + _MAX_SECONDS_IN_ALL

    def take(self, members: Iterable[Member]) -> None:
        for member in members:
            name = safe_name(member.name)
            if member.problem is not None:
                self.refuse(name, member.problem)
                continue
            try:
                self._keep(*self._read(name, member.data))
            except ProblemError as error:
                self.refuse(name, error.problem)

    def refuse(self, name: str, problem: Problem) -> None:
        self.refused.append(Refusal(name, problem))

    def _read(self, name: str, data: bytes) -> tuple[str, bytes]:
        """The name and content of a file as they are kept."""
        if name.endswith(_PDF):
            seconds = min(MAX_SECONDS, self._ends - self._clock())
            if seconds <= 0:
                raise UnreadableDigest("pdf_too_slow", seconds=round(_MAX_SECONDS_IN_ALL))
            return with_suffix(name, DIGEST_SUFFIXES[0]), self._read_pdf(data, seconds)
        if not name.endswith(DIGEST_SUFFIXES):
            raise UnreadableDigest("wrong_kind")
        return name, data

    def _keep(self, name: str, data: bytes) -> None:
        if len(data) > self._room:
            raise UnreadableDigest("zip_too_large", limit=MAX_UNPACKED // 1_000_000)
        self._room -= len(data)
        name = numbered(name, self._names)
        self._names.add(name)
        self.files.append(IncomingFile(name, data))

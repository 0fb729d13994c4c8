"""What can be wrong with a digest file or a load: the one table of kinds, each with its English sentence.

A problem is a kind and named values, not a text, so that whoever tells of it can say it in another language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict

_SAVE_AS = "Save it as UTF-8 and load again."
_LEFT_OUT = "This entry has no title, so it is left out; write one"
_LOOKS_LIKE = "The file looks like the layout '{layout}', but no entry of it could be read"

# Placeholders are the values of a problem of that kind. A value may be a problem itself, or several of them.
SENTENCES: Mapping[str, str] = {
    # A file that is not used.
    "too_large": "The file has {size} MB, and at most {limit} MB are read; split it into several files.",
    "empty": "The file is empty; put a digest into it or remove it.",
    "utf16": f"The file is in UTF-16 or UTF-32, not in UTF-8 or GB18030. {_SAVE_AS}",
    "zero_bytes": f"The file holds zero bytes, so it is UTF-16 or no text at all, not UTF-8 or GB18030. {_SAVE_AS}",
    "control_characters": "The file is full of control characters, so it is not a text file; digests are text.",
    "encoding": f"The file is neither UTF-8 (a wrong byte stands on line {{line}}) nor GB18030. {_SAVE_AS}",
    "name_taken": "The folder {folder} has a digest file of this name as well, so this one is not used; rename it.",
    "cannot_be_opened": "It cannot be opened ({error}): check that the bot may read it.",
    "unknown_layout": "The file is in no layout that is known: {layouts}.",
    "layout": "'{layout}' needs {needs}",
    "no_entries": f"{_LOOKS_LIKE}; it needs {{needs}}.",
    "no_usable_entries": f"{_LOOKS_LIKE}; the first trouble is on line {{line}}: {{trouble}}",
    # A line of a file to look at.
    "too_many_lines": "Only the first {limit} lines of a file are read; split the file to have the rest.",
    "line_too_long": "Only the first {limit} characters of this line are read; break it into several lines.",
    "too_many_characters": "Only the first {limit} characters of a file are read; split the file to have the rest.",
    "no_title_after_number": f"{_LEFT_OUT} after its number.",
    "no_title_in_heading": f"{_LEFT_OUT} after '##'.",
    "no_heading": f"{_LEFT_OUT} on a line '## title' above this one.",
    "no_title_before_authors": f"{_LEFT_OUT} on the line before 'Authors:'.",
    "no_title_in_list": "This list entry has no title, so it is left out; write one between '**' and '**'.",
    "not_in_list": "No list entry belongs to '{slug}', so it has no title and is left out.",
    # A file that was sent and cannot be taken in.
    "wrong_kind": "Digests are .txt, .md or .pdf files, or a .zip of these; this file is none.",
    "over_limit": "The file has more than {limit} MB; split it into several files.",
    "pdf_damaged": "The file is damaged or no PDF, so nothing can be read from it; make the PDF anew.",
    "pdf_encrypted": "The PDF is protected with a password; save it without one.",
    "pdf_without_text": "The PDF holds no text: its pages may be pictures. Send the text as a .txt or .md file.",
    "pdf_too_long": "The PDF holds more than {limit} MB of text; split it into several files.",
    "pdf_too_slow": "The PDF could not be read within {seconds} seconds. Send the text as a .txt or .md file.",
    "pdf_too_much": "The PDF takes more memory than is given to it. Send the text as a .txt or .md file.",
    "zip_damaged": "The file is damaged or no zip file, so it cannot be unpacked; make the zip anew.",
    "zip_empty": "The zip file holds no digest files (.txt, .md or .pdf).",
    "zip_too_many": "The zip file holds more than {limit} files; split it into several.",
    "zip_too_large": "Unpacked, the zip file has more than {limit} MB; split it into several.",
    "zip_bomb": "The zip file unpacks to over {limit} times its size, as no text does, so it is not unpacked.",
    "member_damaged": "This part of the zip file is damaged and cannot be unpacked; make the zip anew.",
    "member_encrypted": "This part of the zip file is protected with a password; make the zip without one.",
    "member_method": "This part of the zip file is packed in a way that is not read; make the zip with Deflate.",
    "member_nested": "A zip file within a zip file is not unpacked; send it by itself.",
    # A load that came to nothing.
    "no_folder": "There is no folder {folder}: make it and put digest files (.txt or .md) into it.",
    "no_files": "The folder {folder} holds no digest files (.txt or .md), so nothing was changed.",
    "folder_not_readable": "The folder {folder} cannot be read ({error}): check that the bot may read it.",
    "another_load": "Another load is under way; try again when it is done.",
    "archive_damaged": "The archive in {folder} is damaged ({error}): delete archive.db there and load again.",
    "archive_not_writable": (
        "The archive in {folder} cannot be written ({error}): check the folder's rights and free space."
    ),
}


class Problem(BaseModel):
    """Something that is wrong: its ``kind`` is a key of ``SENTENCES``, its ``values`` are (name, value) pairs.

    ``layout`` and ``needs`` are always a layout's name and, in English, what it needs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    values: tuple[tuple[str, str | int | Problem | tuple[Problem, ...]], ...] = ()

    @classmethod
    def of(cls, kind: str, /, **values: ProblemValue) -> Problem:
        return cls(kind=kind, values=tuple(values.items()))

    @property
    def text(self) -> str:
        """The problem in English. Raises KeyError for an unknown kind or a missing value: a mistake of ours."""
        return SENTENCES[self.kind].format_map({name: _text(value) for name, value in self.values})


ProblemValue: TypeAlias = str | int | Problem | tuple[Problem, ...]


def _text(value: ProblemValue) -> str:
    if isinstance(value, tuple):
        return "; ".join(problem.text for problem in value)
    return value.text if isinstance(value, Problem) else str(value)


class ProblemError(Exception):
    """A problem that ends what was begun. Its text is the problem in English."""

    def __init__(self, kind: str, /, **values: ProblemValue) -> None:
        self.problem = Problem.of(kind, **values)
        super().__init__(self.problem.text)

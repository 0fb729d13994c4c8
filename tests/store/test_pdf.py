"""The text of PDF files, and of those that nothing can be read from, the reason."""

from __future__ import annotations

import subprocess
import sys
import zlib

import pytest

from store import pdf_reader
from store.layouts import UnreadableDigest, read_digest
from store.pdf import pdf_text
from tests.pdfs import make_pdf


def problem_of(data: bytes, seconds: float = 20, megabytes: int = 1000) -> str:
    with pytest.raises(UnreadableDigest) as refusal:
        pdf_text(data, seconds, megabytes)
    return refusal.value.problem.kind


def test_the_text_keeps_its_lines_paragraphs_and_pages() -> None:
    first = ["1. 数羊", "", "我们让模型数羊，", "准确率达到90.5%。"]
    assert pdf_text(make_pdf(first, ["Another page."])).decode() == (
        "1. 数羊\n\n我们让模型数羊，\n准确率达到90.5%。\n\nAnother page.\n\n"
    )


def test_a_word_parted_at_its_hyphen_stays_on_two_lines() -> None:
    assert pdf_text(make_pdf(["They trust self-", "consistency."])) == b"They trust self-\nconsistency.\n\n"


def test_a_digest_in_a_pdf_is_read_as_one() -> None:
    lines = [
        "1. 用语言模型数羊",
        "",
        "我们让模型在夜里数羊，一共数了三千只，没有一只重复，也没有一只漏掉，准确率达到了百分之九十，",
        "比人数得快。",
        "",
        "论文链接：https://arxiv.org/abs/2505.00001",
    ]
    digest = read_digest("a.txt", pdf_text(make_pdf(lines)))
    assert digest.layout == "numbered"
    assert [(entry.title_zh, entry.arxiv_id) for entry in digest.entries] == [("用语言模型数羊", "2505.00001")]
    assert digest.entries[0].summary_zh == "".join(lines[2:4])


def test_a_pdf_of_pictures_has_no_text() -> None:
    assert problem_of(make_pdf([])) == "pdf_without_text"


def test_a_pdf_with_a_password_is_refused() -> None:
    assert problem_of(make_pdf(["secret sheep"], password="baa")) == "pdf_encrypted"


@pytest.mark.parametrize("data", [b"", b"no PDF", make_pdf(["sheep"])[:300]], ids=["empty", "text", "cut short"])
def test_a_damaged_pdf_is_refused(data: bytes) -> None:
    assert problem_of(data) == "pdf_damaged"


def test_a_pdf_that_takes_too_long_is_given_up() -> None:
    assert problem_of(make_pdf(["sheep"]), seconds=0.001) == "pdf_too_slow"


def test_a_pdf_that_takes_too_much_memory_is_given_up() -> None:
    zeros = zlib.compress(bytes(200_000_000), 1)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n" % len(zeros) + zeros + b"\nendstream",
    ]
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, each) for number, each in enumerate(objects, start=1))
    bomb = b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF"
    assert problem_of(bomb, megabytes=150) == "pdf_too_much"


def test_too_much_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.pdf.MAX_DIGEST_BYTES", 10)
    assert problem_of(make_pdf(["a sheep and another sheep"])) == "pdf_too_long"


def test_the_reader_is_told_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        given.update(options)
        return subprocess.CompletedProcess(command, 0, b"text")

    monkeypatch.setattr("store.pdf.subprocess.run", run)
    pdf_text(b"")
    assert given["env"] == {}


def test_the_reader_limits_itself() -> None:
    code = f"""
import resource, runpy
reader = runpy.run_path({pdf_reader.__file__!r})
reader["limit_resources"](7, 900)
for kind in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
    print(*resource.getrlimit(kind))
"""
    done = subprocess.run([sys.executable, "-I", "-c", code], stdout=subprocess.PIPE, check=True)
    assert done.stdout.decode().splitlines() == ["7 7", "900000000 900000000", "0 0", "0 0"]

"""What is sent to the bot becomes digest files under safe names, and nothing in it is believed."""

from __future__ import annotations

import io
import random
import stat
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import IncomingFile, Intake, Problem, Refusal, safe_name, take_in
from store.layouts import UnreadableDigest
from store.layouts.decoding import MAX_DIGEST_BYTES
from store.unpacking import MAX_UNPACKED
from tests.pdfs import make_pdf

Members = dict[str | zipfile.ZipInfo, bytes]


def make_zip(members: Members, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data, method)
    return file.getvalue()


def kept(intake: Intake) -> dict[str, bytes]:
    return {file.name: file.data for file in intake.files}


def kinds(intake: Intake) -> dict[str, str]:
    return {refusal.name: refusal.problem.kind for refusal in intake.refused}


def no_pdf(data: bytes, seconds: float) -> bytes:
    raise UnreadableDigest("pdf_damaged")


@pytest.mark.parametrize("name", ["sheep.txt", "sheep.md"])
def test_a_text_file_is_taken_as_it_is(name: str) -> None:
    assert take_in(name, b"\xff sheep") == Intake((IncomingFile(name, b"\xff sheep"),))


def test_a_text_file_gets_a_safe_name() -> None:
    assert kept(take_in("../..\\.Sheep\u202e.TXT", b"sheep")) == {"Sheep.txt": b"sheep"}


def test_a_pdf_becomes_its_text() -> None:
    assert kept(take_in("数羊.PDF", make_pdf(["数羊"]))) == {"数羊.txt": "数羊\n\n".encode()}


def test_a_pdf_that_cannot_be_read_is_refused() -> None:
    assert take_in("sheep.pdf", b"no PDF") == Intake(refused=(Refusal("sheep.pdf", Problem.of("pdf_damaged")),))


@pytest.mark.parametrize("name", ["sheep.exe", "sheep", "sheep.docx", "sheep.txt.gz", "sheep.html"])
def test_any_other_file_is_refused(name: str) -> None:
    assert take_in(name, b"sheep") == Intake(refused=(Refusal(name, Problem.of("wrong_kind")),))


def test_a_file_over_20_mb_is_refused() -> None:
    assert kinds(take_in("sheep.txt", bytes(MAX_DIGEST_BYTES + 1))) == {"sheep.txt": "too_large"}


def test_a_zip_gives_each_of_its_files() -> None:
    members: Members = {"a.txt": b"sheep", "folder/b.md": b"goats", "c.pdf": make_pdf(["clover"]), "d.exe": b"wolf"}
    intake = take_in("herd.zip", make_zip(members))
    assert kept(intake) == {"a.txt": b"sheep", "b.md": b"goats", "c.txt": b"clover\n\n"}
    assert kinds(intake) == {"d.exe": "wrong_kind"}


def test_paths_in_a_zip_lead_nowhere() -> None:
    members: Members = {"../../x.txt": b"1", "/etc/y.txt": b"2", "C:\\z.txt": b"3", "a/../b/./w.md": b"4"}
    assert set(kept(take_in("herd.zip", make_zip(members)))) == {"x.txt", "y.txt", "z.txt", "w.md"}


def test_files_of_one_name_are_counted() -> None:
    members: Members = {"one/a.txt": b"1", "two/a.txt": b"2", "three/A.TXT": b"3", "a.pdf": make_pdf(["4"])}
    assert kept(take_in("herd.zip", make_zip(members))) == {
        "a.txt": b"1",
        "a-2.txt": b"2",
        "A-3.txt": b"3",
        "a-4.txt": b"4\n\n",
    }


def test_folders_links_and_hidden_files_are_left_out() -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    pipe = zipfile.ZipInfo("pipe.txt")
    pipe.external_attr = (stat.S_IFIFO | 0o644) << 16
    plain = zipfile.ZipInfo("a.txt")
    plain.external_attr = (stat.S_IFREG | 0o644) << 16
    hidden: Members = {"__MACOSX/._a.txt": b"", ".b.txt": b"", ".git/c.md": b"", "folder/": b"", "folder.md/": b""}
    members: Members = {link: b"/etc/passwd", pipe: b"", plain: b"sheep", **hidden}
    assert take_in("herd.zip", make_zip(members)) == Intake((IncomingFile("a.txt", b"sheep"),))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_the_sign_of_utf_8_are_read_as_they_were_meant(encoding: str) -> None:
    # An ASCII name of as many bytes is written, which sets no flag, and then replaced.
    raw = "每日速递/五月.txt".encode(encoding)
    packed = make_zip({"x" * len(raw): b"sheep"}).replace(b"x" * len(raw), raw)
    assert kept(take_in("herd.zip", packed)) == {"五月.txt": b"sheep"}


def test_names_with_the_sign_of_utf_8_are_read() -> None:
    assert kept(take_in("herd.zip", make_zip({"五月.txt": b"sheep"}))) == {"五月.txt": b"sheep"}


def test_a_name_in_no_encoding_is_made_safe_all_the_same() -> None:
    packed = make_zip({"xxx.txt": b"sheep"}).replace(b"xxx.txt", b"\xff\xfe\xff.txt")
    ((name, data),) = kept(take_in("herd.zip", packed)).items()
    assert (safe_name(name), data) == (name, b"sheep")


def test_a_zip_in_a_zip_is_refused() -> None:
    inner = make_zip({"a.txt": b"sheep"})
    intake = take_in("herd.zip", make_zip({"b.txt": b"goats", "inner.ZIP": inner}))
    assert (kept(intake), kinds(intake)) == ({"b.txt": b"goats"}, {"inner.zip": "member_nested"})


def test_a_zip_without_digests_is_refused() -> None:
    assert take_in("herd.zip", make_zip({})) == Intake(refused=(Refusal("herd.zip", Problem.of("zip_empty")),))
    assert kinds(take_in("herd.zip", make_zip({"folder/": b"", ".hidden.txt": b""}))) == {"herd.zip": "zip_empty"}


def test_a_high_ratio_is_a_bomb() -> None:
    intake = take_in("herd.zip", make_zip({"a.txt": b"sheep", "b.txt": bytes(2_000_000)}))
    assert intake == Intake(refused=(Refusal("herd.zip", Problem.of("zip_bomb", limit=100)),))


def test_a_small_file_of_one_repeated_line_is_no_bomb() -> None:
    lines = b"sheep, sheep, sheep\n" * 50_000
    assert kept(take_in("herd.zip", make_zip({"a.txt": lines}))) == {"a.txt": lines}


def test_too_many_bytes_in_all_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.unpacking.MAX_UNPACKED", 1_000_000)
    members: Members = {f"{number}.txt": bytes(400_000) for number in range(3)}
    assert kinds(take_in("herd.zip", make_zip(members))) == {"herd.zip": "zip_too_large"}


def test_a_member_over_the_limit_does_not_take_the_others_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.unpacking.MAX_DIGEST_BYTES", 1000)
    intake = take_in("herd.zip", make_zip({"a.txt": bytes(1001), "b.txt": bytes(1000)}))
    assert (kept(intake), kinds(intake)) == ({"b.txt": bytes(1000)}, {"a.txt": "over_limit"})


def test_too_many_members_are_refused() -> None:
    many: Members = {f"{number}.txt": b"" for number in range(501)}
    assert kinds(take_in("herd.zip", make_zip(many, zipfile.ZIP_STORED))) == {"herd.zip": "zip_too_many"}


def test_a_directory_of_endless_entries_is_not_even_opened() -> None:
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", *[0] * 4, *[0] * 4, 0, *[0] * 2, 1, *[0] * 4, 0, 0) + b"a"
    entries = entry * 400_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(entries), 0, 0)
    assert kinds(take_in("herd.zip", entries + end)) == {"herd.zip": "zip_too_many"}


@pytest.mark.parametrize("claimed", [10, 3_000_000, 0xFFFFFFFE])
def test_a_header_that_lies_about_sizes_gains_nothing(claimed: int) -> None:
    data = bytes(2_000_000)
    packed = bytearray(make_zip({"a.txt": data}))
    directory = packed.index(b"PK\x01\x02")
    for at in (directory + 24, packed.index(b"PK\x03\x04") + 22):
        struct.pack_into("<L", packed, at, claimed)
    intake = take_in("herd.zip", bytes(packed))
    assert sum(map(len, kept(intake).values())) == 0
    assert set(kinds(intake).values()) <= {"zip_bomb", "member_damaged"}


def test_a_ratio_is_not_hidden_by_a_lie_about_the_packed_size() -> None:
    packed = bytearray(make_zip({"a.txt": bytes(19_000_000)}))
    for claimed in (len(packed), 10_000_000, 0xFFFFFFFE):
        struct.pack_into("<L", packed, packed.index(b"PK\x01\x02") + 20, claimed)
        assert take_in("herd.zip", bytes(packed)).files == ()


def test_a_member_without_a_name_is_refused() -> None:
    packed = bytearray(make_zip({"x": b"sheep"}))
    for at in (packed.index(b"PK\x01\x02") + 28, packed.index(b"PK\x03\x04") + 26):
        struct.pack_into("<2H", packed, at, 0, 1)  # the name's only letter counts as an extra field
    assert kinds(take_in("herd.zip", bytes(packed))) == {"digest.txt": "wrong_kind"}


def test_members_that_lie_over_each_other_are_read_within_the_limits() -> None:
    """Many entries of the directory share one block of packed data."""
    one = make_zip({"a.txt": b"sheep " * 200_000})
    directory, end = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    entries = one[directory:end] * 400
    closing = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 400, 400, len(entries), directory, 0)
    intake = take_in("herd.zip", one[:directory] + entries + closing)
    assert sum(map(len, kept(intake).values())) <= MAX_UNPACKED
    assert intake.refused


def test_what_is_read_in_vain_counts_as_well() -> None:
    """A file that names the same broken 2 MB forty times would else be unpacked forty times."""
    data = make_zip({"sheep.txt": random.Random(1).randbytes(2_000_000)})
    entry = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    broken = bytearray(data[entry:end])
    broken[16:20] = b"\x00\x00\x00\x00"  # the checksum
    size, tail = len(broken) * 40, data[end:]
    forged = data[:entry] + broken * 40 + tail[:8] + struct.pack("<2HL", 40, 40, size) + tail[16:]
    assert kinds(take_in("sheep.zip", forged)) == {"sheep.zip": "zip_too_large"}


def test_a_member_with_a_password_is_refused() -> None:
    packed = bytearray(make_zip({"a.txt": b"sheep", "b.txt": b"goats"}))
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    intake = take_in("herd.zip", bytes(packed))
    assert (kept(intake), kinds(intake)) == ({"b.txt": b"goats"}, {"a.txt": "member_encrypted"})


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_may_want_much_memory_is_refused(method: int) -> None:
    assert kinds(take_in("herd.zip", make_zip({"a.txt": b"sheep"}, method))) == {"a.txt": "member_method"}


def test_a_damaged_member_does_not_take_the_others_with_it() -> None:
    packed = make_zip({"a.txt": b"sheep", "b.txt": b"goats"}, zipfile.ZIP_STORED).replace(b"sheep", b"shoop")
    intake = take_in("herd.zip", packed)
    assert (kept(intake), kinds(intake)) == ({"b.txt": b"goats"}, {"a.txt": "member_damaged"})


@pytest.mark.parametrize("data", [b"", b"no zip", make_zip({"a.txt": b"sheep"})[:-4]], ids=["empty", "text", "cut"])
def test_a_damaged_zip_is_refused(data: bytes) -> None:
    assert kinds(take_in("herd.zip", data)) == {"herd.zip": "zip_damaged"}


def test_all_pdf_files_of_a_zip_share_one_time() -> None:
    clock = [0.0]
    given: list[float] = []

    def slow(data: bytes, seconds: float) -> bytes:
        given.append(seconds)
        clock[0] += seconds
        return b"text"

    members: Members = {f"{number}.pdf": b"" for number in range(3)}
    intake = take_in("herd.zip", make_zip(members), read_pdf=slow, clock=lambda: clock[0])
    assert given == [30.0, 30.0]
    assert kinds(intake) == {"2.pdf": "pdf_too_slow"}


def test_text_out_of_pdf_files_counts_as_well() -> None:
    members: Members = {f"{number}.pdf": b"" for number in range(5)}
    intake = take_in("herd.zip", make_zip(members), read_pdf=lambda data, seconds: bytes(MAX_DIGEST_BYTES))
    assert len(intake.files) == 3
    assert set(kinds(intake).values()) == {"zip_too_large"}


names = st.text(max_size=40) | st.sampled_from(["a.txt", "../a.MD", "b/.c.txt", "x.zip", "y.pdf", "CON.txt", "d/"])
zips = st.dictionaries(names.filter(lambda name: name and "\0" not in name), st.binary(max_size=60), max_size=5).map(
    lambda members: make_zip({**members})
)


@st.composite
def damaged_zips(draw: st.DrawFn) -> bytes:
    packed = bytearray(draw(zips))
    for _ in range(draw(st.integers(1, 6))):
        packed[draw(st.integers(0, len(packed) - 1))] = draw(st.integers(0, 255))
    return bytes(packed)


def check(name: str, data: bytes) -> None:
    intake = take_in(name, data, read_pdf=no_pdf)
    taken = [file.name for file in intake.files]
    shown = [*taken, *(refusal.name for refusal in intake.refused)]
    assert all(safe_name(each) == each for each in shown)
    assert all(each.endswith((".txt", ".md")) for each in taken)
    assert len({each.casefold() for each in taken}) == len(taken)
    assert all(len(file.data) <= MAX_DIGEST_BYTES for file in intake.files)
    assert sum(len(file.data) for file in intake.files) <= MAX_UNPACKED
    assert all(refusal.problem.text for refusal in intake.refused)
    assert shown


@settings(max_examples=60, deadline=None)
@given(names, st.binary(max_size=200))
def test_whatever_is_sent_is_taken_in_or_refused(name: str, data: bytes) -> None:
    check(name, data)


@settings(max_examples=100, deadline=None)
@given(zips | damaged_zips())
def test_whatever_a_zip_holds_it_is_taken_in_or_refused(data: bytes) -> None:
    check("herd.zip", data)


def test_a_zip_whose_directory_is_cut_anywhere_is_taken_in_or_refused() -> None:
    packed = make_zip({"a.txt": b"sheep", "b.txt": zlib.compress(b"goats")})
    for end in range(len(packed)):
        check("herd.zip", packed[:end])

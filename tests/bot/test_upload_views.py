"""Views of uploads and of the files: what they say, and that they can be sent whatever files are called and hold."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.uploads import Plan
from bot.views import files as file_views
from bot.views import reports
from bot.views import uploads as views
from bot.views.base import Voice
from bot.views.files import File
from bot.views.uploads import Outlook
from store import Change, DigestInfo, FileReport, LoadReport, LoadWarning, Problem
from tests.bot.delivered import deliver
from tests.bot.test_views_properties import (
    LARGE,
    changes,
    file_problems,
    load_reports,
    optional_texts,
    texts,
    tuples,
    voices,
)

EN, ZH = Voice("en", "both"), Voice("zh", "both")


def make_outlook(*, refused: tuple[FileReport, ...] = (), plan: Plan | None = None, **report: object) -> Outlook:
    return Outlook(3, plan or Plan(files={"a.md": b"a"}), refused, LoadReport.model_validate(report))


def test_the_buttons_say_which_upload_is_meant() -> None:
    shown = deliver(views.upload(make_outlook(), EN))
    assert shown.buttons == [[("Keep", "k:3:new"), ("Discard", "q:3")]]
    taken = make_outlook(plan=Plan(files={"a.md": b"a"}, replaces=frozenset({"a.md"})))
    assert deliver(views.upload(taken, EN)).buttons == [
        [("Replace", "k:3:replace"), ("Keep both", "k:3:both")],
        [("Discard", "q:3")],
    ]


def test_of_many_papers_as_many_as_fit_are_named() -> None:
    papers = tuple(Change(kind="added", key=f"k{number}", title=f"Sheep {number}") for number in range(1000))
    files = (FileReport(name="a.md", layout="weekly", entries=1000),)
    lines = deliver(views.upload(make_outlook(files=files, added=1000, changes=papers), EN)).text.split("\n")
    assert lines[1] == "Papers it would add: 1000, change: 0, remove: 0."
    named = [line for line in lines if line.startswith("+ ")]
    assert len(named) > 250
    assert lines[-1] == f"… and {1000 - len(named)} more lines"


def test_files_with_the_same_fault_share_a_line() -> None:
    problem = Problem.of("empty")
    refused = tuple(
        FileReport(name=f"{number}.txt", status="refused", error=problem.text, problem=problem) for number in range(10)
    )
    lines = deliver(views.upload(make_outlook(refused=refused), ZH)).text.split("\n")
    assert lines[3:] == [
        "0.txt、1.txt、2.txt、3.txt、4.txt、5.txt、6.txt、7.txt 无法使用：文件是空的，请写入速递内容，或者删掉它。",
        "8.txt、9.txt 无法使用，原因同上",
    ]


def test_a_file_with_many_warnings_leaves_room_for_the_others() -> None:
    warnings = tuple(LoadWarning(line=number, text="no title") for number in range(1, 301))
    files = (
        FileReport(name="a.md", layout="w", entries=1, warnings=warnings),
        FileReport(name="b.md", layout="w", entries=1),
    )
    plan = Plan(files={"a.md": b"a", "b.md": b"b"})
    lines = deliver(views.upload(make_outlook(plan=plan, files=files), ZH)).text.split("\n")
    assert lines[-3:] == ["　第 8 行：no title", "　……另有 292 处提醒", "b.md（w）：1 条"]


def test_hostile_names_and_titles_show_as_they_stand() -> None:
    name, title = "<b>&\u202etxt.exe.md", "A <a href='x'>title</a> & more\u2066"
    report = LoadReport(
        files=(FileReport(name=name, layout="weekly", entries=1),),
        added=1,
        changes=(Change(kind="added", key="k", title=title),),
    )
    shown = deliver(views.upload(Outlook(1, Plan(files={name: b"x"}), (), report), EN))
    assert shown.text.split("\n")[3:] == [
        "<b>&txt.exe.md (weekly): 1 entry",
        "",
        "+ A <a href='x'>title</a> & more",
    ]
    assert shown.marked("code") == ["<b>&txt.exe.md"]


def test_why_nothing_could_be_written_is_said_in_the_admins_language() -> None:
    error = OSError(28, "No space left on device")
    assert views.cannot_write(error, ZH) == (
        "存放上传文件的文件夹无法写入（No space left on device），请检查权限和剩余空间。"
    )


file_reports = st.builds(
    FileReport,
    name=texts,
    layout=optional_texts,
    entries=st.integers(0, 999),
    warnings=tuples(st.builds(LoadWarning, line=st.integers(1, 10**6), text=texts), 300),
    error=optional_texts,
    problem=file_problems,
    status=st.sampled_from(["added", "changed", "unchanged", "refused"]),
)
plans = st.builds(
    Plan,
    files=st.dictionaries(texts, st.just(b""), max_size=20),
    came_as=st.dictionaries(texts, texts, max_size=5),
    replaces=st.frozensets(texts, max_size=2),
    known=st.dictionaries(texts, texts, max_size=50),
)
outlooks = st.builds(
    Outlook,
    upload_id=st.integers(1, 2**53),
    plan=plans,
    refused=tuples(file_reports, 300),
    report=st.none() | st.builds(LoadReport, files=tuples(file_reports, 300), changes=tuples(changes, 500)),
    problem=file_problems,
)
digest_files = st.builds(
    File,
    name=texts,
    origin=st.sampled_from(["uploaded", "seeds"]),
    info=st.none()
    | st.builds(DigestInfo, name=texts, layout=texts, date=optional_texts, papers=st.just(1), warnings=st.just(2)),
    removable=st.booleans(),
    missing=st.booleans(),
    shadowed=st.booleans(),
)
relaxed = settings(max_examples=50, deadline=None, suppress_health_check=LARGE)


@relaxed
@given(outlooks, texts, voices)
def test_any_upload_can_be_shown(outlook: Outlook, text: str, voice: Voice) -> None:
    deliver(views.reading(text or "x", voice))
    deliver(views.upload(outlook, voice))
    deliver(views.not_kept(text, outlook, voice))
    deliver(views.interrupted(outlook, voice))


@relaxed
@given(tuples(digest_files, 40), st.integers(0, 9999), voices)
def test_any_files_can_be_listed(files: tuple[File, ...], page: int, voice: Voice) -> None:
    deliver(file_views.files_page(files, page, voice))


@relaxed
@given(texts, st.none() | load_reports, file_problems, st.lists(texts, max_size=3), voices)
def test_any_removal_can_be_spoken_of(
    name: str, report: LoadReport | None, problem: Problem | None, nearest: list[str], voice: Voice
) -> None:
    deliver(file_views.confirm_removal(name, "0123abcd", report, problem, voice))
    deliver(file_views.unknown_file(name, nearest, voice))
    deliver(file_views.left(name, voice))
    deliver(file_views.belongs_to_seeds(name, voice))
    deliver(file_views.removal_failed(problem or name, voice))


@settings(relaxed, max_examples=20)
@given(st.lists(file_reports, max_size=3), voices)
def test_any_report_that_does_not_fit_is_whole_in_a_file(files: list[FileReport], voice: Voice) -> None:
    report = LoadReport(files=tuple(files))
    whole = reports.whole_report(report, voice)
    if whole is not None:
        assert len(whole) > 1000
        assert "\x00" not in whole

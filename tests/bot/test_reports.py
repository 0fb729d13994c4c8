"""What admins read after a load, and what anyone reads after an error."""

from __future__ import annotations

from bot.views import reports
from bot.views.base import Voice
from store import Change, FileReport, LoadReport, LoadWarning
from tests.bot.delivered import deliver

ZH = Voice("zh", "both")
EN = Voice("en", "both")


def make_report(*files: FileReport, **overrides: object) -> LoadReport:
    values = {"files": files, "papers": 144, "added": 2, "changed": 1, "removed": 0, "seconds": 1.94}
    return LoadReport.model_validate(values | overrides)


def make_warnings(count: int, text: str = "no title") -> tuple[LoadWarning, ...]:
    return tuple(LoadWarning(line=number, text=text) for number in range(1, count + 1))


def test_a_report_tells_of_every_file_and_paper_that_changed() -> None:
    report = make_report(
        FileReport(name="a.md", layout="weekly", entries=26, warnings=make_warnings(1)),
        FileReport(name="b.md", layout="weekly", entries=1, status="changed"),
        FileReport(name="c.md", status="removed"),
        FileReport(name="d.md", layout="weekly", entries=3, status="unchanged"),
        FileReport(name="e.md", error="an empty file", status="refused"),
        changes=(
            Change(kind="added", key="k1", title="Counting Sheep"),
            Change(kind="changed", key="k2", title="Counting Goats"),
            Change(kind="removed", key="k3", title=""),
        ),
    )
    view = deliver(reports.load_report(report, EN))
    assert view.text == (
        "Loaded in 1.9 s; there are now 144 papers in the archive.\n"
        "Papers added: 2, changed: 1, removed: 0.\n"
        "\n"
        "e.md: cannot be used: an empty file\n"
        "a.md (weekly): new, 26 entries\n"
        "  line 1: no title\n"
        "b.md (weekly): changed, 1 entry\n"
        "c.md: no longer in the folder\n"
        "1 file unchanged\n"
        "\n"
        "+ Counting Sheep\n"
        "~ Counting Goats\n"
        "− k3"
    )
    assert view.marked("code") == ["e.md", "a.md", "b.md", "c.md"]


def test_the_same_report_in_chinese() -> None:
    report = make_report(FileReport(name="a.md", layout="weekly", entries=26, warnings=make_warnings(1, "没有标题")))
    assert deliver(reports.load_report(report, ZH)).text == (
        "载入完成，用时 1.9 秒，论文库里现有 144 篇论文。\n"
        "新增 2 篇，更新 1 篇，移除 0 篇。\n"
        "\n"
        "a.md（weekly）：新文件，26 条\n"
        "　第 1 行：没有标题"
    )


def test_a_load_that_changed_nothing_is_short() -> None:
    report = make_report(FileReport(name="a.md", status="unchanged"), papers=1, added=0, changed=0)
    assert deliver(reports.load_report(report, EN)).text == (
        "Loaded in 1.9 s; there is now 1 paper in the archive.\n"
        "Papers added: 0, changed: 0, removed: 0.\n"
        "\n"
        "1 file unchanged"
    )


def test_of_a_long_report_the_rest_is_counted() -> None:
    warnings = tuple(LoadWarning(line=number, text="no title") for number in range(1, 501))
    view = deliver(reports.load_report(make_report(FileReport(name="a.md", layout="w", warnings=warnings)), EN))
    lines = view.text.split("\n")
    assert lines[-1] == f"… and {501 - (len(lines) - 4)} more lines"
    assert len(view.text) > 3900


def test_a_report_of_very_many_files_keeps_to_the_number_of_entities() -> None:
    files = tuple(FileReport(name=f"{number}.md", layout="w", entries=1) for number in range(200))
    assert deliver(reports.load_report(make_report(*files), EN)).text.endswith("\n… and 120 more lines")


def test_progress_counts_files() -> None:
    assert deliver(reports.load_progress(2, 5, EN)).text == "Loading: 2/5 files…"
    assert deliver(reports.load_progress(0, 0, ZH)).text == "正在读取速递文件夹……"


def test_a_load_that_failed_left_the_archive_alone() -> None:
    assert deliver(reports.load_failed("no <folder>", EN)).text == (
        "The load failed: no <folder>\nThe archive is as it was."
    )


def test_a_second_reload_and_a_stranger_are_told_so() -> None:
    assert deliver(reports.reload_running(ZH)).text == "已经在载入了，请等它完成。"
    assert deliver(reports.admins_only(EN)).text == "This command is for admins only."


def test_an_error_is_one_friendly_line_with_its_reference() -> None:
    view = deliver(reports.error("7f3a", EN))
    assert view.marked("code") == ["7f3a"]
    assert view.text == (
        "Sorry, something went wrong. Please try again later; if it keeps happening, tell an admin the reference 7f3a."
    )


def test_an_admin_is_told_the_kind_of_an_error() -> None:
    assert deliver(reports.admin_alert("7f3a", "ValueError", ZH)).text == (
        "出错了：ValueError，编号 7f3a，详情见日志。"
    )

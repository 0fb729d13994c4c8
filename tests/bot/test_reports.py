"""What admins read after a load, and what anyone reads after an error."""

from __future__ import annotations

from bot.views import reports
from bot.views.base import Voice
from bot.views.file_problems import problem_text
from store import Change, FileReport, LoadReport, LoadWarning, Problem
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
        "e.md cannot be used: an empty file\n"
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
    refusal = Problem.of("encoding", line=12)
    report = make_report(
        FileReport(name="a.md", layout="weekly", entries=26, warnings=(LoadWarning.of(7, "no_title_in_heading"),)),
        FileReport(name="b.md", layout="weekly", entries=3, status="unchanged"),
        FileReport(name="c.md", error=refusal.text, problem=refusal, status="refused"),
    )
    assert deliver(reports.load_report(report, ZH)).text == (
        "载入完成，用时 1.9 秒，论文库里现有 144 篇论文。\n"
        "新增 2 篇，更新 1 篇，移除 0 篇。\n"
        "\n"
        "c.md 无法使用：文件的编码既不是 UTF-8（第 12 行有无效字节），也不是 GB18030，请另存为 UTF-8 后重新载入。\n"
        "a.md（weekly）：新文件，26 条\n"
        "　第 7 行：这一条没有标题，未收录，请在“##”后面写上标题。\n"
        "1 个文件没有变化"
    )


def test_an_unchanged_files_warnings_come_last() -> None:
    slug = LoadWarning.of(42, "not_in_list", slug="lost-sheep")
    report = make_report(
        FileReport(name="a.md", layout="bib-notes", entries=5, warnings=(slug,), status="unchanged"),
        FileReport(name="b.md", layout="weekly", entries=3, status="unchanged"),
        FileReport(name="c.md", layout="weekly", entries=1),
        changes=(Change(kind="added", key="k1", title="Counting Sheep"),),
    )
    assert deliver(reports.load_report(report, ZH)).text.split("\n")[3:] == [
        "c.md（weekly）：新文件，1 条",
        "2 个文件没有变化",
        "",
        "＋ Counting Sheep",
        "",
        "a.md（bib-notes）：没有变化，5 条",
        "　第 42 行：“lost-sheep”这一节在列表中没有对应的条目，因此没有标题，未收录。",
    ]


def test_a_problem_within_a_problem_is_in_the_readers_language_too() -> None:
    trouble = Problem.of("no_title_after_number")
    problem = Problem.of("no_usable_entries", layout="numbered", line=3, trouble=trouble)
    assert problem_text(problem, problem.text, EN) == problem.text
    assert problem_text(problem, problem.text, ZH) == (
        "文件看起来是 numbered 格式，却没有读出一篇论文。"
        "第一处问题在第 3 行：这一条没有标题，未收录，请在编号后面写上标题。"
    )


def test_what_a_layout_needs_is_told_in_english_where_there_is_no_phrase_for_it() -> None:
    weekly = Problem.of("layout", layout="weekly", needs="a heading")
    flock = Problem.of("layout", layout="flock", needs="a line 'Sheep: N'")
    problem = Problem.of("unknown_layout", layouts=(weekly, flock))
    assert problem_text(problem, problem.text, ZH) == (
        "认不出文件的格式。能读的格式有："
        "weekly（每篇论文有一行“## English title”，下面是“[中文标题](https://arxiv.org/abs/ID)”）；"
        "flock（a line 'Sheep: N'）。"
    )


def test_what_has_no_phrase_is_told_as_it_stands() -> None:
    assert problem_text(None, "The sheep are gone.", ZH) == "The sheep are gone."
    assert problem_text(Problem(kind="eaten_by_sheep"), "Sheep ate it.", ZH) == "Sheep ate it."


def test_a_load_that_changed_nothing_is_short() -> None:
    report = make_report(FileReport(name="a.md", status="unchanged"), papers=1, added=0, changed=0)
    assert deliver(reports.load_report(report, EN)).text == (
        "Loaded in 1.9 s; there is now 1 paper in the archive.\n"
        "Papers added: 0, changed: 0, removed: 0.\n"
        "\n"
        "1 file unchanged"
    )


def test_of_a_long_report_the_rest_is_counted() -> None:
    changes = tuple(Change(key=f"2506-{number}", kind="added", title="Sheep " * 9) for number in range(500))
    file = FileReport(name="a.md", layout="w", warnings=make_warnings(8))
    view = deliver(reports.load_report(make_report(file, changes=changes), EN))
    lines = view.text.split("\n")
    shown = sum(map(bool, lines[3:-1]))
    assert lines[-1] == f"… and {509 - shown} more lines; the file below has all of it"
    assert len(view.text) > 3900


def test_a_file_with_many_warnings_leaves_room_for_the_others() -> None:
    many = FileReport(name="a.md", layout="w", entries=1, warnings=make_warnings(300))
    other = FileReport(name="b.md", layout="w", entries=1)
    report = make_report(many, other)
    lines = deliver(reports.load_report(report, EN)).text.split("\n")
    assert lines[3] == "a.md (w): new, 1 entry"
    assert lines[12:] == [
        "  … and 292 more warnings",
        "b.md (w): new, 1 entry",
        "",
        "The file below has all of it.",
    ]
    whole = reports.whole_report(report, EN)
    assert whole is not None
    assert whole.count("  line ") == 300


def test_a_long_report_is_whole_in_a_text_of_its_own() -> None:
    warnings = tuple(LoadWarning(line=number, text="no <title>") for number in range(1, 501))
    report = make_report(FileReport(name="a&b.md", layout="w", entries=1, warnings=warnings))
    whole = reports.whole_report(report, EN)
    assert whole is not None
    lines = whole.splitlines()
    assert lines[0] == "Loaded in 1.9 s; there are now 144 papers in the archive."
    assert lines[3] == "a&b.md (w): new, 1 entry"
    assert lines[4:] == [f"  line {number}: no <title>" for number in range(1, 501)]


def test_a_report_that_fits_needs_no_other_text() -> None:
    assert reports.whole_report(make_report(FileReport(name="a.md", layout="w")), EN) is None


def test_a_report_of_very_many_files_keeps_to_the_number_of_entities() -> None:
    files = tuple(FileReport(name=f"{number}.md", layout="w", entries=1) for number in range(200))
    assert deliver(reports.load_report(make_report(*files), EN)).text.endswith(
        "\n… and 120 more lines; the file below has all of it"
    )


def test_progress_counts_files() -> None:
    assert deliver(reports.load_progress(2, 5, EN)).text == "Loading: 2/5 files…"
    assert deliver(reports.load_progress(0, 0, ZH)).text == "正在读取速递文件夹……"


def test_a_load_that_failed_left_the_archive_alone() -> None:
    problem = Problem.of("no_folder", folder="/<meadow>")
    assert deliver(reports.load_failed(problem, EN)).text == (
        "The load failed: There is no folder /<meadow>: make it and put digest files (.txt or .md) into it.\n"
        "The archive is as it was."
    )
    assert deliver(reports.load_failed(problem, ZH)).text == (
        "载入失败：找不到文件夹 /<meadow>，请新建它，再放入速递文件（.txt 或 .md）。\n论文库没有改动。"
    )


def test_a_second_reload_and_a_stranger_are_told_so() -> None:
    assert deliver(reports.reload_running(ZH)).text == "已经在载入了，请等它完成。"
    assert deliver(reports.admins_only(EN)).text == "Sorry, this is for the admins of the bot only."


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

"""Entries of several digests become one paper each, and every field remembers who said it."""

from __future__ import annotations

from typing import Any

from store.arxiv import paper_key
from store.merge import Names, SourcedEntry, group, key_of, merge, other_keys, title_keys
from store.models import Note
from tests.factories import make_entry


def sourced(number: int, file: str = "a.md", date: str | None = "2025-05", **entry: Any) -> SourcedEntry:
    return SourcedEntry(number, file, date, make_entry(**{"line": number, **entry}))


def names_of(member: SourcedEntry) -> Names:
    entry = member.entry
    order = (member.date or "", member.file, entry.line)
    return Names(member.id, order, entry.arxiv_id or "", *title_keys(entry))


def grouped(*members: SourcedEntry) -> list[list[int]]:
    return [[names.id for names in group_] for group_ in group(map(names_of, members))]


def test_entries_with_one_arxiv_id_are_one_paper_whatever_their_titles() -> None:
    first = sourced(1, title_en="Sheep", title_zh=None, arxiv_id="2505.00001")
    second = sourced(2, title_en="Goats", title_zh=None, arxiv_id="2505.00001")
    assert grouped(first, second) == [[1, 2]]


def test_two_arxiv_ids_are_two_papers_even_under_one_title() -> None:
    assert grouped(sourced(1, arxiv_id="2505.00001"), sourced(2, arxiv_id="2505.00002")) == [[1], [2]]


def test_an_entry_without_an_id_joins_the_paper_of_its_title_written_otherwise() -> None:
    with_id = sourced(1, title_en="R²-Sheep: Counting, Again", arxiv_id="2505.00001")
    without = sourced(2, title_en="R2 sheep counting again", title_zh=None)
    assert grouped(without, with_id) == [[1, 2]]


def test_a_chinese_title_alone_finds_its_paper() -> None:
    with_id = sourced(1, title_zh="数羊：再来一次", arxiv_id="2505.00001")
    without = sourced(2, title_en=None, title_zh="数羊 再来一次")
    assert grouped(with_id, without) == [[1, 2]]


def test_the_same_chinese_title_does_not_join_papers_with_different_english_ones() -> None:
    sheep = sourced(1, title_en="Counting Sheep", title_zh="综述")
    goats = sourced(2, title_en="Counting Goats", title_zh="综述")
    assert grouped(sheep, goats) == [[1], [2]]


def test_an_entry_that_names_the_title_of_one_and_the_id_of_another_goes_by_its_id() -> None:
    by_title = sourced(1, title_en="Counting Sheep", title_zh=None)
    by_id = sourced(2, title_en="Counting Goats", title_zh=None, arxiv_id="2505.00001")
    both = sourced(3, title_en="Counting Sheep", title_zh=None, arxiv_id="2505.00001")
    assert grouped(by_title, by_id, both) == [[1, 2, 3]]


def test_entries_stand_in_order_of_digest_date_file_and_line() -> None:
    late = sourced(1, file="a.md", date="2025-06", arxiv_id="2505.00001")
    early = sourced(2, file="b.md", date="2025-05", arxiv_id="2505.00001")
    undated = sourced(3, file="c.md", date=None, arxiv_id="2505.00001")
    assert grouped(late, early, undated) == [[3, 2, 1]]


def test_a_paper_with_an_arxiv_id_is_called_by_it_and_its_title_is_an_alias() -> None:
    names = [names_of(sourced(1, title_en="Counting Sheep", title_zh="数羊", arxiv_id="2505.00001"))]
    assert key_of(names) == "2505-00001"
    assert other_keys(names) == {paper_key(None, "Counting Sheep"), paper_key(None, "数羊")}


def test_a_paper_without_an_id_is_called_by_its_english_title() -> None:
    names = [names_of(sourced(1, title_en="Counting Sheep", title_zh="数羊"))]
    assert key_of(names) == paper_key(None, "COUNTING sheep!")
    assert other_keys(names) == {paper_key(None, "数羊")}


def test_the_longer_text_leads_and_names_its_source() -> None:
    short = sourced(1, file="a.md", summary_en="Short.", arxiv_id="2505.00001")
    long = sourced(2, file="b.md", summary_en="Rather longer.", arxiv_id="2505.00001")
    paper = merge("2505-00001", [short, long])
    assert paper.summary_en == "Rather longer."
    assert [("summary_en" in source.fields) for source in paper.sources] == [False, True]


def test_a_field_that_two_digests_state_alike_names_both() -> None:
    paper = merge("2505-00001", [sourced(1, file="a.md"), sourced(2, file="b.md")])
    assert [source.file for source in paper.sources if "title_zh" in source.fields] == ["a.md", "b.md"]


def test_a_summary_that_does_not_lead_is_kept_as_a_note_of_its_digest() -> None:
    short = sourced(1, file="a.md", summary_en="It finds 12.5%.", summary_zh=None)
    long = sourced(2, file="b.md", summary_en="It finds a good share of all sheep.", summary_zh=None)
    paper = merge("t", [short, long])
    assert paper.notes == (Note(heading="Abstract (a.md)", text="It finds 12.5%."),)


def test_a_summary_that_stands_in_the_leading_one_is_not_kept_twice() -> None:
    short = sourced(1, file="a.md", summary_en="It finds 12.5%.", summary_zh=None)
    long = sourced(2, file="b.md", summary_en="We count. It finds 12.5%.", summary_zh=None)
    assert merge("t", [short, long]).notes == ()


def test_key_points_of_all_digests_are_joined_each_once() -> None:
    first = sourced(1, points=("数羊准确", "很快"))
    second = sourced(2, points=("数羊，准确", "很省"))
    assert merge("t", [first, second]).points == ("数羊准确", "很快", "很省")


def test_links_of_all_digests_are_joined_and_the_first_code_link_is_the_papers() -> None:
    first = sourced(1, links=("https://a.example",))
    second = sourced(2, code_url="https://b.example", links=("https://b.example", "https://a.example"))
    paper = merge("t", [first, second])
    assert (paper.code_url, paper.links) == ("https://b.example", ("https://a.example", "https://b.example"))


def test_published_is_the_month_of_the_arxiv_id() -> None:
    assert merge("k", [sourced(1, date="2025-06", arxiv_id="2504.13837")]).published == "2025-04"


def test_published_is_the_digests_date_where_there_is_no_id() -> None:
    paper = merge("k", [sourced(1, date="2025-05-30"), sourced(2, date="2025-06-01")])
    assert paper.published == "2025-05-30"


def test_the_newest_version_and_the_longest_list_of_authors_count() -> None:
    first = sourced(1, version=1, authors=("Ada Wong",), arxiv_id="2505.00001")
    second = sourced(2, version=3, authors=("Ada Wong", "Bo Li"), arxiv_id="2505.00001")
    paper = merge("2505-00001", [first, second])
    assert (paper.version, paper.authors) == (3, ("Ada Wong", "Bo Li"))

"""Lists by pages, the query kept in the message, topics, and what is offered where nothing was found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views import lists
from bot.views.base import Voice
from store import DigestInfo, Hit, Lookup, Results, Topic
from tests.bot.delivered import deliver
from tests.factories import make_hit, make_paper

ZH = Voice("zh", "both")
EN = Voice("en", "both")
AGENTS = Topic(slug="agents", name_en="Agents", name_zh="智能体", papers=("a", "b", "c"))
SURVEY = Topic(slug="survey", name_en="Surveys", name_zh="综述", papers=("a",))


def make_results(count: int = 1, **overrides: object) -> Results:
    hits = tuple(make_hit(key=f"2505-0000{number}") for number in range(1, count + 1))
    return Results.model_validate({"query": "sheep", "total": count, "hits": hits} | overrides)


def make_digest(**overrides: object) -> DigestInfo:
    values = {"name": "weekly.md", "layout": "weekly", "date": "2025-06", "papers": 3}
    return DigestInfo.model_validate(values | overrides)


def test_search_results_show_number_titles_id_month_and_snippet() -> None:
    page = deliver(lists.search_results(make_results(), EN))
    assert page.text == (
        "Search sheep: 1 paper\n"
        "\n"
        "1. Counting Sheep with Language Models\n"
        "用语言模型数羊\n"
        "arXiv 2505.00001 · 2025-05\n"
        "我们让模型数羊，准确率达到90.5%。"
    )
    assert page.marked("bold") == ["Counting Sheep with Language Models", "让模"]
    assert page.links() == {"arXiv 2505.00001": "https://arxiv.org/abs/2505.00001"}
    assert page.buttons == [[("1", "p:2505-00001")]]


def test_the_readers_language_comes_first() -> None:
    assert deliver(lists.search_results(make_results(), ZH)).text.startswith(
        "搜索 sheep：共 1 篇\n\n1. 用语言模型数羊\nCounting Sheep with Language Models\n"
    )


def test_numbers_go_on_over_the_pages() -> None:
    page = deliver(lists.search_results(make_results(5, total=12, offset=5), EN))
    assert page.text.startswith("Search sheep: 12 papers · page 2/3\n\n6. ")
    assert page.buttons == [
        [(str(number), f"p:2505-0000{number - 5}") for number in range(6, 11)],
        [("‹ Previous", "s:0"), ("Next ›", "s:2")],
    ]


def test_the_first_page_has_no_way_back_and_the_last_none_on() -> None:
    first = deliver(lists.search_results(make_results(5, total=7), EN))
    last = deliver(lists.search_results(make_results(2, total=7, offset=5), EN))
    assert first.buttons[-1] == [("Next ›", "s:1")]
    assert last.buttons[-1] == [("‹ Previous", "s:0")]


def test_a_page_beyond_the_end_leads_back_to_the_last() -> None:
    page = deliver(lists.search_results(make_results(0, total=7, offset=20), EN))
    assert page.text == "Search sheep: 7 papers\nThere is nothing on this page any more: the list has become shorter."
    assert page.buttons == [[("‹ Previous", "s:1")]]


def test_a_paper_without_an_id_is_said_to_have_none() -> None:
    hit = make_hit(arxiv_id=None, snippet="")
    page = deliver(lists.search_results(make_results(1, hits=(hit,)), ZH))
    assert page.text.endswith("Counting Sheep with Language Models\n速递中没有 arXiv 编号")


def test_a_snippet_that_is_the_title_is_not_repeated() -> None:
    hit = make_hit(snippet="用语言模型数羊", matches=())
    page = deliver(lists.search_results(make_results(1, hits=(hit,)), EN))
    assert page.text.endswith("用语言模型数羊\narXiv 2505.00001 · 2025-05")


def test_long_titles_are_shown_whole_where_the_message_has_room() -> None:
    title = "A Long Title about Counting Sheep " * 10
    page = deliver(lists.search_results(make_results(1, hits=(make_hit(title_en=title),)), EN))
    assert title.strip() in page.text


def test_titles_too_long_for_five_are_cut_after_a_whole_word() -> None:
    hits = tuple(make_hit(title_en="Counting " * 200, snippet="sheep " * 200) for _ in range(5))
    page = deliver(lists.search_results(make_results(5, hits=hits), EN))
    assert [line[-10:] for line in page.text.split("\n") if "Counting" in line] == ["Counting…"[-10:]] * 5 or all(
        line.endswith(" Counting…") for line in page.text.split("\n") if "Counting" in line
    )


def test_nothing_found_says_what_may_help() -> None:
    page = deliver(lists.search_results(make_results(0), EN))
    assert page.text == (
        "Nothing found for sheep.\n\n"
        "Try another word, fewer words, or the other language; /topic lists papers by topic."
    )
    assert page.buttons == []


def test_a_query_searched_in_part_says_so() -> None:
    page = deliver(lists.search_results(make_results(), ZH, shortened=True))
    assert page.text.startswith("搜索 sheep：共 1 篇\n查询太长，只搜索了前 256 个字符。\n\n1. ")


def test_whether_a_query_is_too_long_counts_after_folding() -> None:
    assert not lists.is_shortened("a" * 256 + "  \n ")
    assert lists.is_shortened("a" * 257)
    assert lists.shown_query("a" * 300) == "a" * 256


@given(st.text(min_size=1) | st.text(alphabet="<>&\"'`*_ 中😀\u202e\x00\n/search", max_size=600))
def test_the_query_is_read_back_from_the_message_as_it_was_searched(text: str) -> None:
    query = lists.shown_query(text)
    hits = (make_hit(title_en="A `code` title"),)
    page = deliver(lists.search_results(make_results(1, query=query, hits=hits), EN))
    assert (lists.read_query(page.message()) or "") == query
    assert lists.shown_query(query) == query


def test_no_query_is_read_from_other_messages() -> None:
    assert lists.read_query(None) is None
    assert lists.read_query(deliver(lists.topic_list([AGENTS], EN)).message()) is None


def test_topics_are_buttons_with_their_numbers_of_papers() -> None:
    english = deliver(lists.topic_list([AGENTS, SURVEY], EN))
    chinese = deliver(lists.topic_list([AGENTS, SURVEY], ZH))
    assert english.buttons == [[("Agents 3", "t:agents:0"), ("Surveys 1", "t:survey:0")]]
    assert chinese.buttons == [[("智能体 3", "t:agents:0"), ("综述 1", "t:survey:0")]]


def test_without_topics_there_is_a_sentence() -> None:
    assert deliver(lists.topic_list([], ZH)).text == "还没有主题。载入速递之后再来看看。"


def test_a_topics_page_names_it_in_both_languages_and_leads_back() -> None:
    page = deliver(lists.topic_page(AGENTS, make_results(5, total=6), EN))
    assert page.text.startswith("Agents (智能体): 6 papers · page 1/2\n\n1. ")
    assert page.buttons[1:] == [[("Next ›", "t:agents:1")], [("All topics", "T")]]


def test_an_unknown_topic_offers_the_nearest() -> None:
    page = deliver(lists.unknown_topic("agnets", [AGENTS], EN))
    assert page.text == "There is no topic called “agnets”.\nDid you mean one of these?"
    assert page.buttons == [[("Agents 3", "t:agents:0")], [("All topics", "T")]]


def test_a_digests_page_names_the_files_of_its_date() -> None:
    digests = [make_digest(), make_digest(name="daily.txt", date="2025-05-30"), make_digest(name="b.md")]
    page = deliver(lists.digest_page("2025-06", make_results(5, total=6), digests, ZH))
    assert page.text.startswith("2025-06 的速递：共 6 篇 · 第 1/2 页\nweekly.md、b.md\n\n1. ")
    assert page.buttons[-1] == [("下一页 ›", "d:2025-06:1")]


def test_a_month_holds_the_digests_of_its_days() -> None:
    digests = [make_digest(name="daily.txt", date="2025-05-30"), make_digest()]
    page = deliver(lists.digest_page("2025-05", make_results(), digests, EN))
    assert page.text.startswith("Digest of 2025-05: 1 paper\ndaily.txt\n\n")


def test_the_latest_digest_is_shown_with_its_date() -> None:
    digests = [make_digest(name="daily.txt", date="2025-05-30"), make_digest(date_inferred=True)]
    page = deliver(lists.digest_page("latest", make_results(), digests, EN))
    assert page.text.startswith(
        "Latest digest (2025-06): 1 paper\n"
        "weekly.md\n"
        "The file states no date; the month is that of its newest arXiv id.\n\n"
    )


def test_of_several_files_those_without_a_date_are_named() -> None:
    digests = [make_digest(), make_digest(name="b.md", date_inferred=True)]
    page = deliver(lists.digest_page("2025-06", make_results(), digests, EN))
    assert page.text.startswith(
        "Digest of 2025-06: 1 paper\n"
        "weekly.md, b.md\n"
        "No date is stated in b.md; the month is that of the newest arXiv id.\n\n"
    )


@pytest.mark.parametrize("digests", [[], [make_digest(date=None)]])
def test_without_dated_digests_there_is_no_latest(digests: list[DigestInfo]) -> None:
    page = deliver(lists.digest_page("latest", make_results(0), digests, EN))
    assert page.text == "There are no digests in the archive yet."


def test_where_no_digest_is_of_a_day_the_nearest_are_offered() -> None:
    nearest = [make_digest(), make_digest(name="b.md"), make_digest(name="daily.txt", date="2025-05-30")]
    page = deliver(lists.no_digest("2025-06-02", nearest, EN))
    assert page.text == "There is no digest for 2025-06-02.\nThe nearest are:"
    assert page.buttons == [[("2025-06", "d:2025-06:0"), ("2025-05-30", "d:2025-05-30:0")]]


def test_without_any_digest_none_is_offered() -> None:
    assert deliver(lists.no_digest("latest", [], ZH)).text == "论文库里还没有速递。"


def test_related_papers_lead_back_to_the_paper() -> None:
    page = deliver(lists.related_page(make_paper(), make_results(5, total=6), ZH))
    assert page.text.startswith("与《用语言模型数羊》相关的论文，共 6 篇 · 第 1/2 页\n\n1. ")
    assert page.buttons[1:] == [[("下一页 ›", "r:2505-00001:1")], [("‹ 回到论文", "p:2505-00001")]]


def test_a_paper_without_relations_says_so() -> None:
    page = deliver(lists.related_page(make_paper(), make_results(0), EN))
    assert page.text == "Nothing related to Counting Sheep with Language Models was found."
    assert page.buttons == [[("‹ Back to the paper", "p:2505-00001")]]


def make_lookup(*nearest: Hit, **overrides: object) -> Lookup:
    return Lookup.model_validate({"kind": "title", "wanted": "Cuonting Sheep", "nearest": nearest} | overrides)


def test_a_title_not_found_offers_the_nearest() -> None:
    page = deliver(lists.not_found(make_lookup(make_hit(snippet="")), EN))
    assert page.text == (
        "No paper in the archive is called “Cuonting Sheep”.\n"
        "The nearest are:\n"
        "\n"
        "1. Counting Sheep with Language Models\n"
        "用语言模型数羊\n"
        "arXiv 2505.00001 · 2025-05"
    )
    assert page.buttons == [[("1", "p:2505-00001")]]


def test_a_number_not_found_is_named_as_a_number() -> None:
    page = deliver(lists.not_found(make_lookup(kind="arxiv_id", wanted="2505.99999"), ZH))
    assert page.text == ("论文库里没有编号为 2505.99999 的论文。\n也没有相近的。可以发 /search 加关键词找找看。")

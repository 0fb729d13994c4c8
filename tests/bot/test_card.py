"""A paper's card: what stands on it, in whose language, and what happens to what is missing or too long."""

from __future__ import annotations

from bot.views.base import Voice
from bot.views.card import bibtex, paper_card
from store import Topic
from tests.bot.delivered import deliver
from tests.factories import make_paper, make_source
from tests.telegram.entities import utf16_length

ZH = Voice("zh", "both")
EN = Voice("en", "both")
AGENTS = Topic(slug="agents", name_en="Agents", name_zh="智能体")


def test_a_card_shows_all_the_archive_knows() -> None:
    card = deliver(paper_card(make_paper(), ZH, [AGENTS]))
    assert card.text == (
        "用语言模型数羊\n"
        "Counting Sheep with Language Models\n"
        "\n"
        "作者：Ada Wong、Bo Li\n"
        "时间：2025-05\n"
        "arXiv：2505.00001 · PDF · 代码\n"
        "\n"
        "中文摘要\n"
        "我们让模型数羊，准确率达到90.5%。\n"
        "\n"
        "英文摘要\n"
        "We count sheep. The model counts 90.5% of them.\n"
        "\n"
        "要点\n"
        "• 数羊准确率90.5%\n"
        "\n"
        "主题：智能体\n"
        "收录于：2025-05-weekly.md"
    )
    assert card.links() == {
        "2505.00001": "https://arxiv.org/abs/2505.00001",
        "PDF": "https://arxiv.org/pdf/2505.00001",
        "代码": "https://github.com/example/sheep",
    }
    assert card.marked("code") == ["2025-05-weekly.md"]


def test_an_english_card_puts_english_first() -> None:
    card = deliver(paper_card(make_paper(), EN, [AGENTS]))
    assert card.text == (
        "Counting Sheep with Language Models\n"
        "用语言模型数羊\n"
        "\n"
        "Authors: Ada Wong, Bo Li\n"
        "Date: 2025-05\n"
        "arXiv: 2505.00001 · PDF · Code\n"
        "\n"
        "Summary\n"
        "We count sheep. The model counts 90.5% of them.\n"
        "\n"
        "Summary in Chinese\n"
        "我们让模型数羊，准确率达到90.5%。\n"
        "\n"
        "Key points\n"
        "• 数羊准确率90.5%\n"
        "\n"
        "Topics: Agents\n"
        "From: 2025-05-weekly.md"
    )


def test_the_buttons_lead_to_related_papers_bibtex_arxiv_and_code() -> None:
    assert deliver(paper_card(make_paper(), EN)).buttons == [
        [("Related papers", "r:2505-00001:0"), ("BibTeX", "b:2505-00001")],
        [("arXiv", "https://arxiv.org/abs/2505.00001"), ("Code", "https://github.com/example/sheep")],
    ]


def test_a_reader_of_one_language_gets_its_summary_only_and_both_titles() -> None:
    card = deliver(paper_card(make_paper(), Voice("zh", "zh")))
    assert card.marked("bold") == [
        "用语言模型数羊",
        "Counting Sheep with Language Models",
        "中文摘要",
        "要点",
    ]
    assert "We count sheep" not in card.text


def test_the_chosen_language_leads_whatever_the_interface_speaks() -> None:
    card = deliver(paper_card(make_paper(), Voice("zh", "en")))
    assert card.text.startswith("Counting Sheep with Language Models\n用语言模型数羊\n\n作者：")


def test_key_points_follow_the_chosen_language_too() -> None:
    points = ("模型数羊的准确率很高", "The model counts sheep well")
    chinese = deliver(paper_card(make_paper(points=points), Voice("zh", "zh")))
    english = deliver(paper_card(make_paper(points=points), Voice("en", "en")))
    assert "• 模型数羊的准确率很高\n\n" in chinese.text
    assert "• The model counts sheep well\n\n" in english.text
    assert "The model counts" not in chinese.text
    assert "准确率" not in english.text


def test_key_points_in_the_other_language_only_are_said_to_be_so() -> None:
    card = deliver(paper_card(make_paper(points=("模型数羊的准确率很高",)), Voice("en", "en")))
    assert "Key points (in Chinese only)\n• 模型数羊的准确率很高" in card.text


def test_a_missing_language_is_said() -> None:
    card = deliver(paper_card(make_paper(summary_en=None), ZH))
    assert "收录它的速递里没有英文摘要。" in card.text
    assert "英文摘要\n" not in card.text


def test_where_the_chosen_language_is_missing_the_other_is_shown_as_what_it_is() -> None:
    card = deliver(paper_card(make_paper(summary_en=None), Voice("en", "en")))
    assert ("No English summary in the digests.\n\nSummary in Chinese\n我们让模型数羊，准确率达到90.5%。") in card.text


def test_a_paper_without_any_summary_says_so_once() -> None:
    card = deliver(paper_card(make_paper(summary_en=None, summary_zh=" ", points=()), EN))
    assert card.marked("italic") == ["No summary in the digests."]
    assert "Key points" not in card.text


def test_a_paper_without_an_id_gets_a_search_for_its_title_said_as_such() -> None:
    card = deliver(paper_card(make_paper(key="t0123456789ab", arxiv_id=None, version=None), EN))
    search = "https://arxiv.org/search/?query=Counting+Sheep+with+Language+Models&searchtype=title"
    assert "no arXiv id in the digests · Search arXiv by title · Code" in card.text
    assert card.links()["Search arXiv by title"] == search
    assert card.buttons[1][0] == ("Search arXiv by title", search)
    assert "PDF" not in card.text


def test_an_unsound_code_address_is_not_linked() -> None:
    card = deliver(paper_card(make_paper(code_url="https://example.org/atom}{this"), EN))
    assert "arXiv: 2505.00001 · PDF\n" in card.text
    assert card.buttons[1] == [("arXiv", "https://arxiv.org/abs/2505.00001")]


def test_a_long_list_of_authors_is_shortened_after_a_whole_name() -> None:
    authors = tuple(f"Author Number{number}" for number in range(40))
    chinese = deliver(paper_card(make_paper(authors=authors), ZH)).text.split("\n")[3]
    english = deliver(paper_card(make_paper(authors=authors), EN)).text.split("\n")[3]
    assert chinese.endswith("、Author Number9 等 40 人")
    assert english.endswith(", Author Number9 et al. (40 authors)")


def test_a_paper_of_nobody_knows_when_has_no_such_lines() -> None:
    card = deliver(paper_card(make_paper(authors=(), published=None, topics=(), sources=()), EN))
    assert "Authors" not in card.text
    assert "Date" not in card.text
    assert "Topics" not in card.text
    assert "From" not in card.text


def test_a_paper_without_titles_is_untitled() -> None:
    card = deliver(paper_card(make_paper(title_en=None, title_zh="\u200b", arxiv_id=None), EN))
    assert card.text.startswith("(untitled)\n")
    assert card.buttons[1] == [("Code", "https://github.com/example/sheep")]


def test_a_title_that_is_the_same_in_both_languages_is_shown_once() -> None:
    card = deliver(paper_card(make_paper(title_en="GRPO", title_zh="GRPO"), ZH))
    assert card.text.startswith("GRPO\n\n作者")


def test_parts_beyond_300_characters_wait_in_expandable_quotes() -> None:
    long = "We count sheep every single night. " * 12
    card = deliver(paper_card(make_paper(summary_en=long), EN))
    assert card.marked("expandable_blockquote") == [long.strip()]


def test_every_digest_is_named_with_its_date_unless_its_name_tells_it() -> None:
    sources = (make_source(file="weekly.md", date="2025-06"), make_source(), make_source(line=90))
    card = deliver(paper_card(make_paper(sources=sources), EN))
    assert card.text.endswith("From: weekly.md (2025-06), 2025-05-weekly.md")


def test_a_digest_without_a_date_is_named_alone() -> None:
    card = deliver(paper_card(make_paper(sources=(make_source(date=None),)), ZH))
    assert card.text.endswith("收录于：2025-05-weekly.md")


def test_many_digests_are_counted() -> None:
    sources = tuple(make_source(file=f"{number}.md", date=None) for number in range(14))
    card = deliver(paper_card(make_paper(sources=sources), EN))
    assert card.text.endswith("8.md, 9.md, and 4 more files")


def test_a_topic_that_is_not_in_the_list_shows_by_its_slug() -> None:
    card = deliver(paper_card(make_paper(topics=("agents", "new-topic")), EN, [AGENTS]))
    assert "Topics: Agents, new-topic\n" in card.text


def test_what_is_too_long_is_shortened_between_sentences_parts_and_points() -> None:
    paper = make_paper(
        summary_en="Every shepherd counts sheep. " * 400,
        summary_zh="牧羊人数羊，" * 800,
        points=tuple(f"第 {number} 个要点：羊很多" for number in range(500)),
    )
    card = deliver(paper_card(paper, EN))
    english, chinese, points = card.marked("expandable_blockquote")
    assert utf16_length(card.text) > 4000
    assert english.endswith(" Every shepherd…")
    assert chinese.endswith("，牧羊人数羊…")
    assert points.endswith("\n• 第 83 个要点：羊很多\n… and 416 more")
    assert abs(len(english) - len(chinese)) < 20


def test_a_short_part_stays_whole_beside_a_long_one() -> None:
    paper = make_paper(summary_en="Every shepherd counts sheep. " * 400)
    assert "我们让模型数羊，准确率达到90.5%。" in deliver(paper_card(paper, EN)).text


def test_what_a_digest_says_cannot_become_markup() -> None:
    card = deliver(paper_card(make_paper(title_en="<b>A</b> & <a href='x'>B</a>", title_zh=None), EN))
    assert card.text.startswith("<b>A</b> & <a href='x'>B</a>\n\n")


def test_bibtex_stands_in_a_block_of_code_with_the_way_back() -> None:
    view = deliver(bibtex(make_paper(), EN))
    assert view.text.startswith("BibTeX of “Counting Sheep with Language Models”:\n@misc{wong2025counting,")
    [block] = [span for span in view.spans if span.type == "pre"]
    assert block.language == "bibtex"
    assert view.buttons == [[("‹ Back to the paper", "p:2505-00001")]]

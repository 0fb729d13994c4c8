"""The topic list, the topics of papers, and topics by a reader's words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from store.layouts import read_digest
from store.models import Entry, Note, Paper
from store.text.titles import title_key
from store.topics import TopicList, TopicRule, Words, find_topics, topic_list, topics_of
from tests.factories import make_paper

SEEDS = Path(__file__).parents[2] / "seeds"

TOPICS = [
    ("rl-reasoning", "强化学习推理", "RL for reasoning"),
    ("efficient-reasoning", "高效推理", "Efficient reasoning"),
    ("test-time-compute", "测试时计算", "Test-time compute"),
    ("multimodal", "多模态", "Multimodal"),
    ("generation", "图像视频与三维生成", "Image, video and 3D generation"),
    ("agents", "智能体", "Agents"),
    ("retrieval", "检索增强与知识", "Retrieval and knowledge"),
    ("alignment", "对齐与偏好", "Alignment and preferences"),
    ("benchmark", "评测与数据集", "Benchmarks and data sets"),
    ("survey", "综述", "Surveys"),
    ("efficiency", "训练与推理效率", "Training and inference efficiency"),
    ("architecture", "模型结构与预训练", "Architectures and pre-training"),
    ("robotics", "机器人与世界模型", "Robotics and world models"),
    ("speech", "语音与音频", "Speech and audio"),
    ("safety", "安全与可信", "Safety and trust"),
    ("science", "科学与医学", "Science and medicine"),
    ("data", "数据合成与训练环境", "Synthetic data and environments"),
    ("math-code", "数学与代码", "Mathematics and code"),
    ("analysis", "机理与实证分析", "Analysis"),
]
SLUGS = {slug for slug, _, _ in TOPICS}


def make_english(title: str, summary: str = "", **overrides: Any) -> Paper:
    """A paper that nothing is known of but an English title and summary."""
    bare = {"title_zh": None, "summary_zh": None, "points": (), "topics": ()}
    return make_paper(**{**bare, "title_en": title, "summary_en": summary, **overrides})


def make_chinese(title: str, summary: str = "") -> Paper:
    """A paper that nothing is known of but a Chinese title and summary."""
    return make_english("", "", title_en=None, summary_en=None, title_zh=title, summary_zh=summary)


def all_phrases(topic: TopicRule) -> list[str]:
    return [phrase for words in (topic.anywhere, topic.title) for _, phrase in words.by_strength()]


def shipped_entries() -> list[Entry]:
    digests = [read_digest(path.name, path.read_bytes()) for path in sorted(SEEDS.iterdir())]
    return [entry for digest in digests for entry in digest.entries]


def test_the_topics_have_their_slugs_and_names_in_this_order() -> None:
    assert [(topic.slug, topic.name_zh, topic.name_en) for topic in topic_list().topics] == TOPICS


@pytest.mark.parametrize("topic", topic_list().topics, ids=lambda topic: topic.slug)
def test_every_topic_has_words_in_both_languages(topic: TopicRule) -> None:
    words = all_phrases(topic)
    assert any(re.search("[\u4e00-\u9fff]", word) for word in words)
    assert any(re.search("[a-z]", word) for word in words)


@pytest.mark.parametrize("topic", topic_list().topics, ids=lambda topic: topic.slug)
def test_a_word_has_one_strength(topic: TopicRule) -> None:
    for words in (topic.anywhere, topic.title):
        phrases = [phrase for _, phrase in words.by_strength()]
        assert sorted(set(phrases)) == sorted(phrases)


def test_no_word_names_a_paper_that_ships() -> None:
    titles = [title for entry in shipped_entries() for title in (entry.title_en, entry.title_zh) if title]
    names = {title_key(re.split("[:：]", title)[0]) for title in titles}
    words = {title_key(phrase) for topic in topic_list().topics for phrase in all_phrases(topic)}
    # A book named after its subject is the one exception.
    assert words & names <= {title_key("Reinforcement Learning from Human Feedback")}


def test_the_fingerprint_is_that_of_the_file() -> None:
    assert re.fullmatch("[0-9a-f]{16}", topic_list().fingerprint)


def test_two_topics_with_one_slug_are_refused() -> None:
    topic = topic_list().topics[0]
    with pytest.raises(ValidationError, match="same slug"):
        TopicList(topics=(topic, topic), fingerprint="0")


def test_words_come_strongest_first() -> None:
    words = Words(weak=("sheep",), decisive=("shepherd",))
    assert list(words.by_strength()) == [(1.5, "shepherd"), (0.2, "sheep")]


@pytest.mark.parametrize(
    ("title", "summary", "topics"),
    [
        (
            "SheepRL: Reinforcement Learning with Verifiable Rewards Teaches a Language Model to Count",
            "We train the model with GRPO. The reward is the number of sheep.",
            ("rl-reasoning",),
        ),
        ("A Survey of Wool", "This survey orders what is known of wool.", ("survey",)),
        ("Poisoning the Well", "An attack on models that drink from public sources.", ("safety",)),
        ("Hearing Sheep", "A model of speech and audio for the farm.", ("speech",)),
        (
            "Barn: A Benchmark for Tool Use of Language Agents",
            "Ninety tasks test how agents call tools.",
            ("agents", "benchmark"),
        ),
    ],
)
def test_english_papers_get_their_topics(title: str, summary: str, topics: tuple[str, ...]) -> None:
    assert topics_of(make_english(title, summary)) == topics


@pytest.mark.parametrize(
    ("title", "summary", "topics"),
    [
        ("用可验证奖励强化学习教语言模型数羊", "我们用GRPO训练模型的推理能力。", ("rl-reasoning",)),
        ("羊毛研究综述", "这篇综述整理了羊毛的已有工作。", ("survey",)),
        ("面向牧场的检索增强生成", "系统先从知识图谱里检索羊的资料，再作答。", ("retrieval",)),
        ("会唱歌的羊：语音识别新法", "方法把羊的声学特征转成文字。", ("speech",)),
        (
            "给视频生成剪毛：更快的扩散Transformer",
            "视频生成里的稀疏注意力跳过不重要的块。",
            ("generation", "efficiency"),
        ),
    ],
)
def test_chinese_papers_get_their_topics(title: str, summary: str, topics: tuple[str, ...]) -> None:
    assert topics_of(make_chinese(title, summary)) == topics


def test_a_paper_about_nothing_listed_has_no_topics() -> None:
    assert topics_of(make_english("Counting Sheep", "There were ninety sheep on the hill.")) == ()


def test_a_paper_without_any_text_has_no_topics() -> None:
    assert topics_of(make_english("", title_en=None, summary_en=None)) == ()


def test_case_width_hyphens_and_plurals_make_no_difference() -> None:
    one = make_english("Vision-Language Models on the Farm", "A vision-language model looks at sheep.")
    other = make_english("ＶＩＳＩＯＮ Language Model on the Farm", "A vision language models looks at sheep.")
    assert topics_of(one) == topics_of(other) == ("multimodal",)


def test_traditional_characters_count_as_simplified_ones() -> None:
    assert topics_of(make_chinese("檢索增強生成", "從知識圖譜檢索。")) == ("retrieval",)


def test_a_word_inside_a_longer_word_does_not_count() -> None:
    assert topics_of(make_english("Leveraging Storage", "It averages the fragrance of paragraphs and drags on.")) == ()


def test_a_phrase_that_means_something_else_does_not_count() -> None:
    assert topics_of(make_english("Peer Review of Wool", "Reviewers wrote peer reviews.")) == ("science",)


def test_chemistry_is_not_read_into_reinforcement_learning() -> None:
    paper = make_chinese("强化学习数羊", "用强化学习训练大模型推理，强化学习让它数得更准。")
    assert topics_of(paper) == ("rl-reasoning",)


def test_learning_to_drive_is_not_reasoning() -> None:
    paper = make_english(
        "Driving Sheep Home: Reinforcement Learning for Autonomous Driving",
        "A policy trained with reinforcement learning drives; a language model explains its reasoning.",
    )
    assert topics_of(paper) == ("robotics",)


def test_the_same_told_in_two_languages_has_the_same_topics() -> None:
    english = make_english("A Benchmark of Wool", "We introduce a new benchmark of wool.")
    chinese = make_chinese("羊毛基准", "我们提出一个新的羊毛基准。")
    both = english.model_copy(update={"title_zh": chinese.title_zh, "summary_zh": chinese.summary_zh})
    assert topics_of(english) == topics_of(chinese) == topics_of(both) == ("benchmark",)


def test_key_points_and_notes_count() -> None:
    plain = make_english("Sheepdog", "It barks.")
    told = plain.model_copy(
        update={
            "points": ("The sheepdog is a robot with a world model.",),
            "notes": (Note(heading="🚀", text="机器人牧羊犬用世界模型看路。"),),
        }
    )
    assert topics_of(plain) == ()
    assert topics_of(told) == ("robotics",)


def test_a_note_that_repeats_the_summary_is_not_counted_again() -> None:
    summary = "The sheepdog is fast, its memory small, its pasture wide and green, and its efficiency high."
    once = make_english("Sheepdog", summary)
    twice = once.model_copy(update={"notes": (Note(heading="🚀", text=summary),)})
    assert topics_of(once) == topics_of(twice)


def test_mentions_in_a_long_text_are_not_what_the_paper_is_about() -> None:
    filler = "The shepherd walked over the hill and counted every one of them twice. " * 60
    paper = make_english("A Survey of Shepherds", f"This survey is long. {filler} One shepherd had a robot.")
    assert topics_of(paper) == ("survey",)


def test_five_topics_are_the_most() -> None:
    paper = make_english(
        "A Survey and Benchmark of Speech, Robots, Agents, Retrieval, Attacks and Medical Image Generation", ""
    )
    assert len(topics_of(paper)) == 5


@given(st.text(max_size=300), st.text(max_size=300))
@settings(max_examples=100)
def test_any_text_gets_known_topics_each_once(title: str, summary: str) -> None:
    topics = topics_of(make_english(title, summary, summary_zh=summary))
    assert len(topics) <= 5
    assert len(set(topics)) == len(topics)
    assert set(topics) <= SLUGS


@pytest.mark.parametrize(
    ("arxiv_id", "topic"),
    [
        ("2504.11544", "retrieval"),
        ("2504.13146", "safety"),
        ("2505.06408", "science"),
        ("2505.10832", "efficient-reasoning"),
        ("2505.12082", "architecture"),
        ("2505.24867", "multimodal"),
        ("2509.22944", "efficiency"),
        ("2509.23102", "alignment"),
        ("2510.02283", "generation"),
    ],
)
def test_papers_that_ship_have_their_first_topic(arxiv_id: str, topic: str) -> None:
    entry = next(entry for entry in shipped_entries() if entry.arxiv_id == arxiv_id)
    fields = ("title_en", "title_zh", "summary_en", "summary_zh", "points", "notes")
    paper = make_paper(arxiv_id=arxiv_id, **{field: getattr(entry, field) for field in fields})
    assert topics_of(paper)[0] == topic


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("agents", "agents"),
        (" ＡＧＥＮＴＳ ", "agents"),
        ("智能体", "agents"),
        ("智能體", "agents"),
        ("test time compute", "test-time-compute"),
        ("Test-Time-Compute", "test-time-compute"),
        ("image video and 3d generation", "generation"),
        ("RLForReasoning", "rl-reasoning"),
        ("RL reasoning", "rl-reasoning"),
    ],
)
def test_a_slug_or_a_name_is_found_however_it_is_written(text: str, slug: str) -> None:
    match = find_topics(text)
    assert match.exact is not None
    assert (match.exact.slug, match.nearest) == (slug, ())


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("rl", "rl-reasoning"),
        ("强化学习", "rl-reasoning"),
        ("video", "generation"),
        ("RAG", "retrieval"),
        ("hallucination", "safety"),
        ("幻觉", "safety"),
        ("agnets", "agents"),
        ("multimodel", "multimodal"),
        ("机器人", "robotics"),
    ],
)
def test_other_words_find_the_nearest_topics(text: str, slug: str) -> None:
    match = find_topics(text)
    assert match.exact is None
    assert match.nearest[0].slug == slug
    assert len(match.nearest) <= 3


@pytest.mark.parametrize("text", ["", "  ", "!!!", "🐑", "zzzz"])
def test_words_near_no_topic_find_none(text: str) -> None:
    assert find_topics(text) == (None, ())


@given(st.text(max_size=60))
@settings(max_examples=100)
def test_any_words_are_looked_up(text: str) -> None:
    match = find_topics(text)
    assert match.exact is None or match.nearest == ()

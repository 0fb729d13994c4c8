"""Small builders for test data: name what matters to the test, the rest is filled in."""

from __future__ import annotations

from typing import Any

from store.models import Entry, Evidence, Hit, Paper, Source


def make_entry(**overrides: Any) -> Entry:
    values: dict[str, Any] = {
        "line": 1,
        "title_en": "Counting Sheep with Language Models",
        "title_zh": "用语言模型数羊",
        "summary_en": "We count sheep. The model counts 90.5% of them.",
        "summary_zh": "我们让模型数羊，准确率达到90.5%。",
    }
    return Entry(**{**values, **overrides})


def make_source(**overrides: Any) -> Source:
    values: dict[str, Any] = {
        "file": "2025-05-weekly.md",
        "line": 1,
        "date": "2025-05",
        "fields": ("title_en", "title_zh"),
    }
    return Source(**{**values, **overrides})


def make_paper(**overrides: Any) -> Paper:
    values: dict[str, Any] = {
        "key": "2505-00001",
        "arxiv_id": "2505.00001",
        "version": 1,
        "title_en": "Counting Sheep with Language Models",
        "title_zh": "用语言模型数羊",
        "authors": ("Ada Wong", "Bo Li"),
        "published": "2025-05",
        "summary_en": "We count sheep. The model counts 90.5% of them.",
        "summary_zh": "我们让模型数羊，准确率达到90.5%。",
        "points": ("数羊准确率90.5%",),
        "code_url": "https://github.com/example/sheep",
        "links": ("https://github.com/example/sheep",),
        "topics": ("agents",),
        "sources": (make_source(),),
    }
    return Paper(**{**values, **overrides})


def make_hit(**overrides: Any) -> Hit:
    values: dict[str, Any] = {
        "key": "2505-00001",
        "arxiv_id": "2505.00001",
        "title_en": "Counting Sheep with Language Models",
        "title_zh": "用语言模型数羊",
        "score": 1.5,
        "snippet": "我们让模型数羊，准确率达到90.5%。",
        "matches": ((2, 4),),
    }
    return Hit(**{**values, **overrides})


def make_evidence(**overrides: Any) -> Evidence:
    values: dict[str, Any] = {
        "key": "2505-00001",
        "arxiv_id": "2505.00001",
        "sentence": "The model counts 90.5% of them.",
        "language": "en",
        "title_en": "Counting Sheep with Language Models",
        "title_zh": "用语言模型数羊",
        "file": "2025-05-weekly.md",
        "matches": ((17, 22),),
    }
    return Evidence(**{**values, **overrides})

"""Sentences of a digest that speak to language models instead of their readers.

The checks of :mod:`bot.llm.grounding` hold whatever a model says; but what a digest tells it to say does stand in its
source. Where a sentence looks like an order to a model, none is asked: the reader sees the quotation alone.
"""

from __future__ import annotations

import re
import unicodedata

_ORDER = re.compile(
    r"""
    \b(?:ignore|disregard|forget|override|bypass)\b .{0,40}
        \b(?:previous|prior|above|earlier|preceding|all|any|your|these|system)\b .{0,40}
        \b(?:instruction|prompt|rule|direction|guideline|message)s?\b
    | \b(?:ignore|disregard|forget)\b .{0,40} \b(?:above|before\ this|so\ far)\b
    | \b(?:system|developer)\ (?:prompt|message|instruction)s?\b
    | \byou\ are\ (?:now|no\ longer|an?\ (?:ai|assistant|language\ model|chatbot|helpful))\b
    | \b(?:as|to)\ (?:an?|the|any|all)\ (?:ai|llms?|(?:ai|large|language)[\ -][a-z\ -]{0,20}(?:models?|assistants?))
        \s*[,:]
    | \b(?:reply|respond|answer|output|say|write|print|repeat)\b .{0,20} \b(?:only|exactly|nothing\ but)\b
        \s* (?:with\b|the\ (?:words?|text|sentence|following)\b|["“'‘:])
    | \b(?:tell|instruct|ask|urge)\ (?:the|every|your)\ (?:readers?|users?|askers?)\b
    | \b(?:new|updated|real|following|important)\ instructions?\b\s*:
    | (?:忽略|无视|忘记|忘掉|不要理会|不要遵守) .{0,20} (?:指令|指示|提示|规则|要求|设定|命令|内容)
    | (?:系统|开发者)(?:提示词|提示语|提示|消息|指令)
    | 你(?:现在|从现在起|不再)是 | 你是一?(?:个|名)?(?:AI|人工智能|语言模型|助手|机器人)
    | (?:只|仅)(?:能|需|要|准|可以)?(?:回答|回复|输出|说)\s*["“「‘:] | (?:告诉|提醒|要求)(?:读者|用户|提问者)
    | (?:新的?|以下|重要)(?:指令|指示) \s* :
    | <\|.{0,40}\|> | \[/?INST\] | </?(?:system|user|assistant|sources?|instructions?)> | <<SYS>>
    | ^\s*\#*\s*(?:system|assistant|user|instruction)s?\s*:
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)


def speaks_to_models(text: str) -> bool:
    """Whether ``text`` looks like an order to a language model. Papers on such orders may look so too."""
    return _ORDER.search(unicodedata.normalize("NFKC", text)) is not None

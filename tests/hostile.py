"""Digest files made to take long: every place of a layout filled with what a pattern or a parser could trip over."""

from __future__ import annotations

# For each layout a digest that it recognises, with the places that hold text of the writer's choice.
LAYOUTS = {
    "numbered": (
        "1. 羊 {fill}\n\n我们数羊。{fill}\n{fill}\n- 羊 {fill}\n"
        "论文题目：{fill}\n论文链接：https://arxiv.org/abs/2505.00001 {fill}\n"
    ),
    "weekly": (
        "## Goats\n[山羊](https://arxiv.org/abs/2505.00002)\n\n我们数山羊。\n\n## {fill}\n我们数羊。\n\n"
        "## Sheep {fill}\n[羊 {fill}](https://arxiv.org/abs/2505.00001) {fill}\n\n我们数羊。{fill}\n"
        "代码：{fill}\n- 羊 {fill}\n\n### {fill}\n羊 {fill}\n"
    ),
    "daily": (
        "2025-05-30 更新\n## Goats {fill}\n**Authors:{fill}**\nWe count sheep {fill}\n{fill}\n"
        "论文及项目相关链接\nPDF {fill}\n**Summary**\n{fill}\nKey Takeaways\n- {fill}\n1. {fill}\n"
    ),
    "bib-notes": (
        "- [25/04] **Sheep {fill}**\n"
        "[[Paper](http://arxiv.org/pdf/2504.00001v1)] [[Code](http://{fill})] {fill} [[TLDR](#{fill})]\n\n"
        "## {fill}\n### Abstract\nWe count sheep {fill}\n### 🌟 论文解读 | {fill}\n{fill}\n### 📌 {fill}\n- {fill}\n"
    ),
}
# What is repeated without end, on one line.
SIGNS = {
    "spaces": " ",
    "digits": "1",
    "capitals": "A",
    "brackets": "[",
    "round brackets": "(",
    "braces": "{",
    "angle brackets": "<",
    "hashes": "#",
    "asterisks": "**",
    "dollars": "$",
    "dollar, space": "$ ",
    "backticks": "``",
    "quotes": '"',
    "full stops": ". ",
    "ellipses": "…",
    "numbers": "1. ",
    "percents": "53. 6 %",
    "addresses": "http://",
    "whole addresses": "https://a.b/c ",
    "links": "[a](http://b.c) ",
    "links that never end": "[[a](",
    "pictures": "![a](b",
    "tags": "<b>",
    "open tags": "<a ",
    "scripts": "<sup>",
    "entities": "&lt;",
    "accents": '\\"',
    "accented braces": '\\"{',
    "commands": "\\textbf{",
    "fractions": "\\frac{",
    "formulas": "$x^2$",
    "citations": "\\cite{",
    "heaped marks": "\u0323\u0301",
    "ligatures": "ﷺ",
    "turned text": "\u202ea",
    "escapes": "\x1b[1m羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊羊",
    "arXiv ids": "arXiv:2505.00001 ",
    "half an id": "arxiv.org/abs/",
    "authors": "A B, ",
    "Chinese": "强化学习",
}
# What is repeated line by line: lines that are nearly, or really, what a layout looks for.
LINES = {
    "list items": "- [",
    "list entries": "- [25/04] **Sheep**",
    "boxes": "[[Paper](http://arxiv.org/abs/2504.00001)]",
    "entries with boxes": "- [25/04] **Ewe** [[Paper](http://arxiv.org/abs/2504.00001)] [[Code](http://a.b)] [[A](#a)]",
    "dense markup": "- a $x^2$ <b>b</b> &lt; `c` **d** https://a.b/c 5. 6 % \\textbf{e} [f](http://a.b) \\\"a ``q''",
    "slugs": "## sheep",
    "headings": "### ",
    "empty headings": "##",
    "linked headings": "## [羊](https://arxiv.org/abs/2505.00001)",
    "link lines": "[羊](https://arxiv.org/abs/2505.00001)",
    "numbered titles": "1. 羊",
    "numbered links": "论文链接：https://arxiv.org/abs/2505.00001",
    "authors": "Authors:Ada",
    "sections": "Key Takeaways",
    "dates": "2025-05-30 更新",
    "remarks": "PDF 羊",
    "points": "- a",
    "fences": "```",
    "rules": "---",
    "page numbers": "12\n",
    "blank lines": "",
    "labels": "代码：https://a.b/c",
    "openings": "羊：",
}
_WIDTH = 50  # bytes of a line


def on_one_line(layout: str, sign: str, size: int) -> bytes:
    """A file of about ``size`` bytes: each place of the layout has the sign over and over."""
    template = LAYOUTS[layout]
    each = size // template.count("{fill}") // len(sign.encode("utf-8"))
    return template.replace("{fill}", sign * each).encode("utf-8")


def line_by_line(layout: str, line: str, size: int) -> bytes:
    """A file of about ``size`` bytes: a digest of the layout, and then the line over and over, short ones with spaces
    after them."""
    wide = line + " " * (_WIDTH - len(line.encode("utf-8"))) + "\n"
    return (LAYOUTS[layout].replace("{fill}", "羊") + wide * (size // len(wide.encode("utf-8")))).encode("utf-8")

"""LaTeX spans to Unicode."""

from __future__ import annotations

import time
import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.text.latex import delatex


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R$^2$GRPO", "R²GRPO"),
        ("O$^2$-Sheep", "O²-Sheep"),
        ("$x_1^2$ and $10^{-3}$", "x₁² and 10⁻³"),
        (r"$\mathbb{R}^{d \times d}$", "ℝ^(d × d)"),
        (r"$\pi_\theta(a|s)$", "π_θ(a|s)"),
        (r"$90^\circ$", "90°"),
    ],
)
def test_scripts_become_unicode_where_unicode_has_them(text: str, expected: str) -> None:
    assert delatex(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"a dynamic $\beta$ for sheep", "a dynamic β for sheep"),
        (r"$\alpha$1 counts", "α1 counts"),
        (r"from 41.7 %$\rightarrow$58.2 % of", "from 41.7 %→58.2 % of"),
        (r"$8.4\%$ more", "8.4% more"),
        (r"Long$\otimes$Short", "Long⊗Short"),
        ("from $1$K to $6$K and ($7$B)", "from 1K to 6K and (7B)"),
        ("$O(n \\log n)$", "O(n log n)"),
        (r"$\frac{1}{2}$ and $\frac{a+b}{c}$", "1/2 and (a+b)/c"),
        (r"$\sqrt{2}$", "√2"),
        (r"$\{a, b\}$", "{a, b}"),
        ("$$x^2$$", "x²"),
        (r"\(x^2\)", "x²"),
        (r"$\sim$4.6 s", "~4.6 s"),
    ],
)
def test_formulas_become_unicode(text: str, expected: str) -> None:
    assert delatex(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"an \textbf{80.6\%} F1", "an 80.6% F1"),
        (r"\textit{a \textbf{b} c}", "a b c"),
        (r"\emph{all} of \textsc{SheepBench}", "all of SheepBench"),
        (r"{\bf Sheep} and {\it goats}", "Sheep and goats"),
        (r"\textcolor{red}{Sheep}", "Sheep"),
        (r"gains of > 12\% on \_x\_ \& \#1", "gains of > 12% on _x_ & #1"),
        (r"< 2{\AA}, given", "< 2Å, given"),
        (r"Sheep\footnote{5 of them} sleep", "Sheep (5 of them) sleep"),
        (r"SheepRL\xspace is", "SheepRL is"),
    ],
)
def test_commands_show_their_text(text: str, expected: str) -> None:
    assert delatex(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"we propose \ourmodel, and \ourmodel-7B", "we propose ourmodel, and ourmodel-7B"),
        (r"(\our), where \our to serve", "(our), where our to serve"),
        (r"\unknown{Sheep} sleep", "Sheep sleep"),
    ],
)
def test_a_command_nobody_knows_stays_as_its_name(text: str, expected: str) -> None:
    assert delatex(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\href{https://a.org/x}{https://a.org/x}.", "https://a.org/x."),
        (r"\href{https://a.org/}{this page}.", "this page (https://a.org/)."),
        (r"at \url{https://a.org/x_y}", "at https://a.org/x_y"),
    ],
)
def test_links_show_their_address(text: str, expected: str) -> None:
    assert delatex(text) == expected


def test_citations_go_and_leave_no_gap() -> None:
    assert delatex(r"(SheepRL)~\cite{Wong-2024}, known") == "(SheepRL), known"
    assert delatex(r"as shown \citep[p.~3]{Wong-2024}.") == "as shown."
    assert delatex(r"insights of \citet{Wong-2024}.") == "insights of Wong-2024."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"na\"ive", "naïve"),
        (r"na\"{i}ve", "naïve"),
        (r"na{\"i}ve", "naïve"),
        (r"Erd\H{o}s and Fran\c{c}ois", "Erdős and François"),
        (r"Poincar\'e", "Poincaré"),
    ],
)
def test_accents_are_put_on_their_letters(text: str, expected: str) -> None:
    assert delatex(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"don\'t say \"word\"", 'don\'t say "word"'),
        (r"it\'s", "it's"),
        (r"the string \"\n\n\" ends", 'the string "\\n\\n" ends'),
        (r"\[PDF\]", "[PDF]"),
    ],
)
def test_an_escape_is_not_taken_for_an_accent(text: str, expected: str) -> None:
    assert delatex(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "from 5% to 72%, compared to 75%",
        "$5 and $7",
        "costs $5-$7 or US$5 (was $10)",
        "US$100M to $2B in 2024",
        "one $ alone",
        "pass^4 of x_1 stays",
        "~4.6 s {as it is} # 1 & 2",
        "```python and `code`",
        "",
    ],
)
def test_running_text_is_left_alone(text: str) -> None:
    assert delatex(text) == text


def test_quotation_marks_of_tex_become_real_ones() -> None:
    assert delatex("``first, I count’’-without ``sheep''") == "“first, I count”-without “sheep”"


def test_a_text_that_is_hardly_anything_but_signs_is_left_as_it_is() -> None:
    assert delatex("\\a" * 2000) == "\\a" * 2000


@pytest.mark.parametrize("unit", ["$", "$ ", "\\", "\\(", "\\textbf{", "{", "{\\", "``", "$^{", "$a ", "\\frac{a}"])
def test_a_hostile_text_is_read_in_proportion_to_its_length(unit: str) -> None:
    text = unit + "sheep and more sheep, "  # so thin that it is not taken for noise
    started = time.process_time()
    delatex(text * (1_000_000 // len(text)))
    assert time.process_time() - started < 3


def _digits(text: str) -> Counter[str]:
    return Counter(ch for ch in unicodedata.normalize("NFKC", text) if ch in "0123456789")


LATEX = st.lists(
    st.sampled_from(
        [
            "$",
            "^",
            "_",
            "{",
            "}",
            "\\",
            "%",
            "\\%",
            "5",
            "12",
            " ",
            "a",
            "\\textbf",
            "\\alpha",
            "``",
            "''",
            "(",
            "~",
            ".",
            "\\n",
        ]
    ),
    max_size=40,
).map("".join)


@given(LATEX)
@settings(max_examples=100)
def test_no_digit_and_no_percent_sign_is_lost(text: str) -> None:
    shown = delatex(text)
    assert _digits(shown) == _digits(text)
    assert shown.count("%") == text.count("%")


@given(st.text(max_size=300))
@settings(max_examples=100)
def test_any_text_is_read(text: str) -> None:
    assert isinstance(delatex(text), str)

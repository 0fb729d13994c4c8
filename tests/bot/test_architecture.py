"""What holds for the code as a whole: one direction, small modules, nothing done by importing."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import store
from tests.conftest import ROOT

MODULES = sorted(path for half in ("store", "bot") for path in (ROOT / half).rglob("*.py"))


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[tuple[str, str | None]]:
    """Each import of a module, as (module, name imported from it)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from ((node.module or "", alias.name) for alias in node.names)


@pytest.mark.parametrize("path", [path for path in MODULES if "store" in path.parts], ids=names)
def test_the_store_knows_nothing_of_the_bot(path: Path) -> None:
    roots = {module.partition(".")[0] for module, _ in imports(path)}
    assert not roots & {"bot", "telegram", "asyncio", "pydantic_settings", "click"}


@pytest.mark.parametrize("path", [path for path in MODULES if "store" not in path.parts], ids=names)
def test_the_bot_knows_only_what_the_store_exports(path: Path) -> None:
    used = [(module, name) for module, name in imports(path) if module.partition(".")[0] == "store"]
    assert {module for module, _ in used} <= {"store"}
    assert {name for _, name in used} <= set(store.__all__)


def test_what_the_store_exports_is_there() -> None:
    assert len(set(store.__all__)) == len(store.__all__)
    for name in store.__all__:
        assert hasattr(store, name)


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_modules_are_small_and_say_what_they_are_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert not text or ast.get_docstring(ast.parse(text))


def test_the_design_says_what_every_module_is_for() -> None:
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    named = re.findall(r"`(?:\w+/)?([\w*]+\.py)`", design)
    modules = [path for path in MODULES if path.parent.parent == ROOT and path.name != "__init__.py"]
    assert [names(path) for path in modules if not any(path.match(name) for name in named)] == []


def test_importing_does_nothing(tmp_path: Path) -> None:
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in MODULES]
    script = "\n".join(
        [
            "import sys, threading",
            f"sys.path.insert(0, {str(ROOT)!r})",
            *(f"import {module.removesuffix('.__init__')}" for module in modules),
            "assert threading.active_count() == 1",
            "assert 'jieba' not in sys.modules, 'half a second for who only asks for --help'",
        ]
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []

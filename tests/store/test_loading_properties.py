"""Whatever changes in a folder of digests, a load of the changes gives the archive that a load of everything gives."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from store import Archive, Hit, Paper, load
from tests.digests import daily_digest, daily_entry, weekly_digest, weekly_entry

TITLES = ("Counting Sheep", "Herding Goats")
CHINESE_TITLES = ("用语言模型数羊", "赶山羊的方法")
WORDS = ("lantern", "meadow", "shepherd")
QUERIES = (*WORDS, "sheep", "goats", "数羊")

# Few titles, ids and words, so that the entries of different files often tell of one paper.
weekly_digests = st.lists(
    st.builds(
        weekly_entry,
        st.sampled_from(TITLES),
        st.sampled_from(CHINESE_TITLES),
        st.sampled_from(("2505.00001", "2505.00002")),
        st.sampled_from(WORDS).map("我们用 {} 数羊。".format),
    ),
    min_size=2,
    max_size=2,
).map(lambda entries: weekly_digest(*entries))
daily_digests = st.builds(
    daily_entry, st.sampled_from(TITLES), abstract_en=st.sampled_from(WORDS).map("We count with a {} at night.".format)
).map(daily_digest)
digests = st.none() | daily_digests | weekly_digests
folders = st.fixed_dictionaries({"a.md": daily_digests, "b.md": digests, "c.md": digests})


def loaded(seeds: Path, data: Path) -> tuple[list[Paper], list[list[Hit]]]:
    load(seeds, data)
    with Archive.open(data) as archive:
        return list(archive.papers()), [list(archive.search(query).hits) for query in QUERIES]


@given(st.lists(folders, min_size=2, max_size=3))
@settings(max_examples=30, deadline=None)
def test_loads_of_changes_add_up_to_a_load_of_everything(states: list[dict[str, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder, "seeds")
        seeds.mkdir()
        for files in states:
            for path in seeds.iterdir():
                path.unlink()
            for name, text in files.items():
                if text is not None:
                    (seeds / name).write_text(text, encoding="utf-8")
            changed = loaded(seeds, Path(folder, "data"))
        assert changed == loaded(seeds, Path(folder, "anew"))

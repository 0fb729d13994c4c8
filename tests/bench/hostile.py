"""How long files take that were made to take long: ``python -m tests.bench.hostile``."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping

import click

from store.layouts import UnreadableDigest, read_digest
from tests.hostile import LAYOUTS, LINES, SIGNS, line_by_line, on_one_line

LIMIT = 5.0  # seconds


def seconds(data: bytes) -> float:
    """The processor time it takes to read, or to refuse, a file."""
    started = time.process_time()
    with contextlib.suppress(UnreadableDigest):
        read_digest("hostile.md", data)
    return time.process_time() - started


def measure(name: str, fills: Mapping[str, str], make: Callable[[str, str, int], bytes], size: int) -> float:
    """Print for each fill the layout that takes longest with it; the longest time of all."""
    longest = 0.0
    click.echo(f"\n{name}, {size / 1_000_000:g} MB")
    for fill, text in fills.items():
        times = {layout: seconds(make(layout, text, size)) for layout in LAYOUTS}
        slowest = max(times, key=lambda layout: times[layout])
        click.echo(f"  {fill:24} {times[slowest]:5.2f} s  {slowest}")
        longest = max(longest, times[slowest])
    return longest


@click.command()
@click.option("--megabytes", default=10.0, show_default=True, help="How long the files are.")
def main(megabytes: float) -> None:
    """Print how long each takes, and fail where one takes over five seconds."""
    size = int(megabytes * 1_000_000)
    longest = max(
        measure("One line of", SIGNS, on_one_line, size),
        measure("Lines of", LINES, line_by_line, size),
    )
    click.echo(f"\nThe slowest takes {longest:.2f} s.")
    if longest > LIMIT:
        raise click.ClickException(f"It may take {LIMIT:g} s.")


if __name__ == "__main__":
    main()

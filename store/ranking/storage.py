"""The index on the disk: segments, and for each generation its statistics and a manifest naming both.

A generation is one state of the collection, numbered by the database beside the files. Generations share the
segments that did not change between them. The manifest is written last: a generation is whole or not there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from store.ranking.files import (
    TEMPORARY_SUFFIX,
    UnreadableIndex,
    open_arrays,
    replacing,
    sync_folder,
    write_arrays,
)
from store.ranking.segment import Segment
from store.ranking.statistics import Statistics

_PREFIX = "ranking-"


class _Manifest(BaseModel):
    """The files of one generation, by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    segments: tuple[str, ...]
    statistics: str
    average_idf: float


def write_generation(folder: Path, generation: int, segments: Sequence[Segment], statistics: Statistics) -> None:
    """Write what is not yet in ``folder`` of an index, then the manifest of ``generation``."""
    names = []
    for place, segment in enumerate(segments):
        if segment.path is None or segment.path.parent != folder:
            path = folder / f"{_PREFIX}{generation}-{place}.segment"
            segment.write(path)
            names.append(path.name)
        else:
            names.append(segment.path.name)
    counted = folder / f"{_PREFIX}{generation}.statistics"
    counts = {f"counts_{place}": own for place, own in enumerate(statistics.counts)}
    write_arrays(counted, {"live": statistics.live, **counts})
    manifest = _Manifest(segments=tuple(names), statistics=counted.name, average_idf=statistics.average_idf)
    sync_folder(folder)
    with replacing(_manifest_path(folder, generation)) as file:
        file.write(manifest.model_dump_json(indent=1).encode("utf-8"))
    sync_folder(folder)


def open_generation(folder: Path, generation: int) -> tuple[list[Segment], Statistics]:
    """Map a generation's files into memory.

    Raises FileNotFoundError where one is missing and UnreadableIndex where one is damaged or does not fit.
    """
    manifest = _read_manifest(_manifest_path(folder, generation))
    segments = [Segment.open(folder / name) for name in manifest.segments]
    arrays = open_arrays(folder / manifest.statistics)
    try:
        counts = tuple(arrays[f"counts_{place}"] for place in range(len(segments)))
        statistics = Statistics(arrays["live"], counts, manifest.average_idf)
    except KeyError as error:
        raise UnreadableIndex(f"{manifest.statistics} lacks {error}") from error
    if len(statistics.live) != sum(map(len, segments)):
        raise UnreadableIndex(f"{manifest.statistics} does not fit the segments of generation {generation}")
    return segments, statistics


def remove_unused(folder: Path, keep: Collection[int]) -> list[str]:
    """Delete the index files in ``folder`` that no generation of ``keep`` uses; the names of those deleted.

    Raises UnreadableIndex, and deletes nothing, where the manifest of a generation to keep is damaged.
    """
    used = set()
    for generation in keep:
        path = _manifest_path(folder, generation)
        if path.exists():
            manifest = _read_manifest(path)
            used |= {path.name, manifest.statistics, *manifest.segments}
    files = [*folder.glob(f"{_PREFIX}*"), *folder.glob(f".{_PREFIX}*{TEMPORARY_SUFFIX}")]
    unused = sorted(path.name for path in files if path.name not in used)
    for name in unused:
        (folder / name).unlink(missing_ok=True)
    return unused


def _manifest_path(folder: Path, generation: int) -> Path:
    return folder / f"{_PREFIX}{generation}.json"


def _read_manifest(path: Path) -> _Manifest:
    try:
        return _Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise UnreadableIndex(f"{path.name} is no manifest of an index") from error

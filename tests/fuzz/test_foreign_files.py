"""Whatever a file holds is read or answered in one line; the campaign in `foreign_files.py`, small."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import foreign_files as files
import pytest
from foreign_files import REPLACED, SPOILT, try_import, try_tables, try_words
from front_door import RAN, REFUSED

TABLES, RESULTS = 60, 6


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a small sweep."""
    return files.made_results(tmp_path_factory.mktemp("results") / "whole")


@pytest.fixture
def spoilt(whole: Path, tmp_path: Path) -> Path:
    """A copy of them."""
    return Path(shutil.copytree(whole, tmp_path / "spoilt"))


def test_damaged_tables_are_read_right_or_refused_in_one_line(tmp_path: Path) -> None:
    pick = random.Random(files.SEED)
    tried = [try_tables(*files.tables(pick), tmp_path) for _ in range(TABLES)]
    assert [case for case in tried if case.failed] == []
    # A campaign that refuses all, or reads all, has tried nothing.
    assert {case.became for case in tried} == {RAN, REFUSED}


def test_sound_tables_are_read_with_any_line_end_and_byte_order_mark(tmp_path: Path) -> None:
    for mark in (b"", b"\xef\xbb\xbf"):
        for end in ("\n", "\r\n", "\r"):
            towns, roads = (
                mark + text.replace("\n", end).encode() for text in (files.TOWNS, files.ROADS)
            )
            assert try_tables(towns, roads, tmp_path).became == RAN


@pytest.mark.parametrize("cell", ["nan", "inf", "91", "x", "\x00", "=1+1"])
def test_a_coordinate_that_is_none_is_refused(cell: str, tmp_path: Path) -> None:
    assert try_tables(
        files.TOWNS.replace("-3.4", cell).encode(), files.ROADS.encode(), tmp_path
    ).became == REFUSED  # fmt: skip


@pytest.mark.parametrize("name", ["\x1b[2J", "a\x00b", "x" * 5000, ""])
def test_a_name_that_no_screen_can_show_is_refused(name: str, tmp_path: Path) -> None:
    towns, roads = (text.replace("Hill", name).encode() for text in (files.TOWNS, files.ROADS))
    assert try_tables(towns, roads, tmp_path).became == REFUSED


@pytest.mark.parametrize("way", [way for way in REPLACED if way != "a pipe"])
def test_what_is_no_table_is_refused_before_it_fills_the_memory(way: str, tmp_path: Path) -> None:
    towns, roads = tmp_path / "towns.csv", tmp_path / "roads.csv"
    towns.write_text("")
    roads.write_text(files.ROADS)
    REPLACED[way](towns)
    assert try_import(towns, roads, tmp_path).became == REFUSED


def test_spoilt_results_are_read_or_refused_in_one_line(whole: Path, tmp_path: Path) -> None:
    tried = [case for n in range(RESULTS) for case in files.try_spoilt(whole, tmp_path, n)]
    assert [case for case in tried if case.failed] == []


@pytest.mark.parametrize("way", REPLACED)
@pytest.mark.parametrize("part", ["config.yaml", "provenance.json", "design.parquet", "weekly"])
def test_a_file_of_results_that_is_none_is_refused(part: str, way: str, spoilt: Path) -> None:
    file = next(spoilt.glob("weekly/*.parquet")) if part == "weekly" else spoilt / part
    REPLACED[way](file)
    files.reseal(spoilt)
    assert try_words("digest", str(spoilt)).became == REFUSED


@pytest.mark.parametrize("way", SPOILT)
@pytest.mark.parametrize(("part", "column"), [("runs", "replicate"), ("weekly", "count")])
def test_a_chunk_with_another_table_in_it_is_refused(
    part: str, column: str, way: str, spoilt: Path
) -> None:
    import pyarrow.parquet as pq

    file = next(spoilt.glob(f"{part}/*.parquet"))
    table = pq.read_table(file)
    about = table.schema.metadata
    changed = SPOILT[way](table, table.column_names.index(column))
    pq.write_table(changed.replace_schema_metadata(about), file)
    files.reseal(spoilt)
    case = try_words("digest", str(spoilt))
    # A count that is another count is for no reader to tell.
    assert case.became == (RAN if (part, way) == ("weekly", "small") else REFUSED)


def test_a_fault_a_hang_and_a_flood_of_memory_are_noticed(
    spoilt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import front_door

    from experiments import digest

    def broken(_: object) -> str:
        raise KeyError("week")

    monkeypatch.setattr(digest, "digest", broken)
    assert "KeyError" in try_words("digest", str(spoilt)).became
    monkeypatch.setattr(digest, "digest", lambda _: bytes(files.ROOM + 1))
    assert "MemoryError" in try_words("digest", str(spoilt)).became
    monkeypatch.setattr(front_door, "SECONDS", 1)
    monkeypatch.setattr(files, "SECONDS", 1)
    monkeypatch.setattr(digest, "digest", lambda _: [None for _ in iter(int, 1)])
    assert "hangs" in try_words("digest", str(spoilt)).became

from __future__ import annotations

import errno
import fcntl
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fake_engine import COLUMNS

from experiments import chunks
from experiments.chunks import DamagedChunkError
from experiments.computed import Computed
from experiments.histograms import bins_of_series, count_cells
from experiments.store import DAMAGED, LOCK, Store, Stored
from experiments.tasks import Task, batches, settle
from sim.errors import ForestallError

HERE = Task("k1", "p1", "treatment", 0, 4)
NEXT = Task("k1", "p1", "treatment", 4, 6)
OTHER = Task("k2", "p2", "baseline", 0, 3)


def computed(task: Task) -> Computed:
    draw = np.random.default_rng(task.first)
    outcomes = draw.random((len(task), len(COLUMNS.outcomes)))
    series = np.floor(draw.lognormal(2, 1, (len(task), 5, len(COLUMNS.series))))
    cells, counts = count_cells(bins_of_series(series, shares=COLUMNS.shares))
    # As workers send them: narrow while they wait.
    return Computed(task, outcomes, cells, counts.astype(np.int32))


def notices() -> tuple[list[str], Callable[[str], None]]:
    said: list[str] = []
    return said, said.append


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store with one chunk of three tasks."""
    with Store(tmp_path / "r", notice=pytest.fail) as store:
        store.commit([computed(task) for task in (OTHER, NEXT, HERE)], COLUMNS)
    return tmp_path / "r"


def chunk_files(folder: Path) -> list[Path]:
    return [next((folder / part).glob("chunk-*.parquet")) for part in ("runs", "weekly")]


def test_what_was_committed_is_found_again_with_adjoining_blocks_joined(folder: Path) -> None:
    stored = Stored(folder)
    assert stored.tasks("k1", "treatment") == [Task("k1", "p1", "treatment", 0, 6)]
    assert stored.tasks("k2", "baseline") == [OTHER]
    assert stored.tasks("k2", "treatment") == []


def test_rows_and_histograms_come_back_as_they_were(folder: Path) -> None:
    (chunk,) = Stored(folder).chunks
    runs = chunks.read_table(chunk.runs).to_pandas()
    expected = np.concatenate([computed(task).outcomes for task in (HERE, NEXT, OTHER)])
    assert np.array_equal(runs[list(COLUMNS.outcomes)].to_numpy(), expected)
    assert runs["replicate"].tolist() == [0, 1, 2, 3, 4, 5, 0, 1, 2]
    weekly = chunks.read_table(chunk.weekly).to_pandas()
    assert len(weekly) == sum(chunk.weekly_rows)
    assert weekly["count"].sum() == 9 * 5 * len(COLUMNS.series)


def test_a_chunk_of_several_pieces_holds_joined_and_single_blocks(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Joined blocks are sums, wider than the counts of a single one: one file takes one type."""
    monkeypatch.setattr("experiments.computed._PIECE_SIZE", 1)
    tasks = [Task("k", "a", "treatment", 0, 4), Task("k", "a", "treatment", 4, 8),
             Task("k", "b", "treatment", 0, 4)]  # fmt: skip
    with Store(folder, notice=print) as store:
        store.commit([computed(task) for task in tasks], COLUMNS)
    assert len(Stored(folder).tasks("k", "treatment")) == 2


def test_the_order_in_which_tasks_finish_does_not_change_the_files(
    folder: Path, tmp_path: Path
) -> None:
    with Store(tmp_path / "s", notice=pytest.fail) as store:
        store.commit([computed(task) for task in (HERE, OTHER, NEXT)], COLUMNS)
    names = [file.name for file in chunk_files(folder)]
    assert [file.name for file in chunk_files(tmp_path / "s")] == names


def test_a_write_that_fails_leaves_nothing_behind(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = sorted(folder.rglob("*"))
    monkeypatch.setattr(os, "fsync", full)
    with Store(folder, notice=pytest.fail) as store:
        with pytest.raises(ForestallError, match="No space left on device") as mistake:
            store.commit([computed(Task("k3", "p3", "baseline", 0, 2))], COLUMNS)
        assert str(folder) in str(mistake.value)
        assert "\n" not in str(mistake.value)
        assert store.stored.tasks("k3", "baseline") == []
    assert sorted(folder.rglob("*")) == before


def test_a_file_is_on_the_disk_before_it_has_its_name_and_its_name_before_it_counts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, kept, renamed = [], os.fsync, Path.replace

    def kept_too(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        kept(descriptor)

    def renamed_too(file: Path, to: Path) -> Path:
        done.append("name")
        return renamed(file, to)

    monkeypatch.setattr(os, "fsync", kept_too)
    monkeypatch.setattr(Path, "replace", renamed_too)
    chunks.write_aside(folder / "written", b"whole")
    assert done == ["file", "name", "folder"]
    assert (folder / "written").read_bytes() == b"whole"


def test_a_half_written_chunk_is_swept_away_and_does_not_count(folder: Path) -> None:
    (folder / "runs" / "chunk-0123.parquet.77.part").write_bytes(b"PAR1 half")
    orphan = folder / "weekly" / "chunk-0123.parquet"
    orphan.write_bytes(b"the runs were never written")
    with Store(folder, notice=pytest.fail) as store:
        assert len(store.stored.chunks) == 1
    assert not list(folder.rglob("*.part"))
    assert not orphan.exists()


def test_leftovers_of_dead_processes_are_removed_and_those_of_living_ones_stay(
    folder: Path, tmp_path: Path
) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    kept = folder / f"summary.csv.{os.getppid()}.part"
    (folder / "discovery").mkdir()
    gone = [
        folder / f"config.yaml.{dead.pid}.part",
        folder / "discovery" / f"boxes.csv.{dead.pid}.part",
        folder / ".pilot-abc" / "results" / "runs",
        folder / "jobs" / "12_0_submitted.pkl",
        folder / "jobs" / "12_0_log.err",
    ]
    for leftover in gone:
        leftover.parent.mkdir(parents=True, exist_ok=True)
        leftover.write_text("left")
    elsewhere = tmp_path / "mine"
    elsewhere.mkdir()
    others = [
        kept, folder / "film.part", elsewhere / "script.sh",
        elsewhere / "chunk-12.part", elsewhere / f"boxes.csv.{dead.pid}.part",
    ]  # fmt: skip
    for file in others:
        file.write_text("of somebody else")
    with Store(folder, notice=pytest.fail) as store:
        assert len(store.stored.chunks) == 1
    assert not [leftover for leftover in gone if leftover.exists()]
    assert not (folder / ".pilot-abc").exists()
    assert not (folder / "jobs").exists()
    for link in ("jobs", "discovered", ".pilot-linked"):
        (folder / link).symlink_to(elsewhere)
    with Store(folder, notice=pytest.fail):
        pass
    assert all(file.exists() for file in others)


def _truncate(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flip(content: bytes) -> bytes:
    middle = len(content) // 3
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def _garbage(content: bytes) -> bytes:
    return b"not a chunk at all"


@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize("damage", [_truncate, _flip, _garbage, lambda content: b""])
def test_a_damaged_chunk_is_an_error_to_a_reader_and_set_aside_by_a_writer(
    folder: Path, part: int, damage: Callable[[bytes], bytes]
) -> None:
    file = chunk_files(folder)[part]
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(DamagedChunkError) as mistake:
        Stored(folder)
    assert str(file) in str(mistake.value)
    assert "\n" not in str(mistake.value)
    said, notice = notices()
    with Store(folder, notice=notice) as store:
        assert store.stored.chunks == []
        store.commit([computed(task) for task in (HERE, NEXT, OTHER)], COLUMNS)
    assert len(said) == 1
    assert file.name in said[0]
    assert list((folder / DAMAGED).iterdir())
    assert len(Stored(folder).chunks) == 1


def test_every_flipped_byte_is_noticed(folder: Path) -> None:
    for file in chunk_files(folder):
        content = file.read_bytes()
        for place in range(0, len(content), 97):
            file.write_bytes(
                content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :]
            )
            with pytest.raises(DamagedChunkError):
                Stored(folder)
        file.write_bytes(content)
    assert len(Stored(folder).chunks) == 1


def test_a_chunk_without_its_weekly_half_is_damaged(folder: Path) -> None:
    chunk_files(folder)[1].unlink()
    with pytest.raises(DamagedChunkError, match="No such file"):
        Stored(folder)


def test_two_sweeps_cannot_write_to_one_folder(folder: Path) -> None:
    with (
        Store(folder, notice=pytest.fail),
        pytest.raises(ForestallError, match=rf"process {os.getpid()}\) is writing"),
    ):
        Store(folder, notice=pytest.fail)
    with Store(folder, notice=pytest.fail):
        pass


def test_the_lock_falls_with_the_process_that_held_it(folder: Path) -> None:
    held = os.open(folder / LOCK, os.O_RDWR)
    fcntl.flock(held, fcntl.LOCK_EX)
    with pytest.raises(ForestallError, match="another sweep"):
        Store(folder, notice=pytest.fail)
    os.close(held)
    with Store(folder, notice=pytest.fail):
        pass


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ForestallError, match=r"^output: cannot write to .*file/r") as mistake:
        Store(tmp_path / "file" / "r", notice=pytest.fail)
    assert "\n" not in str(mistake.value)


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "film.part").write_text("a download")
    with pytest.raises(ForestallError, match="holds files that are no results"):
        Store(tmp_path, notice=pytest.fail)
    assert [file.name for file in tmp_path.iterdir()] == ["film.part"]


def _blocks(*ends: tuple[int, int]) -> list[Task]:
    return [Task("k", "p", "baseline", first, last) for first, last in ends]


@pytest.mark.parametrize(
    ("stored", "used", "missing"),
    [
        ([], [], [(0, 10)]),
        ([(0, 10)], [(0, 10)], []),
        ([(4, 6)], [(4, 6)], [(0, 4), (6, 10)]),
        ([(0, 4), (4, 10)], [(0, 4), (4, 10)], []),
        ([(0, 16)], [], [(0, 10)]),
        ([(0, 4), (0, 7), (4, 10)], [(0, 7)], [(7, 10)]),
        ([(0, 8), (5, 10), (8, 10)], [(0, 8), (8, 10)], []),
    ],
)
def test_blocks_in_use_never_overlap_and_the_rest_is_missing(
    stored: list[tuple[int, int]], used: list[tuple[int, int]], missing: list[tuple[int, int]]
) -> None:
    found, gaps = settle(_blocks(*stored), 10)
    assert found == _blocks(*used)
    assert gaps == missing


@pytest.mark.parametrize("size", [1, 2, 5, 7, 100])
def test_batches_hold_every_run_once_and_none_is_too_large(size: int) -> None:
    tasks = [HERE, NEXT, OTHER]
    packed = list(batches(tasks, size=size))
    assert all(sum(map(len, batch)) == size for batch in packed[:-1])
    runs = [(t.key, t.arm, r) for batch in packed for t in batch for r in range(t.first, t.last)]
    assert runs == [(t.key, t.arm, r) for t in tasks for r in range(t.first, t.last)]

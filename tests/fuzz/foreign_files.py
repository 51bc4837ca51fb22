"""Files that people import and results that people are given, damaged and in bad faith.

    python tests/fuzz/foreign_files.py --tables 2000 --results 500

Whatever a file holds, it is read right or answered in one clear line with exit code 2: no traceback,
no hang, no more memory than `ROOM`. The same seed makes the same cases; each is known by its number.
What once failed is among `CELLS`, `WORDS`, `SPOILT` and `REPLACED`, which the tests try each time.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import io
import json
import math
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from front_door import RAN, SECONDS, SEED, Case, _at_most, _one_line

ROOM = 3 * 1024**3
"""Bytes that a case may take beyond what the process has."""
READERS = (("digest",), ("compare",), ("export", "--weekly", "--output", "csv"))
SWEEP = ("action.start=0,4", "replicates=6", "weeks=12", "country=burundi_2015")

TOWNS = (
    "name,latitude,longitude,population,kind,neighbour\n"
    "Hill,-3.3,29.3,120000,,\nLake,-3.4,29.4,40000,community,\n"
    '"Ford, Upper",-2.9,29.9,8000,,\nTents,-2.5,30.5,5000,camp,East\n'
)
ROADS = 'from,to,km\nHill,Lake,20\nLake,"Ford, Upper",60.5\n"Ford, Upper",Tents,90\n'
CELLS = (
    "", " ", "nan", "inf", "-inf", "1e999", "-1", "0", "91", "181", "1e13", "0.5", "1_000", "٣",
    "x" * 5000,
    "=cmd|'/c calc'!A1", "+1", "@SUM(1)", "\x1b[2J", "a\x00b", "\u202eabc", "é", "null", "true", "<<",
    "=",
    "${oc.env:HOME}", "'", '"', '"open', "Hill", "Lake", "#Hill", "1,2", "- a",
    "!!python/object:os.system",
)  # fmt: skip
WORDS: tuple[Any, ...] = (
    None, True, -1, 0, 2.5, 10**30, math.nan, math.inf, "", "x" * 5000, "\u202e", "=1+1", [], {}, [[]],
    [None], {"a": {}}, "../../etc/passwd", "\x1b[2J",
)  # fmt: skip


def try_tables(towns: bytes, roads: bytes, folder: Path, *options: str) -> Case:
    """Import a country from two files; what was read must be what a country can be made of."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "towns.csv").write_bytes(towns)
    (folder / "roads.csv").write_bytes(roads)
    return try_import(folder / "towns.csv", folder / "roads.csv", folder, *options)


def try_import(towns: Path, roads: Path, folder: Path, *options: str) -> Case:
    """Import a country from two paths."""
    made = folder / "made.yaml"
    case = try_words(
        "country",
        "import",
        str(towns),
        str(roads),
        "--name",
        "Made",
        "--output",
        str(made),
        *options,
    )
    if case.became == RAN:
        from sim.country import Country

        again = yaml.safe_load(made.read_text(encoding="utf-8"))
        country = Country.from_mapping(again)
        if not (country.population >= 0).all() or list(country.places) != list(again["places"]):
            return Case(case.words, "the country differs from its file")
    made.unlink(missing_ok=True)
    return case


def try_words(*words: str) -> Case:
    """Run a command within this process, in bounded time and memory."""
    from experiments.cli import main

    out, said = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(said), _at_most(SECONDS), _room():
            code = main(list(words))
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException as fault:
        return Case(words, f"{type(fault).__name__}: {str(fault)[:200]}")
    lines = [line for line in said.getvalue().splitlines() if not line.startswith("note: ")]
    if code == 2:
        return Case(words, _one_line("\n".join(lines)))
    return Case(words, RAN if code == 0 else f"exit code {code}: {said.getvalue().strip()[-300:]}")


def tables(pick: random.Random) -> tuple[bytes, bytes]:
    """Return towns and roads, one of the two damaged."""
    both = [TOWNS.encode(), ROADS.encode()]
    which = pick.randrange(2)
    both[which] = (
        damaged_table(both[which], pick) if pick.random() < 0.7 else damaged(both[which], pick)
    )
    return both[0], both[1]


def damaged_table(content: bytes, pick: random.Random) -> bytes:
    """Return a table in which cells, lines or columns are others."""
    rows = [line.split(",") for line in content.decode().splitlines()]
    for _ in range(pick.randint(1, 3)):
        row = pick.randrange(len(rows))
        kind = pick.random()
        if kind < 0.7:
            rows[row][pick.randrange(len(rows[row]))] = pick.choice(CELLS)
        elif kind < 0.8:
            rows.insert(row, list(rows[pick.randrange(len(rows))]))
        elif kind < 0.9 and len(rows) > 1:
            del rows[row]
        else:
            pick.shuffle(rows[row])
    end = pick.choice(("\n", "\r\n", "\r", "\n\n"))
    return end.join(",".join(row) for row in rows).encode()


def damaged(content: bytes, pick: random.Random) -> bytes:
    """Return bytes cut short, swapped, doubled, flipped, or of another encoding."""
    half = pick.randrange(len(content) + 1)
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: content[:half],
        lambda: content[half:] + content[:half],
        lambda: content + content,
        lambda: b"",
        lambda: bytes(len(content)),
        lambda: b"\xef\xbb\xbf" + content,
        lambda: content.decode("latin-1").encode("utf-16"),
        lambda: content[:half] + pick.randbytes(8) + content[half:],
        lambda: bytes(byte ^ (pick.random() < 0.01) for byte in content),
        lambda: content[: half - half % 2] [::-1] + content[half:],
    )  # fmt: skip
    return pick.choice(ways)()


# --- results ------------------------------------------------------------------------------------------


def made_results(folder: Path) -> Path:
    """Run a small sweep and return its folder."""
    from experiments.config import compose
    from experiments.sweep import run_sweep

    with redirect_stderr(io.StringIO()), redirect_stdout(io.StringIO()):
        return run_sweep(compose([*SWEEP, f"output={folder}"]))


def spoil_results(folder: Path, pick: random.Random) -> str:
    """Change one file of a results folder; return what was done."""
    files = sorted(
        file for file in folder.rglob("*") if file.suffix in (".yaml", ".json", ".parquet")
    )
    file = pick.choice(files)
    kind = pick.random()
    if kind < 0.25:
        file.write_bytes(damaged(file.read_bytes(), pick))
        what = "bytes"
    elif kind < 0.4:
        what = pick.choice(list(REPLACED))
        REPLACED[what](file)
    elif file.suffix == ".parquet":
        what = spoil_parquet(file, pick)
    else:
        what = spoil_text(file, pick)
    # Whoever means harm gives a chunk the name of its bytes: what it holds has to be looked at.
    if pick.random() < 0.8:
        reseal(folder)
    return f"{file.name}: {what}"


def spoil_text(file: Path, pick: random.Random) -> str:
    """Replace or remove an entry of a JSON or YAML file, at any depth."""
    text = file.read_text(encoding="utf-8")
    tree = json.loads(text) if file.suffix == ".json" else yaml.safe_load(text)
    node, way = tree, ""
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = pick.choice(keys)
        way += f".{key}"
        if pick.random() < 0.5 or not isinstance(node[key], dict | list) or not node[key]:
            break
        node = node[key]
    if pick.random() < 0.3:
        del node[key]
    else:
        node[key] = copy.deepcopy(pick.choice(WORDS))
        way += f" = {node[key]!r:.30}"
    file.write_text(json.dumps(tree) if file.suffix == ".json" else yaml.safe_dump(tree))
    return way


def spoil_parquet(file: Path, pick: random.Random) -> str:
    """Change columns, types or rows of a table, or what it says of itself."""
    table = pq.read_table(file)
    name = pick.choice(table.column_names)
    place = table.column_names.index(name)
    way = pick.choice(list(SPOILT))
    about = table.schema.metadata
    table = SPOILT[way](table, place)
    if about and b"forestall" in about:
        if pick.random() < 0.2:
            said = json.loads(about[b"forestall"])
            key = pick.choice(list(said))
            said[key] = copy.deepcopy(pick.choice(WORDS))
            about = {b"forestall": json.dumps(said).encode()}
            way += f", {key} = {said[key]!r:.30}"
        table = table.replace_schema_metadata(about)
    pq.write_table(table, file, compression="zstd")
    return f"{name} {way}"


def _set(table: pa.Table, place: int, values: Any) -> pa.Table:
    return table.set_column(place, table.column_names[place], values)


SPOILT: dict[str, Callable[[pa.Table, int], pa.Table]] = {
    "left out": lambda table, place: table.remove_column(place),
    "renamed": lambda table, place: table.rename_columns(
        [f"{name}_" if i == place else name for i, name in enumerate(table.column_names)]
    ),
    "twice": lambda table, place: table.append_column(table.column_names[place], table.column(place)),
    "empty": lambda table, place: _set(table, place, pa.nulls(len(table))),
    "gaps": lambda table, place: _set(table, place, pa.nulls(len(table), table.column(place).type)),
    "words": lambda table, place: _set(table, place, pa.array([f"={i}" for i in range(len(table))])),
    "bytes": lambda table, place: _set(table, place, pa.array([b"\xff"] * len(table))),
    "truth": lambda table, place: _set(table, place, pa.array([True] * len(table))),
    "small": lambda table, place: _set(table, place, pa.array([7] * len(table), pa.int8())),
    "lists": lambda table, place: _set(table, place, pa.array([[1, 2]] * len(table))),
    "nan": lambda table, place: _set(table, place, pa.array([math.nan] * len(table))),
    "infinite": lambda table, place: _set(table, place, pa.array([-math.inf] * len(table))),
    "huge": lambda table, place: _set(table, place, pa.array([2**62] * len(table))),
    "negative": lambda table, place: _set(table, place, pa.array([-(2**31)] * len(table), pa.int32())),
    "no rows": lambda table, place: table.slice(0, 0),
    "fewer rows": lambda table, place: table.slice(1),
    "more rows": lambda table, place: pa.concat_tables([table, table]),
    "no columns": lambda table, place: pa.table({}),
}  # fmt: skip


def _missing(file: Path) -> None:
    file.unlink()


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _link(target: str) -> Callable[[Path], None]:
    def replace(file: Path) -> None:
        file.unlink()
        file.symlink_to(target)

    return replace


def _written(file: Path, content: bytes) -> None:
    file.write_bytes(content)


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _sparse(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(1 << 40)


def _nested(file: Path) -> None:
    file.write_bytes(b"[" * 200_000)


def _aliases(file: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    file.write_text("\n".join(lines))


@cache
def rows_bomb() -> bytes:
    """A billion gaps in some MB."""
    names = ("point", "key")
    sink = io.BytesIO()
    with pq.ParquetWriter(sink, pa.schema([(name, pa.null()) for name in names])) as writer:
        for _ in range(5):
            writer.write_table(pa.table(dict.fromkeys(names, pa.nulls(1 << 27))))
    return sink.getvalue()


@cache
def word_bomb() -> bytes:
    """One long word, a million times: some kB that would be 100 GB."""
    codes = pa.array(np.zeros(1_000_000, dtype=np.int32))
    words = pa.DictionaryArray.from_arrays(codes, pa.array(["x" * 100_000]))
    sink = io.BytesIO()
    table = pa.table(dict.fromkeys(("point", "baseline", "key"), words))
    pq.write_table(table, sink, compression="zstd", store_schema=False)
    return sink.getvalue()


REPLACED: dict[str, Callable[[Path], None]] = {
    "missing": _missing, "a folder": _folder, "a pipe": _pipe, "a terabyte of nothing": _sparse,
    "a link to a device": _link("/dev/zero"), "a link to a secret": _link("/etc/passwd"),
    "a link to nothing": _link("nowhere"), "nested": _nested, "aliases": _aliases,
    "a billion rows": lambda file: _written(file, rows_bomb()),
    "a long word": lambda file: _written(file, word_bomb()),
}  # fmt: skip


def reseal(folder: Path) -> None:
    """Give every chunk the name of its bytes again, and let its runs name the other files."""
    renamed = {}
    for file in sorted(folder.glob("weekly/*.parquet")) + sorted(folder.glob("series/*.parquet")):
        renamed[file.name] = _sealed(file)
    for file in sorted(folder.glob("runs/*.parquet")):
        if not file.is_file() or file.is_symlink() or file.stat().st_size > 1 << 24:
            continue
        try:
            table = pq.read_table(file)
            about = json.loads((table.schema.metadata or {})[b"forestall"])
        except (pa.ArrowException, OSError, KeyError, ValueError):
            _sealed(file)
            continue
        for part in ("weekly", "series"):
            if isinstance(about.get(part), str):
                about[part] = renamed.get(about[part], about[part])
        table = table.replace_schema_metadata({b"forestall": json.dumps(about).encode()})
        pq.write_table(table, file, compression="zstd")
        _sealed(file)


def _sealed(file: Path) -> str:
    if not file.is_file() or file.is_symlink() or file.stat().st_size > 1 << 30:
        return file.name
    name = f"chunk-{hashlib.sha256(file.read_bytes()).hexdigest()[:32]}.parquet"
    file.rename(file.with_name(name))
    return name


def try_spoilt(whole: Path, folder: Path, number: int, seed: int = SEED) -> Iterator[Case]:
    """Spoil a copy of results in one way and read it with every command."""
    pick = random.Random(f"{seed}/{number}")
    spoilt = folder / f"spoilt-{number}"
    shutil.copytree(whole, spoilt)
    try:
        what = spoil_results(spoilt, pick)
        for name, *options in READERS:
            case = try_words(name, str(spoilt), *options)
            yield Case((*case.words, f"{number}: {what}"), case.became)
    finally:
        shutil.rmtree(spoilt)


@contextmanager
def _room() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _campaign(name: str, count: int, make: Callable[[], Case]) -> list[Case]:
    began, found = time.monotonic(), Counter[str]()
    failures = []
    for number in range(1, count + 1):
        case = make()
        found["failed" if case.failed else case.became] += 1
        if case.failed:
            failures.append(case)
            print(f"{name}: {case.became}\n  {list(case.words)!r:.400}", flush=True)
        if number % 500 == 0 or number == count:
            took = time.monotonic() - began
            print(f"{name}: {number} in {took:.0f} s, {dict(found)}", flush=True)
    return failures


def main() -> int:
    """Run a campaign; exit code 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tables", type=int, default=500)
    parser.add_argument("--results", type=int, default=100)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    pick = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        os.chdir(folder)
        failures = _campaign(
            "tables", asked.tables, lambda: try_tables(*tables(pick), folder / "import")
        )
        whole = made_results(folder / "whole")
        cases = (
            case for n in range(asked.results) for case in try_spoilt(whole, folder, n, asked.seed)
        )
        failures += _campaign("results", asked.results * len(READERS), lambda: next(cases))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

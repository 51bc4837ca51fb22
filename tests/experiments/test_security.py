"""What `SECURITY.md` promises, where no other test holds it; and that its table names real tests."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from fake_engine import FakeEngine
from small_sweep import ROOT, SWEEP

from experiments.bounded import json_of, table_of, yaml_of
from experiments.cli import main
from experiments.config import compose
from experiments.sweep import run_sweep
from sim.errors import ForestallError

PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith(("| promise", "|--"))
]
ORDERS = ("\x1b[2J", "\x9b2J", "\r", "\u202e", "\x07")
"""What a terminal obeys, or what turns around what is read."""


# --- the table ------------------------------------------------------------------------------------


def names_in(cell: str) -> list[tuple[str, str]]:
    """Return file and name of every `file::name` of a cell."""
    return [(file, name) for file, name in re.findall(r"`([\w./-]+)::(\w+)`", cell)]


def defined_in(file: str) -> set[str]:
    """Return the functions, classes and constants that stand at the top of a file."""
    names: set[str] = set()
    for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_every_promise_names_where_it_is_kept_and_a_test_that_exists(row: list[str]) -> None:
    promise, kept, tested = row
    assert promise and names_in(kept) and names_in(tested)
    for file, name in names_in(kept) + names_in(tested):
        assert name in defined_in(file), f"{file} has no {name}"
    for file, name in names_in(tested):
        assert file.startswith("tests/") and name.startswith("test_"), name
    # What is not a name of the two columns is a mistake in writing one.
    assert re.sub(r"`[\w./-]+::\w+`,?|\s", "", kept + tested) == ""


def test_the_table_of_promises_is_found() -> None:
    assert len(ROWS) > 20


# --- scenario files -------------------------------------------------------------------------------


@pytest.mark.one_in(5)
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("content", ['name: "a{}b"', '"a{}b": 1', 'places: [{{a: "{}"}}]'])
def test_a_scenario_file_gives_a_terminal_no_orders(
    tmp_path: Path, order: str, content: str
) -> None:
    (tmp_path / "country").mkdir()
    text = content.format(f"\\u{ord(order[0]):04x}{order[1:]}")
    (tmp_path / "country" / "mine.yaml").write_text(text)
    with pytest.raises(ForestallError, match="cannot be shown on a screen") as refusal:
        compose(["country=mine", "actors=burundi_2015"], scenarios=tmp_path)
    assert str(refusal.value).isprintable()


def test_an_override_gives_a_terminal_no_orders() -> None:
    with pytest.raises(ForestallError, match=r"^country\.name: .*be shown on a screen"):
        compose(["country.name='a\x1b[2Jb'"])


_WATCHED = """
import json, os, sys
allowed, told = json.loads(sys.argv.pop(1))
def watch(event, arguments):
    if event == "open":
        path, _, flags = arguments
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if not writes or not isinstance(path, str):
            return
        path = os.path.realpath(path)
        if path == "/dev/null" or path.startswith(tuple(allowed)):
            return
    elif event in ("subprocess.Popen", "os.posix_spawn", "os.exec"):
        if os.path.basename(str(arguments[1][0])) in ("git", "uname", "fc-list"):
            return
    elif event not in ("os.system", "socket.connect", "socket.getaddrinfo", "os.remove", "os.rmdir",
                       "os.chmod", "os.symlink", "os.link"):
        return
    elif event in ("os.remove", "os.rmdir"):
        if os.path.realpath(arguments[0]).startswith(tuple(allowed)):
            return
    with open(os.open(told, os.O_WRONLY | os.O_APPEND), "a") as out:
        out.write(f"{event} {arguments[:2]!r:.300}\\n")
watching = False
def hook(event, arguments):
    global watching
    if not watching:
        watching = True
        try:
            watch(event, arguments)
        finally:
            watching = False
sys.addaudithook(hook)
from experiments.cli import main
sys.exit(main(sys.argv[1:]))
"""


def watched(
    arguments: list[str], place: Path, *, allowed: tuple[Path, ...]
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run the program and return what it did beyond reading, and writing to allowed folders."""
    told = place / "told.txt"
    told.write_text("")
    caches = os.environ.get("FORESTALL_CACHE") or os.environ.get("XDG_CACHE_HOME")
    machine_code = Path(caches or Path.home() / ".cache")
    written = (*allowed, place / "caches", place / "tmp", machine_code / "forestall")
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(place / "home"), "TMPDIR": str(place / "tmp"),
        "MPLCONFIGDIR": str(place / "caches"), "FORESTALL_CACHE": str(machine_code),
    }  # fmt: skip
    for name in ("home", "tmp", "caches", "work"):
        (place / name).mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, json.dumps([[*map(str, written)], str(told)]), *arguments],
        capture_output=True, text=True, check=False, env=environment, cwd=place / "work", timeout=300,
    )  # fmt: skip
    return done, told.read_text().splitlines()


def shared(place: Path) -> Path:
    """Return a folder of scenarios as one is given it: a country, an experiment, a measure."""
    files = {
        "country/mine.yaml": (ROOT / "scenarios/country/gambia_2016.yaml").read_text("utf-8"),
        "actors/mine.yaml": (ROOT / "scenarios/actors/gambia_2016.yaml").read_text("utf-8"),
        "experiment/mine.yaml": "# @package _global_\nweeks: 20\nreplicates: 2\n",
        "intervention/mine.yaml": "# @package interventions.mine\n"
        "effects: {contact: 1.0}\nfails_when: nobody comes\n",
    }
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return place


def test_a_shared_scenario_runs_and_touches_its_results_alone(tmp_path: Path) -> None:
    theirs, results = shared(tmp_path / "theirs"), tmp_path / "results"
    asked = ["sweep", "--scenarios", str(theirs), "country=mine", "experiment=mine",
             "intervention=[mine]", "action.start=0,4", f"output={results}"]  # fmt: skip
    done, told = watched(asked, tmp_path, allowed=(results,))
    assert done.returncode == 0, done.stderr
    assert told == []
    assert list((tmp_path / "work").iterdir()) == []
    assert list((tmp_path / "home").iterdir()) == []


def test_what_touches_more_than_the_results_is_noticed(tmp_path: Path) -> None:
    measure = tmp_path / "mine.py"
    measure.write_text(
        "import os, socket, subprocess\n"
        f"open({str(tmp_path / 'elsewhere')!r}, 'w').close()\n"
        "subprocess.run(['true'])\nos.system('true')\n"
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 9))\n"
    )
    _, told = watched(["sweep", "--measures", str(measure)], tmp_path, allowed=())
    for event in ("open", "subprocess.Popen", "os.system", "socket.connect"):
        assert any(line.startswith(event) for line in told), event


# --- results --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a small sweep on the fake engine."""
    folder = tmp_path_factory.mktemp("results") / "whole"
    return run_sweep(compose([*SWEEP, f"output={folder}"]), engine=FakeEngine())


@pytest.fixture
def named(whole: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that copies the results with a name of ill will wherever one may stand."""

    def copy(name: str) -> Path:
        folder = Path(shutil.copytree(whole, tmp_path / "named"))
        config = yaml.safe_load((folder / "config.yaml").read_text())
        config["country"]["name"] = name
        (folder / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))
        about = json.loads((folder / "provenance.json").read_text())
        about |= {"command": ["forestall", name], "engine": name, "forestall": name, "time": name}
        about["machine"] = {"processor": name, "system": name}
        about["design"]["factors"][0] |= {"unit": name, "source": name}
        (folder / "provenance.json").write_text(json.dumps(about))
        table = pq.read_table(folder / "design.parquet")
        names = [name if old == "actors.dispersion" else old for old in table.column_names]
        pq.write_table(table.rename_columns(names), folder / "design.parquet")
        return folder

    return copy


READERS = (
    ("digest",), ("compare",), ("report",), ("plot", "timing_lines"), ("export", "--weekly"),
)  # fmt: skip


def test_names_in_results_are_text_in_tables_figures_and_pages(
    named: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = named("=1+1 <script>alert(1)</script> $\\frac{$ [red]%s")
    for words in READERS:
        assert main([*words, str(folder)]) == 0, capsys.readouterr().err
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    for file in folder.rglob("*.csv"):
        assert not re.search(r"(^|,)=", file.read_text(encoding="utf-8"), re.MULTILINE), file


@pytest.mark.one_in(5)
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("file", ["config.yaml", "provenance.json", "design.parquet"])
def test_results_give_a_terminal_no_orders(
    whole: Path, named: Callable[[str], Path], capsys: pytest.CaptureFixture[str],
    order: str, file: str,
) -> None:  # fmt: skip
    folder = named(f"a{order}b")
    for other in {"config.yaml", "provenance.json", "design.parquet"} - {file}:
        shutil.copy(whole / other, folder / other)
    for words in READERS:
        assert main([*words, str(folder)]) == 2
        said = capsys.readouterr()
        assert f"{file}: damaged or cut short ('a" in said.err and "on a screen" in said.err
        assert (said.out + said.err).replace("\n", "").isprintable()


def test_every_reader_of_results_refuses_orders_to_a_terminal() -> None:
    import pyarrow as pa

    for text in (order + "x" for order in (*ORDERS, "\ud800")):
        with pytest.raises(ValueError, match="cannot be shown on a screen"):
            json_of(json.dumps([{"a": text}]).encode())
        with pytest.raises(ValueError, match="cannot be shown on a screen"):
            json_of(json.dumps({text: 1}).encode())
        if text.isascii() or text.encode("utf-8", "ignore") == text.encode("utf-8", "replace"):
            with pytest.raises(ValueError, match="cannot be shown on a screen"):
                yaml_of(json.dumps({"a": text}))
            for table in (pa.table({"a": [text]}), pa.table({text: [1]})):
                sink = pa.BufferOutputStream()
                pq.write_table(table, sink)
                with pytest.raises(ValueError, match="cannot be shown on a screen"):
                    table_of(sink.getvalue().to_pybytes())
    assert yaml_of("a: 'é ٣ \u200d \u00a0'\nb: |\n  two\n  lines\n") == {
        "a": "é ٣ \u200d \u00a0", "b": "two\nlines\n",
    }  # fmt: skip


def test_nothing_that_reads_results_can_build_objects_of_other_programs() -> None:
    """Pickles run code when they are read: they travel between workers alone, and stay in memory."""
    able = {"pickle", "cPickle", "cloudpickle", "dill", "marshal", "shelve", "joblib"}
    ways = {"read_pickle", "unsafe_load", "full_load", "eval", "exec", "allow_pickle", "run_path"}
    found = {}
    for package in ("experiments", "analysis"):
        for file in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & ways
            for node in ast.walk(tree):
                if isinstance(node, ast.Import):
                    used |= {alias.name.partition(".")[0] for alias in node.names} & able
                elif isinstance(node, ast.ImportFrom):
                    used |= {(node.module or "").partition(".")[0]} & able
                elif isinstance(node, ast.Attribute) and node.attr in ways:
                    used.add(node.attr)
                elif isinstance(node, ast.keyword) and node.arg in ways:
                    used.add(node.arg)
            if used:
                found[str(file.relative_to(ROOT))] = used
    assert found == {
        "experiments/workers.py": {"pickle"},
        "experiments/own_measures.py": {"run_path"},
    }

"""Figures of stored results by name: what they need, what they say when it is lacking."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib.figure
import numpy as np
import pandas as pd
import pytest
from fake_engine import FakeEngine
from function_engine import FunctionEngine

from experiments.alt_text import alt_text
from experiments.command import run_command
from experiments.config import compose
from experiments.figures import DRAWINGS, plot
from experiments.material import Material
from experiments.plot import draw, main
from experiments.report import report
from experiments.sweep import run_sweep
from sim.errors import ForestallError

DOSE = "interventions.peacekeeping.intensity"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a small sweep over a dose, on the fake engine."""
    place = tmp_path_factory.mktemp("sweep") / "r"
    overrides = ("action.start=0,4", "actors.dispersion=0,1", f"{DOSE}=0,2500")
    config = compose([*overrides, "replicates=20", "weeks=12"]) | {"output": str(place)}
    return run_sweep(config, engine=FakeEngine())


OF_PAIRS = (
    "timing_lines", "response_surface", "outcome_distribution", "paired_differences",
    "dose_response", "weekly_course",
)  # fmt: skip


@pytest.mark.parametrize("name", OF_PAIRS)
def test_a_figure_is_drawn_by_its_name_and_says_which_country(name: str, folder: Path) -> None:
    figure = plot(name, folder)
    assert isinstance(figure, matplotlib.figure.Figure)
    assert figure.get_suptitle().startswith("Burundi 2015: ")


@pytest.mark.parametrize(
    ("name", "lacking"),
    [
        ("time_to_onset", "time_to_onset needs the outcome onset_week"),
        ("cost_effectiveness", "cost_effectiveness needs the outcome endowment_spent"),
        ("who_did_what", "no run is recorded; forestall trace"),
        ("country_over_time", "no run is recorded; forestall trace"),
        ("mechanism_parts", "no parts by mechanism; forestall explain"),
    ],
)
def test_results_that_lack_what_a_figure_needs_say_what(
    name: str, lacking: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(main, [name, str(folder)], name="forestall plot") == 2
    said = capsys.readouterr().err
    assert lacking in said and said.count("\n") == 1


def test_a_design_without_a_dose_says_so_in_one_line(tmp_path: Path) -> None:
    config = compose(["action.start=0", "replicates=3", "weeks=12"])
    one = run_sweep(config | {"output": str(tmp_path / "r")}, engine=FakeEngine())
    with pytest.raises(ForestallError, match="dose_response needs a lever that is a number"):
        plot("dose_response", one)


def test_the_dose_has_the_unit_of_its_measure(folder: Path) -> None:
    figure = plot("dose_response", folder)
    assert "peacekeepers asked for" in " ".join(figure.axes[-1].get_xlabel().split())


def test_only_the_points_that_were_asked_for_are_drawn(folder: Path) -> None:
    figure = plot("paired_differences", folder, {"action.start": [4.0], DOSE: [0.0]})
    labels = [" ".join(text.get_text().split()) for text in figure.axes[0].get_yticklabels()]
    assert labels == ["start +4, united", "start +4, divided"]


def test_an_unknown_figure_lever_or_format_names_its_neighbour(folder: Path) -> None:
    with pytest.raises(ForestallError, match="did you mean 'dose_response'"):
        plot("dose_respons", folder)
    with pytest.raises(ForestallError, match=r"did you mean 'action\.start'"):
        draw("dose_response", folder, ["action.stat=0"])
    with pytest.raises(ForestallError, match="'gif' is not allowed, expected one of png, pdf, svg"):
        draw("dose_response", folder, form="gif")


@pytest.mark.parametrize("form", ["png", "pdf", "svg"])
def test_a_figure_is_written_where_and_as_what_it_was_asked_for(
    form: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["outcome_distribution", str(folder), "--format", form]) == 0
    beside = Path(capsys.readouterr().out.strip())
    assert beside == folder / "figures" / f"outcome_distribution.{form}" and beside.is_file()
    own = tmp_path / "mine" / f"picture.{form}"
    assert main(["outcome_distribution", str(folder), "--out", str(own)]) == 0
    assert own.read_bytes() == beside.read_bytes()


def test_a_name_that_contradicts_the_format_is_refused(folder: Path) -> None:
    with pytest.raises(ForestallError, match=r"picture.png does not end with .svg"):
        draw("outcome_distribution", folder, out=Path("picture.png"), form="svg")


def test_every_figure_is_listed_with_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    listed = capsys.readouterr().out
    for name, drawing in DRAWINGS.items():
        assert f"{name} " in listed and drawing.needs in listed


def test_without_a_name_or_results_one_line_says_so(folder: Path) -> None:
    for arguments, said in (([], "NAME: name a figure"), (["timing_lines"], "RESULTS: name the")):
        with pytest.raises(ForestallError, match=said):
            main(arguments)
    with pytest.raises(ForestallError, match="no such folder"):
        main(["timing_lines", "nowhere"])


def test_parts_by_mechanism_are_drawn_from_the_tables_of_explain(tmp_path: Path) -> None:
    from analysis.decomposition import decomposition

    rows = {
        "off": ["", "flight"] * 4, "replicate": np.repeat(range(4), 2), "direct_deaths": 5.0,
        "baseline_direct_deaths": 9.0, "mass_killing": 0.0, "baseline_mass_killing": 0.0,
    }  # fmt: skip
    parts = decomposition(pd.DataFrame(rows), ["flight"])
    parts.to_csv(tmp_path / "decomposition.csv", index=False)
    drawn = plot("mechanism_parts", tmp_path).axes[0].get_yticklabels()
    assert [text.get_text() for text in drawn] == ["total", "flight", "interactions"]
    (tmp_path / "decomposition.csv").write_text("")
    with pytest.raises(ForestallError, match="damaged, explain it again"):
        plot("mechanism_parts", tmp_path)


def test_the_guide_has_a_paragraph_and_a_misreading_for_every_figure() -> None:
    text = (Path(__file__).parents[2] / "analysis" / "READING.md").read_text(encoding="utf-8")
    for name in DRAWINGS:
        section = text.partition(f"### `{name}`")[2].partition("\n#")[0]
        assert len(section.split()) > 40, name
        assert "**Misreading:**" in section, name


NATIONAL = ("attributes.commitment", "attributes.capacity", "actors.dispersion")


def harmful(x: np.ndarray) -> float:
    """Action harms where commitment is low and dispersion high; else it helps."""
    return 1.0 if x[0] < 0.4 and x[2] > 0.5 else -0.5 - x[1]


@pytest.mark.parametrize(("method", "points"), [("morris", 40), ("saltelli", 64)])
def test_sensitivity_and_boxes_are_drawn_from_stored_samples(method: str, points: int) -> None:
    overrides = [f"{name}=interval(0,1)" for name in NATIONAL]
    settings = [f"design.method={method}", f"design.points={points}", "replicates=1", "weeks=1"]
    config = compose([*overrides, *settings]) | {"output": "r"}
    place = run_sweep(config, engine=FunctionEngine(harmful, NATIONAL))
    bars = plot("sensitivity", place)
    labels = {text.get_text() for axes in bars.axes for text in axes.get_yticklabels()}
    assert len([label for label in labels if label]) == len(NATIONAL)
    largest = alt_text("sensitivity", Material(place))
    assert "Largest" in largest
    assert re.search(r"attributes\.commitment \S+ \((\S+ to \S+|interval unknown)\)", largest), (
        largest
    )
    assert "at which action does harm" in plot("prim_boxes", place).get_suptitle()
    assert "points are cases" in alt_text("prim_boxes", Material(place))
    if method == "morris":
        words = report(place)
        for name in ("sensitivity", "prim_boxes"):
            assert DRAWINGS[name].shows in words


def test_a_grid_has_no_sensitivity_and_says_which_design_has(folder: Path) -> None:
    with pytest.raises(ForestallError, match="a grid design has no Sobol' indices"):
        plot("sensitivity", folder)

"""Epstein's Model II: its rules by hand, both engines alike, and what it is held against."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.plots.epstein_grid import CODES, epstein_grid
from analysis.plots.extinction_times import extinction_times
from experiments.epstein import command
from experiments.epstein.agents import Citizen, Cop, State
from experiments.epstein.compiled import GRAVE, JAIL, run_until_extinction, sizes, world_of
from experiments.epstein.model import EpsteinModel
from experiments.epstein.rules import arrest_probability, chosen, goes_active, grievance
from experiments.epstein.settings import VARIANTS, Settings, Variant, variant_named
from experiments.epstein.trials import Trial, bars_of, run_havens, run_trial, snapshots
from sim.errors import ScenarioError

SEED, REPLICATE = 5, 2


# --- rules ----------------------------------------------------------------------------------------


def test_the_rules_give_what_the_paper_says() -> None:
    assert grievance(0.5, 0.8) == pytest.approx(0.1)
    assert arrest_probability(0.0, 1.0, 0.0, 2.3) == 0.0
    assert arrest_probability(1.0, 1.0, 0.0, 2.3) == pytest.approx(0.9, abs=0.001)
    assert arrest_probability(1.0, 2.0, 0.0, 2.3) == 1.0 - math.exp(-1.15)
    assert arrest_probability(1.0, 2.0, 1.0, 2.3) == 0.0  # rounded down
    assert arrest_probability(5.0, 2.0, 1.0, 2.3) == 1.0 - math.exp(-4.6)
    assert goes_active(0.2, 0.1, 0.9, 0.1, 0.0) == 1.0
    assert goes_active(0.2, 0.2, 0.9, 0.1, 0.0) == 0.0
    assert goes_active(0.1, 0.0, 0.0, 0.1, 0.0) == 0.0  # more than the threshold, not as much
    assert goes_active(0.9, 0.0, 0.0, 0.1, 1.0) == 0.0  # nobody to kill
    assert [chosen(draw, 4) for draw in (0.0, 0.25, 0.99, 1.0 - 2.0**-53)] == [0, 1, 3, 3]


def empty(variant: Variant | None = None, **given: Any) -> EpsteinModel:
    """Return a world of 5 x 5 sites on which nobody stands yet."""
    settings = Settings(
        variant=variant or Variant(), width=5, height=5,
        **({"density": 0.0, "cloning": 0.0} | given),
    )  # fmt: skip
    return EpsteinModel(settings)


def put(model: EpsteinModel, at: tuple[int, int], group: int, **given: float) -> Citizen:
    """Put a citizen onto a site."""
    citizen = Citizen(
        model, model.grid[at], group, given.get("hardship", 1.0),
        given.get("risk_aversion", 0.0), given.get("death_age", 100.0),
    )  # fmt: skip
    model.acts[citizen.identity] = [0.0, 0.0, given.get("whom", 0.0), given.get("clones", 0.9)]
    model.births[citizen.identity] = [0.0, 0.25, 0.5, 0.0]
    return citizen


def put_cop(model: EpsteinModel, at: tuple[int, int], *, term: float = 0.0) -> Cop:
    """Put a cop onto a site."""
    cop = Cop(model, model.grid[at], len(model.cops))
    model.patrols[cop.number] = [0.0, 0.0, 0.0, term]
    return cop


@pytest.mark.parametrize(("neighbours", "count"), [(4, 4), (8, 8)])
def test_a_citizen_sees_four_or_eight_sites_over_the_edge_of_the_torus(
    neighbours: int, count: int
) -> None:
    model = empty(Variant(neighbours=neighbours))
    sight = [cell.coordinate for cell in model.sight[model.grid[0, 0]]]
    assert len(sight) == count and (4, 0) in sight and (0, 4) in sight
    assert ((4, 4) in sight) == (neighbours == 8)


def test_arrest_is_feared_by_cops_and_actives_in_sight_and_oneself_counts() -> None:
    model = empty()
    citizen = put(model, (2, 2), 0, hardship=1.0, risk_aversion=0.15)
    put(model, (2, 1), 1)
    citizen.decide()
    assert citizen.state is State.ACTIVE  # 0.2 - 0.15 * 0 > 0.1
    put_cop(model, (2, 3))
    citizen.decide()
    assert citizen.state is State.QUIET  # 0.2 - 0.15 * 0.9 < 0.1
    put(model, (1, 2), 1).state = State.ACTIVE
    citizen.decide()
    assert citizen.state is State.QUIET  # C/A = 1/2: 0.2 - 0.15 * 0.683 = 0.097
    put(model, (3, 2), 0).state = State.ACTIVE
    citizen.decide()
    assert citizen.state is State.ACTIVE  # C/A = 1/3: 0.2 - 0.15 * 0.535 = 0.120


@pytest.mark.parametrize("needs_target", [True, False])
def test_without_a_target_in_sight_the_reading_decides_who_is_active(needs_target: bool) -> None:
    model = empty(Variant(needs_target=needs_target))
    citizen = put(model, (2, 2), 0)
    put(model, (2, 3), 0)
    assert citizen.decide() == []
    assert citizen.state is (State.QUIET if needs_target else State.ACTIVE)


def test_an_active_kills_one_of_the_other_group_in_sight_and_none_of_its_own() -> None:
    model = empty()
    killer = put(model, (2, 2), 0, whom=0.6)
    around = [put(model, at, group) for at, group in
              (((1, 2), 1), ((2, 1), 0), ((2, 3), 1), ((3, 2), 0))]  # fmt: skip
    killer.act()  # it cannot move: all sites around are taken
    assert [one.state is State.DEAD for one in around] == [False, False, True, False]
    assert model.sizes() == (3, 1) and model.grid[2, 3].is_empty


def test_a_cop_arrests_an_active_who_returns_after_the_term() -> None:
    model = empty()
    quiet, active = put(model, (2, 1), 0), put(model, (2, 3), 1)
    active.state = State.ACTIVE
    cop = put_cop(model, (2, 2), term=0.19)
    for at in ((1, 2), (3, 2)):
        put(model, at, 0)
    cop.act()
    assert (active.state, active.sentence, active.cell) == (State.JAILED, 3, None)
    assert quiet.state is State.QUIET and model.sizes() == (3, 1)
    for _ in range(2):
        active.act()
    assert active.state is State.JAILED
    active.act()
    assert active.state is State.QUIET and active.cell.coordinate == (0, 0) and active.age == 3.0


def test_a_clone_has_its_parents_group_and_hardship_and_a_risk_aversion_of_its_own() -> None:
    model = empty(cloning=0.05)
    parent = put(model, (2, 2), 1, hardship=0.3, risk_aversion=0.9, clones=0.04)
    parent.act()
    (clone,) = [one for one in model.citizens if one is not parent]
    assert (clone.group, clone.hardship, clone.risk_aversion) == (1, 0.3, 0.25)
    assert clone.death_age == 100.0 and clone.cell in model.sight[parent.cell]
    other = put(model, (0, 0), 1, clones=0.05)
    other.act()
    assert len(model.citizens) == 3


def test_citizens_die_at_their_age_in_jail_too() -> None:
    model = empty()
    outside, inside = put(model, (2, 2), 0, death_age=1.5), put(model, (0, 0), 0, death_age=1.5)
    inside.state, inside.sentence, inside.cell = State.JAILED, 9, None
    for _ in range(2):
        assert outside.state is State.QUIET and inside.state is State.JAILED
        outside.act()
        inside.act()
    assert outside.state is inside.state is State.DEAD and model.citizens == []


@pytest.mark.long
def test_nobody_is_active_at_legitimacy_nine_tenths_which_is_arithmetic() -> None:
    settings = Settings(legitimacy=0.9, width=12, height=12)
    world = world_of(settings, seed=1, replicate=0)
    assert run_until_extinction(world, settings, seed=1, replicate=0, periods=200) == 200
    assert not world.active.any()


# --- engines --------------------------------------------------------------------------------------


def by_mesa(model: EpsteinModel) -> list[tuple[Any, ...]]:
    """Return all citizens by identity."""
    height = model.settings.height
    return [
        (
            one.identity, one.group, one.hardship, one.risk_aversion, one.age, one.death_age,
            one.state is State.ACTIVE, one.sentence if one.cell is None else 0,
            JAIL if one.cell is None else one.cell.coordinate[0] * height + one.cell.coordinate[1],
        )
        for one in sorted(model.citizens, key=lambda citizen: citizen.identity)
    ]  # fmt: skip


def by_columns(world: Any) -> list[tuple[Any, ...]]:
    """Return the same of a compiled world."""
    count = world.size[0]
    rows = np.argsort(world.identity[:count])
    assert not (world.site[:count] == GRAVE).any()
    columns = (
        world.identity, world.group, world.hardship, world.risk, world.age, world.death_age,
        world.active == 1, np.where(world.site == JAIL, world.sentence, 0), world.site,
    )  # fmt: skip
    return list(zip(*(column[rows].tolist() for column in columns), strict=True))


@pytest.mark.parametrize("name", VARIANTS)
def test_the_mesa_model_and_the_compiled_one_are_equal_in_every_citizen_and_period(
    name: str,
) -> None:
    settings = Settings(
        variant=VARIANTS[name], width=14, height=11, cop_density=0.08, cops_arrive=3
    )
    model = EpsteinModel(settings, seed=SEED, replicate=REPLICATE)
    world = world_of(settings, seed=SEED, replicate=REPLICATE)
    jailed = False
    for period in range(1, 16):
        assert by_mesa(model) == by_columns(world)
        jailed = jailed or bool((world.site[: world.size[0]] == JAIL).any())
        if min(model.sizes()) == 0:
            break
        model.step()
        run_until_extinction(world, settings, seed=SEED, replicate=REPLICATE, periods=period)
    cops = [cop.cell.coordinate[0] * 11 + cop.cell.coordinate[1] for cop in model.cops]
    assert cops == world.beat.tolist() and len(cops) == 12
    assert model.sizes() == sizes(world)
    assert jailed and model.born > settings.citizens


def test_runs_are_their_seed_and_replicate_and_nothing_else() -> None:
    first, again, other = (
        run_trial(Variant(), densities=(0.0, 0.04), replicates=3, periods=300, seed=seed).times
        for seed in (1, 1, 2)
    )
    assert first.tolist() == again.tolist() != other.tolist()


# --- what it is held against ----------------------------------------------------------------------


def test_without_cops_a_group_is_extinct_in_thirty_of_thirty_runs() -> None:
    trial = run_trial(Variant(neighbours=8), densities=(0.0,))
    extinction, mean_time, spread = bars_of(trial)
    assert extinction.reproduced is True and extinction.value == 1.0
    assert mean_time.reproduced is None and spread.reproduced is None


def made_up(high: Any, *, low: Any = (100, 110)) -> Trial:
    """Return a trial whose times are given at the ends and rise between them."""
    rows = [low, low, (150, 160), (200, 210), high, high]
    times = np.array([np.resize(row, 30) for row in rows])
    densities = (0.0, 0.02, 0.04, 0.06, 0.08, 0.1)
    return Trial(Variant(), densities, times, np.zeros(times.shape, dtype=bool), 9999)


def test_the_bars_can_be_missed_each_for_itself() -> None:
    assert [bar.reproduced for bar in bars_of(made_up((300, 400)))] == [True, True, True]
    assert [bar.reproduced for bar in bars_of(made_up((300, 310)))] == [True, True, False]
    assert [bar.reproduced for bar in bars_of(made_up((10, 90)))] == [True, False, True]
    alive = made_up((300, 400))
    alive.lived_on[0, 3] = True
    assert bars_of(alive)[0].reproduced is False


def test_havens_count_runs_and_a_share() -> None:
    found = run_havens(Variant(), density=0.1, replicates=3)
    assert found.lived_on * 3 == pytest.approx(round(found.lived_on * 3))
    assert 0.0 <= found.havens <= found.lived_on <= 1.0


def test_the_grid_shows_cops_from_period_fifty_on() -> None:
    before, after = snapshots(Variant(), periods=(49, 52))
    assert before[0] == 49 and after[0] == 52
    assert (before[1] == 5).sum() == 0 and (after[1] == 5).sum() == 64
    assert {1, 2} <= set(np.unique(after[1]).tolist())
    figure = epstein_grid([before, after])
    assert [axes.get_title() for axes in figure.axes] == ["after 49 periods", "after 52 periods"]
    assert len(figure.legends[0].get_texts()) == len(CODES)
    assert "never seen" in epstein_grid([]).texts[0].get_text()


def test_times_to_extinction_have_a_panel_for_each_reading() -> None:
    rows = [
        {"variant": name, "cop_density": density, "time": 100 + 10 * k, "lived_on": k == 2}
        for name in ("4-exact-target", "8-floor-any") for density in (0.0, 0.1) for k in range(3)
    ]  # fmt: skip
    figure = extinction_times(rows)
    assert [axes.get_title() for axes in figure.axes] == ["4-exact-target", "8-floor-any"]
    assert figure.axes[0].lines[0].get_ydata().tolist() == [110.0, 110.0]  # type: ignore[union-attr]
    assert "lived on" in figure.legends[0].get_texts()[-1].get_text()
    assert "No run" in extinction_times([]).texts[0].get_text()


def test_every_column_of_times_to_extinction_names_its_axis_though_the_last_row_is_short() -> None:
    rows = [
        {"variant": str(name), "cop_density": 0.04, "time": 100, "lived_on": False}
        for name in range(6)
    ]
    figure = extinction_times(rows)
    figure.draw_without_rendering()
    named = [axes.get_xlabel() for axes in figure.axes if axes.get_visible()]
    assert named == ["", "", *["cops for each site"] * 4]
    ticks = [axes.xaxis.get_major_ticks()[0].label1.get_visible() for axes in figure.axes[:6]]
    assert ticks == [False, False, *[True] * 4]


# --- the command ----------------------------------------------------------------------------------


def test_the_command_names_its_reading_and_says_that_it_is_quick(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    quick = ["--quick", "--replicates", "2", "--periods", "120", "--variant", "8-floor-target"]
    page, table = tmp_path / "EPSTEIN.md", tmp_path / "times.csv"
    assert command.main([*quick, "--json", "--page", str(page), "--csv", str(table)]) == 0
    (found,) = (answer := json.loads(capsys.readouterr().out))["variants"]
    assert answer["quick"] is True and found["variant"] == "8-floor-target"
    assert [bar["id"] for bar in found["bars"]] == ["extinction", "mean_time", "spread"]
    assert all(bar["reproduced"] is None for bar in found["bars"])
    assert len(table.read_text(encoding="utf-8").splitlines()) == 5
    text = page.read_text(encoding="utf-8")
    assert "8 neighbours, C/A rounded down, active only with a target in sight" in text
    assert (tmp_path / "grid.png").exists() and (tmp_path / "extinction_times.png").exists()
    assert command.main([*quick]) == 0
    assert "quick" in capsys.readouterr().out


def test_what_cannot_be_asked_is_said_in_one_line() -> None:
    with pytest.raises(ScenarioError, match="unknown name '4-exact-targt', did you mean"):
        variant_named("4-exact-targt")
    with pytest.raises(ScenarioError, match=r"--replicates.*2 or more"):
        command.main(["--replicates", "1"])
    for key, value in (("legitimacy", 1.2), ("width", 2), ("cop_density", 0.4)):
        with pytest.raises(ScenarioError, match=key):
            Settings(**{key: value})

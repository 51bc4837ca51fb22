"""Killing without feedback is binomial: given who is armed and who is exposed, one draw says how many.

No size distribution is inserted, neither beside that draw nor in what goes into it. In worlds with
every mechanism on, in either engine, the attacks of each week and their deaths are computed anew from
the state, the parameters and NumPy's own draws at the same addresses.
"""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest
from numpys_draws import philox
from parsed import SIM
from recomputed import ENGINES, SEED, Parameters, Tables, lowered
from scipy import stats
from small_worlds import everything, scenario, three_at_war, three_groups

from sim import randomness
from sim.fields import A, C, M, Q, W
from sim.kinds import EXPEL, KILL, STATE
from sim.randomness import ATTACK
from sim.scenario import Scenario

pytestmark = pytest.mark.filterwarnings("ignore:overflow")

WORLDS: dict[str, dict[str, Any]] = {
    "a war": three_at_war(weeks=50),
    "a war under every measure": everything(weeks=50),
}
EXACT = 60.0
"""Expected deaths up to which the quantile is an exact sum; above, it may be one off."""


class Attack:
    """One armed group in one place in one week: what it may do, and what it does.

    Parameters
    ----------
    before, after : state at the end of the week before, and of the week.
    p : parameters.
    place, index : where, and who.
    """

    def __init__(
        self, before: Tables, after: Tables, p: Parameters, place: int, index: int
    ) -> None:
        self.p, self.order = p, after["armed"][A.order, index]
        self.group, self.here = after["armed"][:, index], after["communities"][:, place]
        self.side = before["people"][:, int(self.group[A.side]), place]
        self.present = after["presence"][:, index, place]
        draws = philox(SEED, 0, int(before["world"][W.week]), ATTACK, place, index)
        self.begins, self.stops, self.deaths, _ = draws

    @property
    def shield(self) -> float:
        """Return the chance that it is stopped: the state's own shelter does not stop the state."""
        shelter = 0.0 if self.group[A.kind] == STATE else self.here[C.shelter]
        return float(1.0 - (1.0 - self.here[C.protection]) * (1.0 - shelter))

    @property
    def rate(self) -> float:
        """Return the rate at which it attacks (1/week): orders, revenge and fear."""
        p, armed, here = self.p, self.present[M.armed], self.here
        if armed <= 0.0:
            return 0.0
        grudge = lowered(self.side[Q.memory], here[C.healing], p.healing_revenge)
        rate = p.intent_revenge * grudge + p.intent_fear * self.side[Q.fear]
        rate *= (1.0 - p.revenge_justice * here[C.justice]) * (1.0 - here[C.policing])
        rate *= (1.0 - p.revenge_trust * self.side[Q.trust]) * (1.0 - self.group[A.discipline])
        ordered = {KILL: p.intent_kill, EXPEL: p.intent_expel}.get(self.order, 0.0)
        rate += ordered * self.group[A.command]
        rate *= armed / (armed + p.strength_half)
        rate *= 1.0 - p.deterrence * self.shield * self.group[A.belief]
        return float(rate + self.present[M.pushed])

    def share(self, exposed: float) -> float:
        """Return the chance of each who is exposed to be killed."""
        p = self.p
        lethality = {KILL: p.lethality_kill, EXPEL: p.lethality_expel}.get(
            self.order, p.lethality_revenge
        )
        taking_part = self.present[M.armed] * (1.0 - self.group[A.discipline])
        return float(1.0 - np.exp(-lethality * taking_part / (exposed + p.exposure_half)))


def small(world: str) -> Scenario:
    """Return a war in a few towns, in which few are killed at a time: their number is exact."""
    raw = dict(WORLDS[world])
    country, towns = raw["country"], three_groups(communities=6)
    for entry in ("government", "neighbours", "shocks", "society"):
        if entry in country:
            towns[entry] = country[entry]
    raw["country"] = towns
    raw["parameters"] = raw["parameters"] | {"lethality_kill": 0.02, "lethality_expel": 0.01}
    return scenario(raw)


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_killed_follows_from_one_draw_among_those_exposed(engine: str, world: str) -> None:
    case = small(world)
    p, home = Parameters(case), np.flatnonzero(~case.country.abroad)
    attacks, stopped, dead = 0, 0, []
    for before, after in ENGINES[engine](case):
        week = int(before["world"][W.week])
        people = before["people"]
        exposed = people[Q.residents] + people[Q.displaced]
        killed = np.zeros_like(exposed)
        for place in home.tolist():
            for index in range(after["armed"].shape[1]):
                attack = Attack(before, after, p, place, index)
                target = int(attack.group[A.target])
                possible = exposed[target, place] > 0.0
                begun = possible and attack.begins < 1.0 - np.exp(-attack.rate)
                held = begun and attack.stops < attack.shield
                assert attack.present[M.attacked] == begun, (week, place, index)
                assert attack.present[M.stopped] == held, (week, place, index)
                attacks, stopped = attacks + begun, stopped + held
                if not begun or held:
                    continue
                law = stats.binom(int(exposed[target, place]), attack.share(exposed[target, place]))
                assert law.mean() < EXACT, "in this world the number could be one off"
                dead.append(float(law.ppf(attack.deaths)))
                killed[target, place] += dead[-1]
                exposed[target, place] -= dead[-1]
        assert np.array_equal(after["people"][Q.killed_week][:, home], killed[:, home]), week
    assert attacks > 50 and stopped > 0 and len({*dead}) > 10


# --- what is written in the code ------------------------------------------------------------------

ATTACKS = {
    "ensemble/killing.py": ("_attack", {
        "place": "int(spare[WHERE, number])",
        "target": "int(armed[A.target, index])",
        "exposed": "people[Q.residents, target, place] + people[Q.displaced, target, place]",
        "share": "killed_share(armed[A.order, index], presence[M.armed, index, place], "
                 "armed[A.discipline, index], exposed, row[P.lethality_expel], "
                 "row[P.lethality_kill], row[P.lethality_revenge], row[P.exposure_half])",
        "presence[M.attacked, index, place]": "1.0",
        "presence[M.stopped, index, place]": "1.0",
        "(armed, people, presence, row, spare)":
            "(run.armed, run.people, run.presence, run.parameters, run.spare)",
    }, "spare[DEATHS, number]"),
    "agents/community.py": ("_suffer", {
        "(model, index, target)": "(self.model, armed_group.index, armed_group.target)",
        "(rules, p)": "(model.rules, model.parameters)",
        "exposed": "self.residents[target] + self.displaced[target]",
        "(begins, stops, deaths, _)": "model.draws.attack(self.index, index)",
        "self.attacked[index]": "1.0",
        "self.stopped[index]": "1.0",
        "share": "rules.killed_share(armed_group.order, self.armed[index], armed_group.discipline, "
                 "exposed, p.lethality_expel, p.lethality_kill, p.lethality_revenge, p.exposure_half)",
    }, "deaths"),
}  # fmt: skip
"""Of either engine: the function in which people are killed, all that it sets, and the draw itself."""


def assigned(function: ast.AST) -> dict[str, str]:
    """Return all that a function sets, and to what; a name that is set twice is set to both."""
    found: dict[str, list[str]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                found.setdefault(ast.unparse(target), []).append(ast.unparse(node.value))
        elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.NamedExpr):
            found.setdefault(ast.unparse(node.target), []).append(ast.unparse(node))
    return {name: " and ".join(values) for name, values in found.items()}


def killing(source: str) -> tuple[str, dict[str, str], list[str]]:
    """Return the name of the function that draws deaths, what it sets, and what it draws from."""
    (function,) = (
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and "binomial_quantile(" in ast.unparse(node)
    )
    (drawn,) = (
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "binomial_quantile"
    )
    return function.name, assigned(function), list(map(ast.unparse, drawn.args))


@pytest.mark.parametrize("file", ATTACKS)
def test_nothing_but_the_rule_and_one_draw_says_how_many_are_killed(file: str) -> None:
    source = (SIM / file).read_text(encoding="utf-8")
    name, sets, draw = ATTACKS[file]
    assert killing(source) == (name, sets, [draw, "exposed", "share"])
    assert "normal_quantile" not in source


def test_nothing_else_that_draws_has_a_size() -> None:
    drawn = {name for name in vars(randomness) if name.endswith("_quantile")} | {"rounded"}
    assert drawn == {"normal_quantile", "binomial_quantile", "rounded"}


@pytest.mark.parametrize(("old", "new"), [
    ("self.armed[index],", "self.armed[index] + 0.2 * self.armed[index] / (1.0 - stops),"),
    ("share = rules", "exposed *= stops\n        share = rules"),
    ("deaths, exposed, share", "deaths, exposed, share * 2.0"),
    ("p.lethality_kill,", "p.lethality_kill / (1.0 - stops),"),
])  # fmt: skip
def test_a_size_that_is_inserted_is_found(old: str, new: str) -> None:
    file = "agents/community.py"
    source = (SIM / file).read_text(encoding="utf-8")
    at = source.index("def _suffer")
    assert source.count(old, at, source.index("def _lose")) == 1
    changed = source[:at] + source[at:].replace(old, new, 1)
    name, sets, draw = ATTACKS[file]
    assert killing(changed) != (name, sets, [draw, "exposed", "share"])

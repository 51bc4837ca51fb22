"""The rules: their form, their ranges, and what each must say whatever its parameters."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from math import exp, log1p
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from small_worlds import ROOT, scenario, three_at_war

from sim import fields
from sim.model import PreventionModel
from sim.parameters import NAMES, PARAMETERS
from sim.rules import RULES, measure
from sim.rules import armed_group as leaders
from sim.rules import community as place
from sim.rules import government as state
from sim.rules import international_actor as actor
from sim.scenario import Scenario

share = st.floats(0.0, 1.0)
people = st.floats(0.0, 1e7)
soldiers = st.floats(0.0, 1e6)
RANGE = {entry.name: (entry.low, entry.high) for entry in PARAMETERS}
DEFAULT = {entry.name: entry.default for entry in PARAMETERS}


def of(name: str) -> st.SearchStrategy[float]:
    """Return numbers over the whole range of a parameter."""
    return st.floats(*RANGE[name])


# --- form -----------------------------------------------------------------------------------------

SYNTAX = (
    ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Assign, ast.If, ast.IfExp, ast.Expr,
    ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.UnaryOp, ast.USub, ast.Compare, ast.Lt,
    ast.LtE, ast.Gt, ast.GtE, ast.BoolOp, ast.And, ast.Or, ast.Name, ast.Load, ast.Store,
    ast.Constant, ast.Call,
)  # fmt: skip
MATHS = {"sqrt", "exp", "log", "log1p", "expm1", "tanh"}
CALLS = MATHS | {"float", "int"}  # float(int(x)) drops the fraction, in both alike


def objections(source: str) -> list[str]:
    """Return what in the rules of a file would differ between Python and compiled code."""
    tree, found = ast.parse(source), []
    for top in tree.body:
        if isinstance(top, ast.ImportFrom):
            if top.module == "math" and not {alias.name for alias in top.names} <= MATHS:
                found.append(f"line {top.lineno}: {ast.unparse(top)}")
            if top.module not in ("math", "__future__"):
                found.append(f"line {top.lineno}: {ast.unparse(top)}")
        elif isinstance(top, ast.FunctionDef):
            found += list(_objections(top))
        elif not (isinstance(top, ast.Expr) and isinstance(top.value, ast.Constant)):
            found.append(f"line {top.lineno}: {type(top).__name__} outside a rule")
    return found


def _objections(rule: ast.FunctionDef) -> Iterator[str]:
    own = {argument.arg for argument in rule.args.args}
    own |= {node.id for node in ast.walk(rule) if isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Store)}  # fmt: skip
    if rule.args.defaults or rule.args.kwonlyargs or rule.args.vararg or rule.args.kwarg:
        yield f"{rule.name}: parameters with defaults or stars"
    for node in ast.walk(rule):
        where = f"{rule.name}, line {getattr(node, 'lineno', rule.lineno)}"
        if not isinstance(node, SYNTAX):
            yield f"{where}: {type(node).__name__}"
        if isinstance(node, ast.Call) and (
            not isinstance(node.func, ast.Name) or node.func.id not in CALLS or node.keywords
        ):
            yield f"{where}: call of {ast.unparse(node.func)}"
        if isinstance(node, ast.Name) and node.id not in own | CALLS:
            yield f"{where}: {node.id} is not an argument"
        if isinstance(node, ast.Constant) and isinstance(node.value, bool | complex):
            yield f"{where}: {node.value!r}"


def rule_files() -> dict[str, str]:
    """Return the source of every file of rules."""
    return {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "sim" / "rules").glob("*.py"))
        if path.name != "__init__.py"
    }


def test_rules_use_nothing_that_differs_between_python_and_compiled_code() -> None:
    assert {name: objections(source) for name, source in rule_files().items()} == {
        name: [] for name in rule_files()
    }


@pytest.mark.parametrize("body", [
    "x ** 3", "max(x, 0.0)", "min(x, 0.0)", "abs(x)", "round(x)", "pow(x, 2.0)", "x // 2.0",
    "x % 2.0", "hypot(x, 1.0)", "sin(x)", "[x][0]", "x.real", "x == x", "other",
    "(lambda: x)()", "not x", "math.exp(x)", "str(x)",
])  # fmt: skip
def test_the_allow_list_of_rules_refuses(body: str) -> None:
    assert objections(f"def rule(x: float) -> float:\n    return {body}\n")


def test_every_rule_is_a_function_with_types_and_a_docstring_that_names_its_parameters() -> None:
    missing = {}
    for name, rule in RULES.items():
        text = inspect.getdoc(rule) or ""
        section = text.partition("Parameters\n----------\n")[2]
        listed = set(re.findall(r"\w+", " ".join(re.findall(r"^(\S.*) : ", section, re.M))))
        absent = [key for key in inspect.signature(rule).parameters if key not in listed]
        if not text.startswith("Return") or absent:
            missing[name] = absent
        hints = inspect.signature(rule)
        assert hints.return_annotation in ("float", "int"), name
        assert all(entry.annotation == "float" for entry in hints.parameters.values()), name
    assert missing == {}


def test_every_rule_is_called_by_both_engines() -> None:
    for folder in (("ensemble",), ("agents", "model.py")):
        text = "".join(
            path.read_text(encoding="utf-8")
            for entry in folder
            for path in [
                *(ROOT / "sim" / entry).glob("*.py"), *((ROOT / "sim").glob(entry)),
            ]
            if path.is_file()
        )  # fmt: skip
        unused = [name for name in RULES if not re.search(rf"\b{name}\b", text)]
        assert unused == [], f"not in {folder}"


# --- tables ---------------------------------------------------------------------------------------


def _attributes(owner: str) -> set[str]:
    """Return the names read as ``owner.name`` anywhere in the model."""
    found = set()
    for path in (ROOT / "sim").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == owner
            ):
                found.add(node.attr)
    return found


def test_every_parameter_is_read_by_both_engines() -> None:
    compiled = set()
    for path in [*(ROOT / "sim" / "ensemble").glob("*.py"), ROOT / "sim" / "initial.py"]:
        compiled |= set(re.findall(r"\bP\.(\w+)", path.read_text(encoding="utf-8")))
    agents = set()
    for path in [*(ROOT / "sim" / "agents").glob("*.py"), *((ROOT / "sim").glob("[im]*.py"))]:
        agents |= set(re.findall(r"\b(?:p|P|parameters)\.(\w+)", path.read_text(encoding="utf-8")))
    assert set(NAMES) - compiled == set()
    assert set(NAMES) - agents == set()


def test_no_parameter_is_read_that_is_not_in_the_table() -> None:
    assert _attributes("P") - set(NAMES) == set()


def test_parameters_have_a_default_in_their_range_a_unit_and_a_source() -> None:
    for entry in PARAMETERS:
        assert entry.low <= entry.default <= entry.high, entry.name
        assert entry.low < entry.high, entry.name
        assert entry.unit and entry.source and entry.meaning.endswith("."), entry.name
    assert len(set(NAMES)) == len(NAMES)


INDICES = {
    "W": (fields.WORLD, "world"), "N": (fields.GROUP, "groups"), "G": (fields.GOVERNMENT, ""),
    "I": (fields.ACTOR, ""), "A": (fields.ARMED_GROUP, ""), "C": (fields.COMMUNITY, ""),
    "Q": (fields.PEOPLE, ""), "M": (fields.PRESENCE, ""),
}  # fmt: skip


def _written(folder: str) -> set[str]:
    """Return fields assigned in a folder or file of the model, as ``letter.field``."""
    root = ROOT / "sim" / folder
    found = set()
    for path in root.rglob("*.py") if root.is_dir() else [root]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets: list[ast.expr] = []
            if isinstance(node, ast.Assign):
                targets = node.targets
            elif isinstance(node, ast.AugAssign):
                targets = [node.target]
            for target in targets:
                for part in ast.walk(target):
                    if isinstance(part, ast.Subscript):
                        found |= set(re.findall(r"\b([A-Z]\.\w+)", ast.unparse(part.slice)))
    return found


def test_every_field_is_written_by_a_process_or_fixed_at_the_start() -> None:
    written, fixed = _written("ensemble"), _written("initial.py")
    for letter, (table, _) in INDICES.items():
        for field in table:
            assert f"{letter}.{field.name}" in written | fixed, f"{letter}.{field.name}"
    assert {f"S.{field.name}" for field in fields.SETTINGS} == {
        name for name in fixed if name.startswith("S.")
    }


def test_a_field_that_no_process_writes_does_not_change_in_a_war() -> None:
    """The structural fields are those that only the start writes; the others move in a war."""
    from small_worlds import started

    from sim.ensemble import FIELDS, STATE

    written = _written("ensemble")
    batch = started(scenario(three_at_war()))
    letters = dict(zip(STATE, "WGNIACQM", strict=True))
    moved, before = set(), {key: value.copy() for key, value in batch.state.items()}
    for _ in range(110):
        batch.advance(1)
        for table, letter in letters.items():
            for position, field in enumerate(FIELDS[STATE.index(table)]):
                if (batch.state[table][:, position] != before[table][:, position]).any():
                    moved.add(f"{letter}.{field.name}")
    every = {f"{letters[name]}.{f.name}" for name, t in zip(STATE, FIELDS, strict=True) for f in t}
    assert moved <= written
    within_the_week = {"Q.arrivals"}  # on the road from one process to the next
    assert every & written - moved == within_the_week


# --- ranges ---------------------------------------------------------------------------------------


class Input(NamedTuple):
    """Numbers that a rule may be given, and one in their middle at which the input matters."""

    range: st.SearchStrategy[float]
    middle: float


def parameter(name: str) -> Input:
    """Return the input that a parameter is, over its whole range."""
    return Input(of(name), DEFAULT[name])


SHARE = Input(share, 0.5)
PEOPLE, ARMED = Input(people, 1e4), Input(soldiers, 300.0)
ORDER, FLAG = Input(st.sampled_from([0.0, 1.0, 2.0]), 1.0), Input(st.sampled_from([0.0, 1.0]), 1.0)

INPUTS: dict[str, Input] = {
    **dict.fromkeys(
        ["threat", "losses", "unrest", "belief", "pressure", "accountability", "reachable", "restraint", "sanction", "terms", "shock", "rebellion", "capacity", "consent", "openness", "protection", "guarantee", "fear", "memory", "robustness", "mobilised", "near", "standing", "pull", "discipline", "violence", "near_memory", "menace", "grievance", "usual", "nearness", "fear_there", "aid", "deprivation", "coverage", "salience", "risk", "fatigue", "visible", "attention", "stake", "ideal_pressure", "ideal_protection", "mediation", "alarm", "fled_share", "grievance_excess", "signal"], SHARE),
    **dict.fromkeys(
        ["exposed", "killed", "residents", "displaced", "newcomers", "deaths", "deaths_recent", "population", "people", "at_risk", "exclusion", "most", "total", "claims"], PEOPLE),
    **dict.fromkeys(["armed", "forces", "rebels", "state", "peacekeepers", "level", "inflow"], ARMED),
    "rebel": FLAG, "abroad": FLAG, "capital": FLAG, "order": ORDER,
    "probability": Input(st.floats(0.0, 1.0, exclude_max=True), 0.5),
    "resolve": Input(st.floats(0.0, 7.0), 1.0),
    "value_expel": Input(st.floats(-7.0, 7.0), 0.5), "value_kill": Input(st.floats(-7.0, 7.0), 0.5),
    "enforced": Input(st.floats(0.01, 1e6), 2.0), "unenforced": Input(st.floats(0.01, 1e6), 2.0),
    "observations": Input(st.floats(0.0, 1e6), 2.0), "prior": Input(st.floats(0.0, 50.0), 2.0),
    "seen": Input(st.floats(0.0, 1e6), 2.0), "km": Input(st.floats(1e-3, 1e4), 50.0),
    "rate": Input(st.floats(0.0, 1e3), 0.5), "log_odds": Input(st.floats(-1e9, 1e9), 0.5),
    "error": Input(st.floats(-9.0, 9.0), 0.1), "half": parameter("strength_half"),
    "elapsed": Input(st.floats(-1e4, 1e4), 2.0), "ramp": Input(st.floats(0.0, 520.0), 4.0),
    "duration": Input(st.floats(1.0, 5200.0), 52.0), "intensity": PEOPLE,
}  # fmt: skip
"""Inputs of rules by the name of the argument; parameters of the model go by their own names."""

OWN: dict[str, dict[str, Input]] = {
    rule: {
        argument: parameter(value) if isinstance(value, str) else value
        for argument, value in inputs.items()
    }
    for rule, inputs in {
        "rebel_threat_next": {
            "fade": "threat_fade", "gain": "threat_losses", "gain_unrest": "threat_unrest"},
        "observations_next": {
            "weight": "enforcement_weight", "forgetting": "enforcement_forgetting"},
        "order_value": {"gain": "gain_kill", "cost": "cost_kill"},
        "order_choice": {"attention": "threat_attention", "precision": "choice_precision"},
        "garrison_weight": {"focus": "garrison_focus"},
        "settlement_chance": {"friction": "settlement_friction", "precision": "choice_precision"},
        "share_of": {"claim": PEOPLE},
        "crushing": {"rate": "crushing_rate"},
        "standing_share": {"standing": PEOPLE},
        "mobilised_next": {
            "crushed": Input(of("crushing_rate"), 0.05), "joining": "joining_rate",
            "alone": "joining_alone", "spillover": "joining_spillover", "leaving": "leaving_rate"},
        "killed_share": {"half": "exposure_half"},
        "violence_felt": {"half": "violence_half"},
        "memory_next": {"fade": "memory_fade", "gain": "memory_gain"},
        "fear_next": {
            "fade": "fear_fade", "here": "fear_here", "near": "fear_near",
            "menaced": "fear_menace"},
        "grievance_next": {"fade": "grievance_fade", "gain": "grievance_violence"},
        "flight_rate": {"ceiling": "flight_ceiling"},
        "road_nearness": {"reach": "road_reach"},
        "route_weight": {"refuge": "refuge_pull"},
        "deprivation_next": {
            "fade": "deprivation_fade", "gain": "deprivation_gain", "effect": "aid_effect"},
        "indirect_mortality": {"mortality": "deprivation_mortality", "effect": "aid_effect"},
        "threat_next": {
            "fade": "threat_fade_settled", "gain_rebellion": "threat_rebellion",
            "gain_unrest": "threat_unrest"},
        "consent_next": {
            "speed": "consent_speed", "gain_terms": "consent_terms",
            "gain_pressure": "consent_pressure", "loss_sovereignty": "consent_sovereignty"},
        "deployable_share": {"forced": "forced_entry"},
        "relapse_chance": {"rate": "relapse_rate", "effect": "guarantee_effect"},
        "alarm_level": {
            "weight_deaths": "alarm_deaths", "weight_flight": "alarm_flight",
            "weight_threat": "alarm_threat"},
        "signal_next": {"delay": "signal_delay"},
        "belief_next": {
            "belief": Input(st.floats(-200.0, 200.0), 0.0), "prior": "belief_prior",
            "forgetting": "belief_forgetting", "evidence": "belief_evidence",
            "midpoint": "belief_midpoint"},
        "attention_share": {"competition": "agenda_competition"},
        "salience_next": {"media": "salience_media", "fade": "salience_fade"},
        "fatigue_next": {"gain": "fatigue_gain", "recovery": "fatigue_recovery"},
        "proposed_scale": {"friction": "mandate_friction"},
        "acceptable_scale": {"friction": "mandate_friction"},
        "offered_terms": {"unbacked": "terms_unbacked"},
        "stage_next": {"delay": "deployment_delay"},
        "coverage_weight": {"coverage": Input(st.sampled_from([0.0, 1.0, 2.0, 3.0]), 2.0)},
    }.items()
}  # fmt: skip
"""Inputs whose names mean something of their own in one rule."""

LEGAL: dict[str, Callable[[dict[str, float]], bool]] = {
    "deprivation_next": lambda x: x["newcomers"] <= x["displaced"],
    "displaced_among_killed": lambda x: x["deaths"] <= x["residents"] + x["displaced"],
    "standing_share": lambda x: x["most"] > 0.0,
    "share_of": lambda x: x["claim"] <= x["claims"],
    # Squares of positions must not underflow.
    "acceptable_scale": lambda x: all(
        x[name] == 0.0 or x[name] > 1e-100 for name in ("pressure", "protection")
    ),
}
"""What holds between the inputs of a rule in a run."""

SIGNED = {"order_value", "signal_next", "belief_next"}


def inputs_of(name: str) -> dict[str, Input]:
    """Return the inputs of a rule by argument."""
    found = {}
    for argument in inspect.signature(RULES[name]).parameters:
        if argument in OWN.get(name, {}):
            found[argument] = OWN[name][argument]
        elif argument in RANGE:
            found[argument] = parameter(argument)
        else:
            assert argument in INPUTS, f"give {argument!r} of the rule {name!r} a range in INPUTS"
            found[argument] = INPUTS[argument]
    return found


def legal_inputs(name: str) -> st.SearchStrategy[dict[str, float]]:
    """Return what a rule may be given in a run."""
    whole = st.fixed_dictionaries({key: entry.range for key, entry in inputs_of(name).items()})
    return whole.filter(LEGAL[name]) if name in LEGAL else whole


def is_share(name: str) -> bool:
    """Return whether a rule's first sentence promises a share or a probability."""
    first = (inspect.getdoc(RULES[name]) or "").partition("\n")[0]
    return bool(re.search(r"in [\[(]0, 1[\])]|^Return the (share|chance|probability)", first))


def test_most_rules_return_a_share_or_a_probability() -> None:
    shares = {name for name in RULES if is_share(name)}
    assert shares >= {
        "fear_next", "memory_next", "grievance_next", "threat_next", "killed_share", "flight_rate",
        "settlement_chance", "probability_of", "mobilised_next", "protection_level",
    }  # fmt: skip
    assert not shares & SIGNED


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_keeps_its_range_over_the_whole_range_of_its_inputs(name: str) -> None:
    """Shares within [0, 1], amounts not negative, nothing infinite and no error."""

    @given(legal_inputs(name))
    def check(given_inputs: dict[str, float]) -> None:
        value = RULES[name](**given_inputs)
        assert -float("inf") < value < float("inf")
        if name not in SIGNED:
            assert value >= 0.0
        if is_share(name):
            assert value <= 1.0

    check()


def test_the_dead_are_taken_from_residents_and_displaced_in_whole_people() -> None:
    @given(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0.0, 1.0))
    @example(0, 7, 1.0)
    @example(7, 0, 1.0)
    @example(1, 1, 0.5)
    def check(residents: int, displaced: int, fraction: float) -> None:
        deaths = float(int(fraction * (residents + displaced)))
        among = RULES["displaced_among_killed"](deaths, float(residents), float(displaced))
        assert among == int(among)
        assert 0.0 <= among <= displaced
        assert 0.0 <= deaths - among <= residents
        if deaths > 0.0:
            assert abs(among - deaths * displaced / (residents + displaced)) <= 1.0

    check()


# --- equilibrium ----------------------------------------------------------------------------------


@given(share, of("grievance_fade"), of("grievance_violence"))
def test_grievance_at_its_usual_level_stays_there_to_the_bit(
    usual: float, fade: float, gain: float
) -> None:
    assert place.grievance_next(usual, usual, 0.0, 0.0, fade, gain) == usual


@given(share, share, of("grievance_fade"), of("grievance_violence"))
def test_grievance_left_alone_never_passes_its_usual_level(
    grievance: float, usual: float, fade: float, gain: float
) -> None:
    after = place.grievance_next(grievance, usual, 0.0, 0.0, fade, gain)
    low, high = sorted((grievance, usual))
    assert low - 1e-12 <= after <= high + 1e-12


@given(share, of("fear_fade"), of("fear_here"), of("fear_near"), of("fear_menace"))
def test_fear_without_cause_falls(
    fear: float, fade: float, here: float, near: float, menaced: float
) -> None:
    after = place.fear_next(fear, 0.0, 0.0, 0.0, 0.0, fade, here, near, menaced)
    assert after < fear or after == fear == 0.0 or fear < 1e-300


@given(share, share, share, of("threat_fade"), of("threat_rebellion"), of("threat_unrest"))
def test_threat_without_cause_never_rises(
    threat: float, losses: float, unrest: float, fade: float, gain: float, gain_unrest: float
) -> None:
    assert state.threat_next(threat, 0.0, 0.0, 0.0, fade, gain, gain_unrest) <= threat
    assert leaders.rebel_threat_next(threat, 0.0, 0.0, fade, gain, gain_unrest) <= threat
    assert leaders.rebel_threat_next(threat, losses, unrest, fade, gain, gain_unrest) >= (
        threat * (1.0 - fade) - 1e-12
    )


@given(share, share, of("belief_forgetting"), of("belief_evidence"), of("belief_midpoint"))
def test_a_reading_at_the_midpoint_leaves_a_belief_at_its_prior(
    prior: float, signal: float, forgetting: float, evidence: float, midpoint: float
) -> None:
    assert actor.belief_next(prior, midpoint, prior, forgetting, evidence, midpoint) == prior
    louder = actor.belief_next(prior, midpoint + signal, prior, forgetting, evidence, midpoint)
    assert louder >= prior


def test_a_reading_moves_towards_the_alarm_by_one_over_the_delay() -> None:
    assert actor.signal_next(0.2, 0.6, 0.1, 1.0) == pytest.approx(0.7)
    assert actor.signal_next(0.2, 0.6, 0.0, 4.0) == pytest.approx(0.3)


# --- what rules say -------------------------------------------------------------------------------


def test_nobody_attacks_without_armed_persons() -> None:
    @given(legal_inputs("attack_intent"))
    def check(given_inputs: dict[str, float]) -> None:
        assert place.attack_intent(**{**given_inputs, "armed": 0.0}) == 0.0

    check()


def test_nobody_attacks_without_an_order_or_a_memory() -> None:
    @given(legal_inputs("attack_intent"))
    def check(given_inputs: dict[str, float]) -> None:
        assert place.attack_intent(**{**given_inputs, "order": 0.0, "memory": 0.0}) == 0.0

    check()


@given(st.floats(0.0, 1.0, exclude_max=True), st.floats(-10.0, 10.0), st.floats(-10.0, 10.0),
       of("threat_attention"), of("choice_precision"))  # fmt: skip
@example(0.0, 10.0, 10.0, 0.05, 8.0)
def test_no_leader_orders_violence_without_any_threat(
    draw: float, expel: float, kill: float, attention: float, precision: float
) -> None:
    assert leaders.order_choice(draw, 0.0, expel, kill, attention, precision) == 0


@given(share, st.floats(-7.0, 7.0), st.floats(-7.0, 7.0), of("threat_attention"),
       of("choice_precision"))  # fmt: skip
@example(1.0, 7.0, -7.0, 0.05, 8.0)
def test_orders_are_given_with_the_probabilities_of_quantal_response(
    threat: float, expel: float, kill: float, attention: float, precision: float
) -> None:
    """The shares of 400 even draws are the formula of McKelvey & Palfrey times attention."""
    assume(threat > 1e-6)
    draws = ((np.arange(400) + 0.5) / 400).tolist()
    given_orders = [
        leaders.order_choice(u, threat, expel, kill, attention, precision) for u in draws
    ]
    top = max(0.0, expel, kill)
    weight = [exp(precision * (value - top)) for value in (0.0, expel, kill)]
    considered = threat / (threat + attention)
    for order in (1, 2):
        expected = considered * weight[order] / sum(weight)
        assert abs(given_orders.count(order) / 400 - expected) <= 1.0 / 400
    assert set(given_orders) <= {0, 1, 2}


RISING: dict[str, tuple[str, str, float, float]] = {
    "threat makes violence pay": ("order_value", "threat", 0.0, 1.0),
    "a target out of reach makes violence pay less": ("order_value", "reachable", 0.0, 1.0),
    "restraint makes violence pay less": ("order_value", "restraint", 1.0, 0.0),
    "a sanction makes violence pay less": ("order_value", "sanction", 1.0, 0.0),
    "terms on offer make violence pay less": ("order_value", "terms", 1.0, 0.0),
    "a sanction is expected more under more pressure": ("expected_sanction", "pressure", 0.0, 1.0),
    "a sanction is expected more under a firmer belief": ("expected_sanction", "belief", 0.0, 1.0),
    "a sanction is expected more where abuse is answered for": (
        "expected_sanction", "accountability", 0.0, 1.0),
    "more peacekeepers protect more": ("protection_level", "peacekeepers", 0.0, 1e4),
    "a more robust mandate protects more": ("protection_level", "robustness", 0.0, 1.0),
    "more people in a place thin protection out": ("protection_level", "population", 1e6, 1.0),
    "a higher stake proposes more": ("proposed_scale", "stake", 0.0, 1.0),
    "more friction proposes less": ("proposed_scale", "friction", 1.0, 0.02),
    "a higher stake accepts more": ("acceptable_scale", "stake", 0.0, 1.0),
    "more friction accepts less": ("acceptable_scale", "friction", 1.0, 0.02),
    "more aid means fewer indirect deaths": ("indirect_mortality", "aid", 1.0, 0.0),
    "deprivation means more indirect deaths": ("indirect_mortality", "deprivation", 0.0, 1.0),
    "newcomers deprive": ("deprivation_next", "newcomers", 0.0, 5e3),
    "aid keeps deprivation down": ("deprivation_next", "aid", 1.0, 0.0),
    "insecurity keeps aid away": ("aid_reach", "memory", 1.0, 0.0),
    "more armed persons kill a larger share": ("killed_share", "armed", 0.0, 1e5),
    "discipline spares": ("killed_share", "discipline", 1.0, 0.0),
    "many are harder to kill than few": ("killed_share", "exposed", 1e6, 1.0),
    "more fear means more flight": ("flight_rate", "fear", 0.0, 1.0),
    "a nearer place pulls more": ("road_nearness", "km", 500.0, 1.0),
    "an open border pulls more": ("route_weight", "openness", 0.0, 1.0),
    "fear at the far end pulls less": ("route_weight", "fear_there", 1.0, 0.0),
    "protection deters": ("attack_intent", "protection", 1.0, 0.0),
    "belief in enforcement deters": ("attack_intent", "belief", 1.0, 0.0),
    "memory calls for revenge": ("attack_intent", "memory", 0.0, 1.0),
    "discipline holds back revenge": ("attack_intent", "discipline", 1.0, 0.0),
    "salience wins attention": ("attention_share", "salience", 0.0, 1.0),
    "risk wins attention": ("attention_share", "risk", 0.0, 1.0),
    "fatigue loses attention": ("attention_share", "fatigue", 1.0, 0.0),
    "pressure backs the terms": ("offered_terms", "pressure", 0.0, 1.0),
    "terms win consent": ("consent_next", "terms", 0.0, 1.0),
    "a threatened host guards its sovereignty": ("consent_next", "threat", 1.0, 0.0),
    "consent lets more in": ("deployable_share", "consent", 0.0, 1.0),
    "a guarantee prevents relapse": ("relapse_chance", "guarantee", 1.0, 0.0),
    "better terms are accepted more": ("settlement_chance", "terms", 0.001, 1.0),
    "a resolved side settles less": ("settlement_chance", "resolve", 7.0, 0.0),
    "a hurting side settles more": ("settlement_chance", "threat", 0.0, 1.0),
    "rebels threaten": ("rebellion_level", "rebels", 0.0, 1e5),
    "a capable state fears rebels less": ("rebellion_level", "capacity", 1.0, 0.0),
    "violence is remembered": ("memory_next", "violence", 0.0, 1.0),
    "violence frightens": ("fear_next", "violence", 0.0, 1.0),
    "violence next door frightens": ("fear_next", "near_memory", 0.0, 1.0),
    "armed men under orders frighten": ("fear_next", "menace", 0.0, 1.0),
    "an order draws people in": ("mobilised_next", "pull", 0.0, 1.0),
    "peers draw people in": ("mobilised_next", "near", 0.0, 1.0),
    "an opposing force keeps people out": ("mobilised_next", "crushed", 0.3, 0.0),
    "deaths alarm": ("alarm_level", "deaths_recent", 0.0, 5e3),
    "visible killing makes prevention salient": ("salience_next", "visible", 0.0, 1.0),
    "acting tires": ("fatigue_next", "attention", 0.0, 1.0),
    "an enforced abuse is believed": ("expected_enforcement", "enforced", 0.01, 100.0),
}  # fmt: skip
"""Rules that rise as one input goes from the first number to the second, all else equal."""


@pytest.mark.parametrize("statement", RISING)
def test_it_is_true_that(statement: str) -> None:
    name, argument, first, last = RISING[statement]
    rose = False

    @given(legal_inputs(name), share, share)
    @example({key: entry.middle for key, entry in inputs_of(name).items()}, 0.2, 0.8)
    def check(given_inputs: dict[str, float], one: float, other: float) -> None:
        nonlocal rose
        low, high = sorted((one, other))
        less = given_inputs | {argument: first + low * (last - first)}
        more = given_inputs | {argument: first + high * (last - first)}
        assume(name not in LEGAL or (LEGAL[name](less) and LEGAL[name](more)))
        before, after = RULES[name](**less), RULES[name](**more)
        assert after >= before - 1e-12 * (1.0 + abs(before))
        rose = rose or after > before

    check()
    assert rose, "the input never mattered"


def test_a_chance_within_a_week_is_that_of_a_poisson_process() -> None:
    for rate in (0.0, 1e-9, 0.1, 1.0, 7.0):
        chance = place.chance_within_week(rate)
        assert chance == pytest.approx(1.0 - exp(-rate), abs=1e-15)
        if 0.0 < chance < 0.99:
            assert -log1p(-chance) == pytest.approx(rate, rel=1e-6, abs=1e-12)


def test_a_dose_ramps_up_stays_and_ends() -> None:
    doses = [measure.dose_at(float(week), 4.0, 8.0, 10.0) for week in range(-2, 10)]
    assert doses == [0.0, 0.0, 2.5, 5.0, 7.5, 10.0, 10.0, 10.0, 10.0, 10.0, 0.0, 0.0]
    assert measure.dose_at(0.0, 0.0, float("inf"), 10.0) == 10.0


# --- bargaining -----------------------------------------------------------------------------------


def utility(scale: float, stake: float, proposal: Any, ideal: Any, friction: float) -> float:
    """Return an actor's utility of a scaled proposal, as the rule of acceptance states it."""
    along, size = float(np.dot(proposal, ideal)), float(np.dot(proposal, proposal))
    return stake * (2.0 * scale * along - scale * scale * size) - friction * scale * scale * size


positions = st.tuples(st.floats(0.02, 1.0), st.floats(0.02, 1.0))


@given(share, positions, positions, of("mandate_friction"))
def test_the_acceptable_scale_is_the_largest_that_is_no_worse_than_the_status_quo(
    stake: float, proposal: tuple[float, float], ideal: tuple[float, float], friction: float
) -> None:
    most = actor.acceptable_scale(stake, *proposal, *ideal, friction)
    grid = np.linspace(0.0, 3.0, 3001)
    worth = np.array([utility(s, stake, proposal, ideal, friction) for s in grid])
    assert (worth[grid <= most - 1e-9] >= -1e-12).all()
    assert (worth[grid >= most + 1e-9] <= 1e-12).all()


@given(share, positions, of("mandate_friction"))
def test_the_proposed_scale_maximises_the_proposers_utility(
    stake: float, ideal: tuple[float, float], friction: float
) -> None:
    best = actor.proposed_scale(stake, friction)
    grid = np.linspace(0.0, 1.0, 1001)
    worth = [utility(s, stake, ideal, ideal, friction) for s in grid]
    assert utility(best, stake, ideal, ideal, friction) >= max(worth) - 1e-12
    assert abs(grid[int(np.argmax(worth))] - best) <= 1e-3 or stake < 1e-9


def _council(rows: list[dict[str, Any]], quota: float) -> PreventionModel:
    """Return a model whose actors have the given positions, stakes, votes and vetoes."""
    model = PreventionModel(_small_case(len(rows)))
    model.settings.quota = quota
    for member, row in zip(model.actors, rows, strict=True):
        member.position_pressure, member.position_protection = row["ideal"]
        member.weight, member.veto = row["weight"], float(row["veto"])
        member.attention, member.belief = row["stake"], 1e9  # so that the stake is the attention
    return model


_CASES: dict[int, Scenario] = {}


def _small_case(members: int) -> Scenario:
    if members not in _CASES:
        row = {"weight": 1, "salience": 0.5, "endowment": 1, "contribution": 0.5}
        council = {"actors": {f"member_{j}": dict(row) for j in range(members)}}
        _CASES[members] = scenario(three_at_war(weeks=8), actors=council)
    return _CASES[members]


@given(positions, positions, share, share)
def test_with_one_veto_player_what_passes_is_the_lesser_of_wish_and_tolerance(
    first: tuple[float, float], second: tuple[float, float], wish: float, care: float
) -> None:
    """Two actors, closed form against a search of the proposer's best scale that passes."""
    model = _council(
        [
            {"ideal": first, "weight": 0.7, "veto": False, "stake": wish},
            {"ideal": second, "weight": 0.3, "veto": True, "stake": care},
        ],
        quota=0.5,
    )
    friction = model.parameters.mandate_friction
    passed = model._passing_scale(model.actors[0])
    grid = np.linspace(0.0, 1.0, 2001)
    allowed = [s for s in grid if utility(s, care, first, second, friction) >= -1e-12]
    best = max(allowed, key=lambda s: utility(s, wish, first, first, friction))
    assert passed == pytest.approx(best, abs=1e-3)


@given(
    st.lists(
        st.fixed_dictionaries({
            "ideal": positions, "weight": st.floats(0.05, 1.0), "veto": st.booleans(),
            "stake": st.floats(0.01, 1.0),
        }),
        min_size=3, max_size=5,
    ),
    st.floats(0.1, 1.0),
)  # fmt: skip
def test_what_passes_is_the_proposers_best_among_all_that_vetoes_and_quota_let_through(
    rows: list[dict[str, Any]], quota: float
) -> None:
    total = sum(row["weight"] for row in rows)
    rows = [row | {"weight": row["weight"] / total} for row in rows]
    model = _council(rows, quota)
    friction, lead = model.parameters.mandate_friction, rows[0]
    passed = model._passing_scale(model.actors[0])
    best = 0.0
    for s in np.linspace(0.0, 1.0, 801)[1:]:
        agrees = [
            row is lead or utility(s, row["stake"], lead["ideal"], row["ideal"], friction) >= 0.0
            for row in rows
        ]
        vetoed = any(
            row["veto"] and utility(s, row["stake"], lead["ideal"], row["ideal"], friction) < 0.0
            for row in rows
        )
        votes = sum(row["weight"] for row, yes in zip(rows, agrees, strict=True) if yes)
        better = utility(s, lead["stake"], lead["ideal"], lead["ideal"], friction) > utility(
            best, lead["stake"], lead["ideal"], lead["ideal"], friction
        )
        if votes >= quota - 1e-9 and not vetoed and better:
            best = float(s)
    assert passed == pytest.approx(best, abs=2.5e-3)


def test_the_recognised_proposer_follows_votes_times_attention() -> None:
    model = _council(
        [
            {"ideal": (0.5, 0.5), "weight": 0.5, "veto": False, "stake": 0.2},
            {"ideal": (0.5, 0.5), "weight": 0.0, "veto": False, "stake": 1.0},
            {"ideal": (0.5, 0.5), "weight": 0.3, "veto": False, "stake": 1.0},
        ],
        quota=0.5,
    )
    counts = {member.index: 0 for member in model.actors}
    model.draws = SimpleNamespace(recognition=0.0)
    for draw in ((np.arange(400) + 0.5) / 400).tolist():
        model.draws.recognition = draw
        chosen = model._recognised()
        assert chosen is not None
        counts[chosen.index] += 1
    assert counts == {0: 100, 1: 0, 2: 300}
    for member in model.actors:
        member.attention = 0.0
    assert model._recognised() is None

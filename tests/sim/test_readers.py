"""Who may read what the actors' unity, their attention or the date of action shows in, and why.

A function that is not named here and reads one of these could pass a lesson on to an outcome by a way
that is frozen in every replay. Both engines are read: the attributes of the agents, the columns of the
ensemble, and whatever is read by a name or a number that is made up on the way.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache

import pytest
from parsed import files, functions

ENGINE = ("ensemble/", "agents/", "model.py")

READERS: Mapping[str, Mapping[str, str]] = {
    "open_week": {
        "convene": "nobody outside acts before",
        "bargain_once": "a clamped arrival is counted from there",
        "_elapsed": "no measure begins before",
    },
    "arrival_delay": {
        "convene": "where arrival is clamped all are convinced at once",
        "bargain": "where arrival is clamped there is no regular meeting",
        "bargain_once": "but one, in the week of arrival",
        "_elapsed": "measures count from arrival",
        "_planned": "and come without a ramp",
        "planned": "and come without a ramp",
        "deploy": "and without the weeks of a transport",
        "_let_in": "and everybody is let in",
        "let_in": "and everybody is let in",
    },
    "position_pressure": {
        "_meet": "a position is proposed",
        "_compromise": "or the mean of all positions",
        "_accepted": "who votes holds it against its own",
        "accepted_scale": "who votes holds it against its own",
        "go_alone": "how far the policy in force is from one's own",
        "_gap": "how far the policy in force is from one's own",
        "open_forum": "how far the policy in force is from one's own",
        "add_up_leverage": "who goes alone presses as it would have all press",
        "attend": "parties look where a mediator leans",
        "_terms_of": "and what stands behind it",
        "diagnose": "those who stand close share an error",
        "_view": "those who stand close share an error",
    },
    "position_protection": {
        "_meet": "a position is proposed",
        "_compromise": "or the mean of all positions",
        "_accepted": "who votes holds it against its own",
        "accepted_scale": "who votes holds it against its own",
        "go_alone": "how far the policy in force is from one's own",
        "_gap": "how far the policy in force is from one's own",
        "open_forum": "how far the policy in force is from one's own",
        "diagnose": "those who stand close share an error",
        "_view": "those who stand close share an error",
    },
    "salience": {"set_agenda": "attention goes to what is salient"},
    "salience_usual": {"set_agenda": "salience returns to it, and is it without an agenda"},
    "attention": {
        "set_agenda": "it is divided here",
        "_weigh": "what acting is worth: attention times belief",
        "_recognised": "who attends proposes",
        "_offered": "who attends sends troops",
        "_attention": "who attends pays for measures",
        "_terms_of": "who attends mediates",
        "_pay_alone": "and pays for its own mediators",
    },
    "fatigue": {"set_agenda": "who acts tires, and who is tired attends less"},
    "stake": {
        "_weigh": "it is set here",
        "convene": "where arrival is clamped all are convinced",
        "_meet": "who proposes wants as much as it cares",
        "_mean_stake": "a body without a proposer wants what it cares on average",
        "_compromise": "who cares more counts for more",
        "_accepted": "who votes accepts as much as it cares",
        "accepted_scale": "who votes accepts as much as it cares",
        "go_alone": "who cares goes alone",
        "open_forum": "who cares mediates on its own",
        "preferred_scale": "the scale that one would propose",
    },
    "outside": {
        "go_alone": "it is set here",
        "add_up_leverage": "what is spent outside is a policy of one's own",
        "_offered": "what is spent outside sends no troops",
        "_attention": "what is spent outside pays for no measure",
        "_open_channels": "and undoes joint action",
        "_pay_alone": "and costs",
    },
    "united": {
        "_open_channels": "it is set here",
        "_passage": "joint action gets through as far as nobody goes alone",
        "passage": "joint action gets through as far as nobody goes alone",
    },
    "forums": {
        "add_up_leverage": "they are counted here; parties who shop between them gain time",
        "raise_alarm": "more forums, more eyes",
        "consider_consent": "more forums, more access",
        "attend": "the switch of mechanism 11, not the count",
    },
    "credit": {
        "raise_alarm": "false alarms spend it, and reports come the sooner the more is left",
        "bargain": "a small mandate passes at once as far as warnings have credit",
    },
    "early_action": {
        "raise_alarm": "alarms that are acted upon spend credit, and reports come sooner",
        "bargain": "a small mandate passes at once",
    },
    "mandate_since": {
        "_adopt": "it is set here",
        "bargain": "and ends with the mandate",
        "set_agenda": "who acts tires",
        "_elapsed": "measures that wait for a mandate count from it",
    },
    "acting": {
        "convene": "it is set here",
        "bargain": "before, nobody meets",
        "go_alone": "before, nobody goes alone",
        "open_forum": "before, nobody mediates",
    },
    "message": {
        "_open_channels": "it is set here",
        "_passage": "dialogue gets through as far as the message is clear",
        "passage": "dialogue gets through as far as the message is clear",
    },
    "office": {
        "_open_channels": "it is set here",
        "_passage": "an office gets through as far as it is trusted",
        "passage": "an office gets through as far as it is trusted",
    },
    "dispersion": {},
    "unity": {},
}
"""Fields and settings, and the functions of either engine that may name them, each with its reason."""


def named(function: ast.AST) -> Iterator[str]:
    """Yield what a function names: attributes, columns, and names in strings."""
    for part in ast.walk(function):
        if isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


@cache
def found_readers() -> dict[str, set[str]]:
    """Return the functions of either engine that name each of these fields."""
    found: dict[str, set[str]] = {name: set() for name in READERS}
    for _, function in functions(*ENGINE):
        for name in set(named(function)) & set(READERS):
            found[name].add(function.name)
    return found


@pytest.mark.parametrize("field", READERS)
def test_a_field_that_unity_or_a_date_shows_in_is_read_where_it_is_meant_to_be_alone(
    field: str,
) -> None:
    assert found_readers()[field] == set(READERS[field])


@pytest.mark.parametrize("line", [
    "return world[W.forums] * 0.5", "return self.model.credit", "return max(run.actors[I.salience])",
    "return getattr(actor, 'salience')", "return run.world[W.united]",
])  # fmt: skip
def test_a_new_reader_is_found(line: str) -> None:
    names = set(named(ast.parse(f"def leaders_weigh(run):\n    {line}")))
    assert names & set(READERS)


# --- what is read by a name or a number made up on the way ----------------------------------------

COLUMNS = {
    "world": "W", "actors": "I", "government": "G", "armed": "A", "communities": "C", "people": "Q",
    "presence": "M", "groups": "N", "programmes": "R", "settings": "S",
}  # fmt: skip
MADE_UP = {
    "contest._tire": "communities[losses]",
    "domestic_reform.steer_reform":
        "government[G.focal_point_usual + index - G.focal_point] government[index]",
    "killing._show": "presence[field]",
    "programmes.apply_measures": "world[W.troops_requested + effect]",
    "programmes._hold": "world[W.troops_requested + effect]",
    "programmes.receive_programmes":
        "world[W.troops_requested + FIRST_LOCAL + local] communities[C.police + local]",
    "programmes._receive": "communities[field]",
}  # fmt: skip
"""Functions of the ensemble whose columns are not named on the spot: doses, institutions, losses."""
BY_NAME = {
    "agents/base.py": {"_hold"}, "agents/programmes.py": {"give"},
    "agents/government.py": {"steer_reform"}, "agents/operation.py": {"apply_measures"},
    "agents/community.py": {"__init__", "receive_programmes"},
    "model.py": {"__init__", "_performer", "_records", "latest"},
}  # fmt: skip
"""Functions of the agents that read or set an attribute by a name in a variable."""


def made_up(function: ast.FunctionDef) -> set[str]:
    """Return the columns that a loop of the ensemble takes without naming them on the spot."""
    found = set()
    for node in ast.walk(function):
        if not isinstance(node, ast.Subscript):
            continue
        table = ast.unparse(node.value).rpartition(".")[2]
        field = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
        letter = COLUMNS.get(table)
        if letter and not re.fullmatch(rf"{letter}\.\w+", ast.unparse(field)):
            found.add(f"{table}[{ast.unparse(field)}]")
    return found


def test_the_loops_of_the_ensemble_name_their_columns_but_for_doses_and_institutions() -> None:
    found = {}
    for file, function in functions("ensemble/"):
        if columns := made_up(function):
            stem = file.removeprefix("ensemble/").removesuffix(".py")
            found[f"{stem}.{function.name}"] = columns
    assert {name: " ".join(sorted(columns)) for name, columns in found.items()} == {
        name: " ".join(sorted(re.findall(r"\w+\[[^]]*\]", text))) for name, text in MADE_UP.items()
    }


def test_the_agents_read_attributes_by_a_made_up_name_nowhere_else() -> None:
    found: dict[str, set[str]] = {}
    for file, function in functions("agents/", "model.py"):
        for node in ast.walk(function):
            calls = isinstance(node, ast.Call) and ast.unparse(node.func)
            if calls in ("getattr", "setattr", "vars", "attrgetter", "operator.attrgetter"):
                found.setdefault(file, set()).add(function.name)
    assert found == BY_NAME


@pytest.mark.parametrize("line", [
    "run.world[W.week + 3]", "run.actors[at, 0]", "run.actors[1, actor]", "world[:]",
])  # fmt: skip
def test_a_column_that_is_not_named_is_found(line: str) -> None:
    function = ast.parse(f"def loop(run):\n    x = {line}").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert made_up(function)


def test_unity_is_computed_for_reports_alone() -> None:
    for file, tree in files().items():
        calls = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not any(call.endswith(".unity") for call in calls), file

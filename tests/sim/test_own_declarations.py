"""What a user's own measure says of a scenario by name is checked before anybody follows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from measure_worlds import MEASURES
from small_worlds import scenario, small_war

from experiments.own_measures import read_measures_file
from sim.ensemble import FIELDS, STATE
from sim.errors import ForestallError, ScenarioError
from sim.fields import TABLES
from sim.interventions.changes import MOST_WEEKS, with_changes
from sim.interventions.checked import SECTIONS, STATES
from sim.interventions.own import declared_as, own_declaration
from sim.kinds import Channel
from sim.scenario import LONGEST, SCENARIO_ENTRIES

OWN: dict[str, Any] = {"effects": {"contact": 1.0}, "fails_when": "nobody comes"}
MOVE = {"state": "people.trust", "direction": 1, "within": 26}
FEAR = {"fear": 1.0}

# What is changed, to what; where the error says it is; what it says.
REFUSED: tuple[tuple[str, object, str, str], ...] = (
    ("country.goverment.capacity", 0.0, "country", "did you mean 'government'"),
    ("country.government.capcity", 0.0, "country.government", "did you mean 'capacity'"),
    ("country.government.capacity", 2.0, "country.government.capacity", "between 0 and 1 (share)"),
    ("country.government", {"capcity": 0.0}, "country.government", "did you mean 'capacity'"),
    ("country.armed_groups.kind=rebbel.strength", 5.0, "kind=rebbel", "did you mean 'rebel'"),
    ("country.armed_groups.*.strenght", 5.0, "country.armed_groups.*", "did you mean 'strength'"),
    ("country.shocks.+", {"feer": 1.0}, "country.shocks.+", "did you mean 'fear'"),
    ("country.shocks", [{"week": 3, "feer": 1.0}], "country.shocks[0]", "did you mean 'fear'"),
    ("country.shocks", 3, "country.shocks", "expected a list"),
    ("country.shocks.+5200", FEAR, "country.shocks.+5200", "between 1 and 2080 (weeks)"),
    ("country.shocks.+0", FEAR, "country.shocks.+0", "between 1 and 2080 (weeks)"),
    ("country.shocks.+2081", FEAR, "country.shocks.+2081", "between 1 and 2080 (weeks)"),
    ("country.shocks.+many", FEAR, "country.shocks.+many", "between 1 and 2080 (weeks)"),
    ("country.shocks.+9.fear", 1.0, "country.shocks.+9", "leads nowhere at 'fear'"),
    ("country.shocks.+" + "9" * 9_000, FEAR, "", "expected the dotted name"),
    ("actors.actors.*.tye", 1.0, "actors.actors.*", "did you mean 'tie'"),
    ("actors.actors.kind=ngos.tie", 1.0, "kind=ngos", "did you mean 'ngo'"),
    ("actors.rule.quotum", 0.5, "actors.rule", "did you mean 'quota'"),
    ("parameters.trust_fad", 0.0, "parameters", "did you mean 'trust_fade'"),
    ("parameters.trust_fade", 9.0, "parameters.trust_fade", "between 0.0005 and 0.05 (1/week)"),
    ("attributes.capacty", 0.0, "attributes", "did you mean 'capacity'"),
    ("attributes.capacity", 3.0, "attributes.capacity", "between 0 and 1 (share)"),
    ("mechanisms.flght", False, "mechanisms", "did you mean 'flight'"),
    ("mechanisms.flight", 3, "mechanisms.flight", "expected true or false"),
    ("forms.elite_choice", "nowhere", "forms.elite_choice", "valid names: aspiration"),
    ("@.intensty", 0.0, "interventions.mine", "did you mean 'intensity'"),
    ("@.intensity", 7.0, "interventions.mine.intensity", "between 0 and 1 (dose)"),
    ("@.duration.weeks", 7.0, "interventions.mine.duration.weeks", "leads nowhere at 'weeks'"),
    ("interventions.mediaton", {}, "interventions", "did you mean 'mediation'"),
    ("interventions.mediation.lagg", 3, "interventions.mediation", "did you mean 'lag'"),
    ("interventions.mediation.lag", 1e9, "mediation.lag", "between 0 and 520 (weeks)"),
    ("contry.shocks", [], "", "did you mean 'country'"),
    ("weeks.long", 3, "weeks", "leads nowhere at 'long'"),
)  # fmt: skip


def world_with(**entry: Any) -> dict[str, Any]:
    return small_war(interventions={"mine": OWN | entry})


@pytest.mark.parametrize(("name", "value", "where", "said"), REFUSED, ids=lambda one: str(one)[:40])
@pytest.mark.parametrize("part", ["fails", "also_fails", "shown_in"])
def test_a_change_that_leads_nowhere_is_one_line_with_the_nearest_name(
    part: str, name: str, value: object, where: str, said: str
) -> None:
    changes: object = {name: value}
    key = f"interventions.mine.{part}"
    if part == "also_fails":
        changes, key = [{"when": "it rains", "changes": changes}], f"{key}[0].changes"
    with pytest.raises(ScenarioError) as error:
        scenario(world_with(**{part: changes}))
    line = str(error.value)
    assert line.startswith(f"{key}: ")
    assert where in line
    assert said in line
    assert "\n" not in line
    assert len(line) < 600


@pytest.mark.parametrize(("state", "said"), [
    ("people.trst", "did you mean 'people.trust'"), ("peple.trust", "did you mean 'people.trust'"),
    ("trust", "did you mean"), (7, "valid names: actors.attention"), ("", "valid names"),
])  # fmt: skip
def test_a_move_of_a_state_that_nobody_has_is_one_line_with_the_nearest_name(
    state: object, said: str
) -> None:
    for entry, key in (
        ({"moves": [MOVE, MOVE | {"state": state}]}, "moves[1].state"),
        (
            {"also_fails": [{"when": "it rains", "changes": {}, "harms": MOVE | {"state": state}}]},
            "also_fails[0].harms.state",
        ),
    ):
        with pytest.raises(ScenarioError) as error:
            scenario(world_with(**entry))
        assert str(error.value).startswith(f"interventions.mine.{key}: unknown name")
        assert said in str(error.value)


@pytest.mark.parametrize("within", [0, 521, 2.5, "long"])
def test_a_move_that_shows_in_no_number_of_weeks_is_refused(within: object) -> None:
    with pytest.raises(ScenarioError, match=r"moves\[0\].within: .* between 1 and 520 \(weeks\)"):
        scenario(world_with(moves=[MOVE | {"within": within}]))


def test_a_measure_beside_it_that_there_is_none_of_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"mine.beside: interventions: .* 'mediation'\?"):
        scenario(world_with(beside={"mediaton": {}}))
    with pytest.raises(ScenarioError, match=r"mine.beside: interventions.mediation: .* 'lag'\?"):
        scenario(world_with(beside={"mediation": {"lagg": 3}}))


def test_what_a_scenario_can_have_is_taken() -> None:
    taken = {
        "country.shocks.+2080": FEAR, "country.shocks.+": FEAR, "country.shocks": [],
        "country.armed_groups": {}, "country.armed_groups.one=rebel.strength": 5.0,
        "country.places.*.exclusion.*": 1.0, "country.government.role": "protector",
        "country.government.capacity": {"low": 0.1, "high": 0.3, "source": "somebody", "grade": "D"},
        "actors.actors.kind=ngo.salience": 0.0, "actors.mean": [0.5, 0.1], "weeks": 20,
        "parameters.trust_fade": 0.01, "attributes.capacity": "weak", "mechanisms.flight": False,
        "forms.elite_choice": "aspiration", "action.start": "never", "@.duration": 4,
        "@.coverage": ["nowhere yet"], "interventions.mediation": {"lag": 3},
        "interventions.*.intensity": 0.5, "interventions.other": OWN,
    }  # fmt: skip
    case = scenario(world_with(fails=taken, moves=[MOVE]))
    (read,) = (one.declaration for one in case.measures)
    assert dict(read.fails) == taken


def test_every_declaration_of_the_catalogue_is_one_that_a_user_could_write() -> None:
    for name, declared in MEASURES.items():
        if name != "placebo":
            own_declaration(name, declared_as(declared))


def test_a_python_file_is_held_to_the_same(tmp_path: Path) -> None:
    text = (Path(__file__).parent / "market_days.py").read_text(encoding="utf-8")
    file = tmp_path / "own.py"
    for right, wrong, said in (
        ("communities.livelihoods", "communities.livelihods", "moves[0].state: unknown name"),
        ("attributes.commitment", "attributes.comitment", "did you mean 'commitment'?"),
        ('{"attributes.commitment": 0.0}', '{"country.shocks.+9999": {}}', "1 and 2080"),
    ):
        assert right in text
        file.write_text(text.replace(right, wrong), encoding="utf-8")
        with pytest.raises(ForestallError) as error:
            read_measures_file(file)
        assert said in str(error.value)
        assert "\n" not in str(error.value)
    file.write_text(text, encoding="utf-8")
    assert set(read_measures_file(file)) == {"market_days"}


def test_what_is_checked_is_what_a_scenario_and_its_agents_have() -> None:
    assert set(SECTIONS) == set(SCENARIO_ENTRIES)
    assert tuple(TABLES) == STATE
    assert tuple(TABLES.values()) == FIELDS
    assert len(STATES) == sum(len(table) for table in FIELDS)
    assert MOST_WEEKS == LONGEST


@pytest.mark.parametrize("weeks", ["+0", "+2081", "+99999999999999999999"])
def test_no_change_adds_an_entry_for_more_weeks_than_a_run_can_have(weeks: str) -> None:
    with pytest.raises(ScenarioError, match=r"between 1 and 2080 \(weeks\)"):
        with_changes({"country": {"shocks": []}}, {f"country.shocks.{weeks}": FEAR})


@pytest.mark.parametrize("effect", ["police", "observers"])
def test_people_from_abroad_are_let_in_unless_the_measure_names_another_way(effect: str) -> None:
    """Of the other effects of the same measure none waits at the border."""
    effects: dict[str, Any] = {effect: {"size": 2.0}, "justice": 0.5}
    entry = {"effects": effects, "fails_when": "nobody comes"}
    ways = {part.effect.name.lower(): part.channel for part in own_declaration("own", entry).parts}
    assert ways == {effect: Channel.ENTRY, "justice": Channel.DIRECT}
    named = own_declaration("own", entry | {"channel": "access"})
    assert {part.channel for part in named.parts} == {Channel.DIRECT, Channel.ACCESS}
    effects[effect] = {"size": 2.0, "channel": "direct"}
    assert {part.channel for part in own_declaration("own", entry).parts} == {Channel.DIRECT}

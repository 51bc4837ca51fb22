from __future__ import annotations

import time
from pathlib import Path

import pytest

from experiments.config import compose
from experiments.designs import scenario_of
from experiments.overrides import read_overrides, with_names
from experiments.scenario_folder import scenarios_folder
from sim.errors import ForestallError

MINE = ["country=mine", "actors=burundi_2015"]


def test_the_default_configuration_is_plain_data() -> None:
    config = compose([])
    assert type(config) is dict
    assert type(config["country"]) is dict
    assert config["action"] == {"start": 0, "arrival": "bargained"}
    assert set(config["interventions"]) == {"mediation", "peacekeeping", "humanitarian_aid"}


def test_an_experiment_overrides_the_default_configuration() -> None:
    config = compose(["experiment=timing_unity"])
    assert config["name"] == "timing_unity"
    assert config["design"]["factors"]["action.arrival"] == ["bargained", 26]


def test_experiment_null_means_no_experiment() -> None:
    assert compose(["experiment=null"])["design"]["factors"] == {}


def test_several_values_make_an_entry_a_factor() -> None:
    factors = compose(["action.start=0,never", "actors.dispersion=range(0,1,0.5)"])["design"][
        "factors"
    ]
    assert factors == {"action.start": [0, "never"], "actors.dispersion": [0, 0.5]}


def test_one_value_fixes_a_factor_of_the_experiment() -> None:
    factors = compose(["experiment=timing_unity", "action.start=13"])["design"]["factors"]
    assert factors["action.start"] == [13]
    assert len(factors["actors.dispersion"]) == 5


def test_a_parameter_of_the_model_can_be_set() -> None:
    assert compose(["parameters.flight_rate=0.1"])["parameters"] == {"flight_rate": 0.1}


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("action.strat=3", ("action.strat", "did you mean 'start'")),
        ("acton.start=3", ("acton.start", "did you mean 'action'")),
        ("contry=burundi_2015", ("contry", "did you mean 'country'")),
        ("country=burundi", ("country", "did you mean 'burundi_2015'")),
        ("course=actul", ("course", "did you mean 'actual'")),
        ("course=null", ("course", "name of a file")),
        ("country=../actors/burundi_2015", ("country", "name of a scenario file")),
        ("intervention=[../country/burundi_2015]", ("intervention", "name of a scenario file")),
        ("course=/etc/passwd", ("course", "name of a scenario file")),
        ("experiment=timing", ("experiment", "did you mean 'timing_unity'")),
        ("intervention=[mediatin]", ("intervention", "did you mean 'mediation'")),
        ("engine=agent", ("engine", "did you mean 'agents'")),
        ("executor.bach=3", ("executor.bach", "did you mean 'batch'")),
        ("+sed=3", ("unknown name 'sed'", "did you mean 'seed'")),
        ("replicates=0", ("replicates", "1 or more")),
        ("seed=-1", ("seed", "0 or more")),
        ("seed=2.5", ("seed", "whole number")),
        ("executor.workers=-2", ("executor.workers", "0 or more")),
        ("action=3", ("action", "mapping")),
        ("action.start=[1,", ("action.start=[1,",)),
        ("action.start", ("action.start", "key=value")),
        ("action.start=interval(1,0)", ("design.factors.action.start", "not below")),
        (
            "action.start=interval(0,4000)",
            ("design.factors.action.start", "-2080 to 2080", "weeks"),
        ),
        ("actors.dispersion=interval(0,1.2)", ("actors.dispersion", "0 to 1", "0 united")),
        ("parameters.fear_fad=interval(0,1)", ("did you mean 'parameters.fear_fade'",)),
        ("design.factors.parameters.fear_fad=documented", ("did you mean 'parameters.fear_fade'",)),
        ("parameters.fear_fade=tag(log,interval(0,1))", ("parameters.fear_fade.low", "logarithms")),
        ("parameters.fear_fade=tag(lg,interval(0.1,1))", ("parameters.fear_fade.scale", "'log'")),
        ("engine=interval(0,1)", ("engine", "cannot be a factor")),
        ("design.factors={action.start: {low: 3, hgh: 4}}", ("unknown name 'hgh'", "'high'")),
        ("design.factors={country.name: documented}", ("no documented range", "interval")),
        ("design.factors={action.start: 'glob(*)'}", ("pattern",)),
        ("design.factors={action.start: '${oc.env:HOME}'}", ("may not call",)),
        ("design.method=sobl", ("design.method", "did you mean 'sobol'")),
        ("design.method=sobol", ("design.method", "samples intervals")),
        ("design.lists=crosed", ("design.lists", "did you mean 'crossed'")),
        ("design.points=0", ("design.points", "1")),
        ("country=burundi_2015,burundi_2016", ("country", "did you mean 'burundi_2015'")),
        ("country=interval(0,1)", ("country", "list the names")),
        ("experiment=timing_unity,other", ("experiment", "a design of its own")),
        ("hydra.run.dir=/tmp", ("hydra.run.dir", "no part of a scenario")),
        ("~action.start", ("action.start", "missing")),
        ("action.start=nan", ("action.start", "finite")),
        ("action.start=0,inf", ("action.start", "finite")),
        ("parameters.fear_fade=inf", ("parameters.fear_fade", "finite")),
        ("action.start=range(0,10,0)", ("action.start", "zero")),
        ("action.start=range(0,100000000,1)", ("action.start", "100,000 values")),
        ("action.start=glob(*)", ("action.start", "pattern")),
        ("design.factors={action.start: [[0, 13]]}", ("several values are action.start=0,13",)),
        ("country=glob(rwnda*)", ("country", "'rwnda*'", "rwanda_1994")),
        ("replicates=1000000000000", ("replicates", "10000000")),
        ("seed==5", ("seed==5", "key=value")),
        ("country=null", ("country", "name of a file")),
        ("intervention=null", ("intervention", "name of a file")),
    ],
)
def test_a_mistake_is_one_line_that_names_the_key(override: str, words: tuple[str, ...]) -> None:
    from experiments.designs import design_of

    with pytest.raises(ForestallError) as mistake:
        design_of(compose([override]))
    assert "\n" not in str(mistake.value)
    for word in words:
        assert word in str(mistake.value)


@pytest.mark.parametrize("given", [
    "country='burundi_2015','rwanda_1994'", "country=choice('burundi_2015',\"rwanda_1994\")",
    "country=glob([bur*,rwanda*])", "country=glob([bu*_2015,rw*],exclude=*_2013)",
])  # fmt: skip
def test_files_are_chosen_by_quoted_names_and_by_patterns(given: str) -> None:
    assert compose([given])["design"]["factors"]["country"] == ["burundi_2015", "rwanda_1994"]


def test_a_pattern_of_names_finds_files_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "portfolio").mkdir()
    (tmp_path / "portfolio" / "mine_only.yaml").write_text("name: mine\n")
    found = with_names(read_overrides(["portfolio=glob([mine*,holi*])"]), tmp_path)
    assert [item.factor for item in found] == [["holistic", "mine_only"]]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("_target_: os.system", "country._target_"),
        ("places: {x: {_partial_: true}}", "country.places.x._partial_"),
        ("name: ${oc.env:HOME}", "country.name"),
        ("name: ${oc.decode:'1'}", "country.name"),
        ("places: [1, {a: '${now:%Y}'}]", "country.places[1].a"),
        ("name: ${weeks.${seed}}", "country.name"),
    ],
)
def test_a_scenario_file_cannot_run_code(tmp_path: Path, content: str, key: str) -> None:
    (tmp_path / "country").mkdir()
    (tmp_path / "country" / "mine.yaml").write_text(content)
    with pytest.raises(ForestallError, match="a scenario file is data") as refusal:
        compose(MINE, scenarios=tmp_path)
    assert str(refusal.value).startswith(f"{key}: ")


@pytest.mark.parametrize(
    "content",
    [
        "defaults:\n  - other: ${oc.env:FORESTALL_SECRET}\n",
        "name: !!python/object/apply:os.getcwd []\n",
        "name: [1\n",
        "name: ${weeks${seed}}\n",
        "name: ${nowhere}\n",
        "name: ???\n",
    ],
)
def test_a_file_that_is_no_plain_yaml_is_refused_without_reading_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.setenv("FORESTALL_SECRET", "hunter2")
    (tmp_path / "country").mkdir()
    (tmp_path / "country" / "mine.yaml").write_text(content)
    with pytest.raises(ForestallError) as refusal:
        compose(MINE, scenarios=tmp_path)
    assert "hunter2" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a: &a [1, 2]\n" + b"".join(
            b"%c: &%c [%s]\n" % (i, i, b",".join([b"*%c" % (i - 1)] * 9)) for i in range(98, 108)
        ), "entries"),
        (b"a: &a [*a]\n", "entries"),
        # Of a size that could be built, in minutes.
        (b"a: &a [1]\n" + b"".join(
            b"%c: &%c [%s]\n" % (i, i, b",".join([b"*%c" % (i - 1)] * 10)) for i in range(98, 103)
        ), "more than 10,000 entries"),
        # Some versions of the parser refuse the depth by themselves.
        (b"a: " + b"[" * 5000 + b"]" * 5000, "entries|nesting depth"),
        (b"name: caf\xe9\n", "not UTF-8"),
        (b"a: [1, 2]\nb: ['${country.a}', '${country.a}']\n", r"b\[0\]: may refer to one value"),
    ],
)  # fmt: skip
def test_a_file_that_multiplies_itself_is_refused_at_once(
    tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "country").mkdir()
    (tmp_path / "country" / "mine.yaml").write_bytes(content)
    begun = time.monotonic()
    with pytest.raises(ForestallError, match=words) as refusal:
        compose(MINE, scenarios=tmp_path)
    assert time.monotonic() - begun < 10
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "content",
    [
        "hydra: {sweeper: {_target_: os.system}}\n",
        "hydra: {callbacks: {mine: {_target_: os.system}}}\n",
        "hydra: {searchpath: ['file:///etc']}\n",
        "# @package hydra.callbacks\nmine: {_target_: os.system}\n",
        "defaults: [{override /hydra/launcher: joblib}]\n",
    ],
)
def test_a_scenario_file_cannot_set_how_hydra_runs(tmp_path: Path, content: str) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text(f"# @package _global_\n{content}")
    with pytest.raises(ForestallError, match="may not set how Hydra runs"):
        compose(["experiment=mine"], scenarios=tmp_path)


@pytest.mark.parametrize(
    ("defaults", "said"),
    [
        ("[mine]", "leads back to its own file"),
        ("[{/experiment@x: mine}]", "leads back to its own file"),
        ("[{0: x}]", "not one of names"),
        ("[0]", "Unsupported type"),
        ("[{/country: 1.5}]", "'1.5 \\(float\\)' is not the name"),
    ],
)
def test_a_defaults_list_that_is_none_is_one_line(tmp_path: Path, defaults: str, said: str) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text(
        f"# @package _global_\ndefaults: {defaults}\n"
    )
    with pytest.raises(ForestallError, match=said) as refusal:
        compose(["experiment=mine"], scenarios=tmp_path)
    assert "\n" not in str(refusal.value)


def test_a_number_without_end_is_one_short_line(tmp_path: Path) -> None:
    (tmp_path / "country").mkdir()
    (tmp_path / "country" / "mine.yaml").write_text(f"places: 0x{'f' * 5000}\n")
    with pytest.raises(ForestallError) as refusal:
        scenario_of(compose(MINE, scenarios=tmp_path))
    assert len(str(refusal.value)) < 200


def test_an_override_cannot_read_the_environment() -> None:
    with pytest.raises(ForestallError, match=r"^name: .*may not call"):
        compose(["name=${oc.env:HOME}"])


@pytest.mark.parametrize("entry", ["output: /tmp/elsewhere", "name: ../elsewhere", "name: a/b"])
def test_a_scenario_file_cannot_choose_where_results_go(tmp_path: Path, entry: str) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text(f"# @package _global_\n{entry}\n")
    with pytest.raises(ForestallError, match=entry.split(":")[0]):
        compose(["experiment=mine"], scenarios=tmp_path)


def test_entries_may_refer_to_one_another(tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text(
        "# @package _global_\nweeks: 52\nreplicates: ${weeks}\n"
    )
    assert compose(["experiment=mine"], scenarios=tmp_path)["replicates"] == 52


def test_a_folder_with_spaces_and_quotes_can_hold_scenarios(tmp_path: Path) -> None:
    own = tmp_path / "it's mine, really = yes"
    (own / "country").mkdir(parents=True)
    (own / "country" / "mine.yaml").write_text("name: mine\n")
    assert compose(MINE, scenarios=own)["country"] == {"name": "mine"}


def test_a_file_of_ones_own_may_not_hide_behind_a_packaged_one(tmp_path: Path) -> None:
    (tmp_path / "country").mkdir()
    (tmp_path / "country" / "burundi_2015.yaml").write_text("name: mine\n")
    with pytest.raises(ForestallError, match="name of a packaged file"):
        compose([], scenarios=tmp_path)


def test_the_packaged_scenarios_are_found_from_any_folder() -> None:
    assert scenarios_folder().is_absolute()
    assert (scenarios_folder() / "config.yaml").is_file()

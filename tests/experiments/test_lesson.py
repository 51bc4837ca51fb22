"""A lesson can hold, be reversed or stay undecided, and its file can set a world and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from experiments.config import compose
from experiments.designs import scenario_of
from experiments.lesson import MAY_SET, Taught, lesson_files, main, read_lesson, teach
from experiments.lesson_text import HOLDS, REVERSED, UNDECIDED, effects, text, verdict
from experiments.scenario_folder import scenarios_folder
from sim.errors import ForestallError
from sim.outcomes import OUTCOMES, O

FEW = ["replicates=8", "weeks=60"]
GOOD = """\
lesson: H9
title: A title
claim: A claim.
held_equal: everything else
case: {name: one, overrides: [action.start=0]}
opposite: {name: other, overrides: [action.start=26]}
expects: fewer_deaths
question: Why?
look_at: [deaths]
"""


def own(folder: Path, content: str) -> Path:
    (folder / "lesson").mkdir(exist_ok=True)
    (folder / "lesson" / "mine.yaml").write_text(content)
    return folder


def taught(case: float, opposite: float, *, alone: tuple[float, float] | None = None) -> Taught:
    """Return runs that differ by chance around given means of log deaths."""
    draws = np.random.default_rng(3)

    def runs(mean: float) -> np.ndarray:
        found = np.zeros((200, len(OUTCOMES)))
        found[:, O.direct_deaths] = np.exp(mean + 0.1 * draws.standard_normal(200))
        return found

    first, second = alone or (case, opposite)
    return Taught(runs(case), runs(opposite), runs(first), runs(second))


def test_there_is_a_lesson_for_each_of_the_four_claims() -> None:
    lessons = [read_lesson(name) for name in lesson_files()]
    assert sorted(lesson.lesson for lesson in lessons) == ["H1", "H2", "H3", "H4"]
    for lesson in lessons:
        assert lesson.question.endswith("?") and len(lesson.look_at) >= 3
        assert lesson.case.overrides != lesson.opposite.overrides


@pytest.mark.parametrize("name", sorted(lesson_files()))
def test_what_a_class_reads_is_in_words_and_keys_stand_in_commands_alone(name: str) -> None:
    lesson = read_lesson(name)
    options = [(one.label, *one.options) for one in lesson.controls]
    read = [
        lesson.title, lesson.claim, lesson.held_equal, lesson.question, lesson.note, *lesson.look_at,
        lesson.case.name, lesson.opposite.name, *(words for control in options for words in control),
    ]  # fmt: skip
    for words in read:
        assert not re.search(r"[a-z]_[a-z]|[a-z]\.[a-z]|=|forestall", words), words
    assert lesson.yourself


@pytest.mark.parametrize(
    "line", [line for name in lesson_files() for line in read_lesson(name).yourself]
)
def test_a_command_to_run_it_oneself_asks_for_what_there_is(line: str) -> None:
    words, _, command = line.rpartition(": ")
    forestall, verb, *rest = command.split()
    keys = [word for word in rest if "=" in word]
    assert words and forestall == "forestall" and verb in ("lesson", "run", "sweep")
    assert keys and compose(keys)
    if verb == "lesson":
        read_lesson(rest[0])
        rest = rest[1:]
    assert rest == keys


@pytest.mark.one_in(4)
@pytest.mark.parametrize("name", sorted(lesson_files()))
def test_every_lesson_runs_as_it_stands_and_says_what_came_out(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, *FEW]) == 0
    said = capsys.readouterr().out
    lesson = read_lesson(name)
    flat = " ".join(said.split())
    for part in (
        lesson.claim,
        lesson.question,
        "VERDICT: in these 8 pairs the claim",
        *lesson.look_at,
    ):
        assert part in flat
    assert any(word in flat for word in (HOLDS, REVERSED, UNDECIDED))


@pytest.mark.one_in(4)
@pytest.mark.parametrize("name", sorted(lesson_files()))
def test_both_worlds_of_a_lesson_have_the_same_people_and_the_same_money(name: str) -> None:
    lesson = read_lesson(name)
    one, other = (
        scenario_of(compose([*world.overrides])) for world in (lesson.case, lesson.opposite)
    )
    assert one.country.people.tobytes() == other.country.people.tobytes()
    assert one.actors.endowment.tobytes() == other.actors.endowment.tobytes()
    assert one.actors.mean == other.actors.mean
    assert one.shocks == other.shocks and one.weeks == other.weeks


def test_the_worlds_are_those_of_the_overrides_on_shared_noise() -> None:
    lesson = read_lesson("unity")
    found = teach(lesson, FEW)
    assert found.case_alone.tobytes() == found.opposite_alone.tobytes()
    assert found.case.tobytes() != found.opposite.tobytes()


@pytest.mark.parametrize(
    ("case", "opposite", "word"), [(2.0, 5.0, HOLDS), (5.0, 2.0, REVERSED), (3.0, 3.0, UNDECIDED)]
)
def test_the_verdict_follows_the_runs_also_against_the_lesson(
    case: float, opposite: float, word: str
) -> None:
    lesson = read_lesson("timely")
    found = taught(case, opposite)
    assert verdict(lesson, found) == word
    assert f"the claim {word}" in " ".join(text(lesson, found).split())
    assert (effects(found)["log_deaths"].estimate < 0) == (case < opposite) or word == UNDECIDED


def test_what_action_makes_is_measured_in_the_world_in_which_it_acts() -> None:
    found = effects(taught(12.0, 15.0, alone=(14.0, 16.0)))
    assert found["case_action"].estimate == pytest.approx(-2.0, abs=0.05)
    assert found["opposite_action"].estimate == pytest.approx(-1.0, abs=0.05)
    assert found["log_deaths"].estimate == pytest.approx(-3.0, abs=0.05)


@pytest.mark.parametrize(
    ("alone", "acted", "word"),
    [
        ((2.0, 7.0), (1.5, 6.0), HOLDS),  # countries differ by 5, action makes 1
        ((5.0, 6.0), (1.0, 5.5), REVERSED),  # by 1, and action makes 4
        ((14.0, 16.0), (12.0, 16.0), UNDECIDED),  # by 2, and action makes 2
    ],
)
def test_national_attributes_decide_only_if_they_outweigh_action(
    alone: tuple[float, float], acted: tuple[float, float], word: str
) -> None:
    assert verdict(read_lesson("national"), taught(*acted, alone=alone)) == word


def test_a_lesson_of_ones_own_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = own(tmp_path, GOOD)
    assert main(["mine", "--scenarios", str(folder), "--json", *FEW]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] in (HOLDS, REVERSED, UNDECIDED) and found["runs"] == 8
    assert main(["--scenarios", str(folder)]) == 0
    assert "H9, A title" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("action.start=26", "output=/tmp/elsewhere"), "may not set 'output'"),
        (("action.start=26", "hydra.run.dir=/tmp"), "no part of a scenario"),
        (("action.start=26", "'name=${oc.env:HOME}'"), "may not call"),
        (("action.start=26", "country=../../secret"), "not the name of a scenario file"),
        (("action.start=26", "replicates=1000000"), "may not set 'replicates'"),
        (("action.start=26", "'action.start=0,26'"), "may not set 'action.start'"),
        (("[action.start=26]", "action.start=26"), "a list of overrides"),
        (("fewer_deaths", "fewer_death"), "did you mean 'fewer_deaths'"),
        (("question: Why?", "qestion: Why?"), "did you mean 'question'"),
        (("claim: A claim.", "claim: !!python/name:os.getcwd"), "lesson/mine|python/name"),
        (("look_at: [deaths]", "look_at: deaths"), "list of sentences"),
    ],
)
def test_a_hostile_or_wrong_lesson_is_refused_in_one_line(
    tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    folder = own(tmp_path, GOOD.replace(*change))
    with pytest.raises(ForestallError, match=words) as refusal:
        main(["mine", "--scenarios", str(folder), *FEW])
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["timly"], "did you mean 'timely'"),
        (["../secret"], "not the name of a scenario file"),
        (["timely", "unity"], "one at a time"),
        (["timely", "action.start=0,4"], "one value"),
        (["timely", "output=x"], "stores nothing"),
        (["timely", "experiment=timing_unity"], "forestall sweep"),
    ],
)
def test_a_mistake_in_what_was_asked_is_one_line(words: list[str], said: str) -> None:
    with pytest.raises(ForestallError, match=said) as mistake:
        main(words)
    assert "\n" not in str(mistake.value)


def test_a_lesson_may_set_worlds_only() -> None:
    assert not {"output", "seed", "replicates", "executor", "design", "name"} & set(MAY_SET)


def test_agendas_that_compete_crowd_prevention_out_and_only_a_negative_coupling_subsumes_it() -> (
    None
):
    """One word for one thing: D2 calls prevention subsumed where `agenda_coupling` is below 0."""
    for file in sorted((scenarios_folder() / "lesson").glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        assert "subsumed" not in text or "agenda_coupling=-" in text, file.name

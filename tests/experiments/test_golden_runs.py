"""Every figure that is kept of the model is the one it gives, and what was made with it stays true."""

from __future__ import annotations

import copy
import hashlib

import golden_runs
import yaml

from experiments.config import compose
from experiments.provenance import source_hash
from experiments.same_model import FILE, computes_the_same, same_sources
from sim.forms import FORMS


def test_the_model_gives_the_figures_that_are_kept() -> None:
    assert golden_runs.differences(golden_runs.figures(), golden_runs.kept()) == []


def test_a_figure_that_differs_is_named() -> None:
    kept = golden_runs.kept()
    there = copy.deepcopy(kept)
    there["rwanda_1994 actual"][1] *= 1.00001
    there["measure mediation"][3] *= 1 + 1e-9
    del there["archetype_mixed"]
    said = golden_runs.differences(kept, there)
    assert [line.split(":")[0] for line in said] == ["archetype_mixed", "rwanda_1994 actual"]
    assert "sum of direct_deaths is " in said[1]


def test_every_mechanism_form_and_attribute_changes_a_world_that_is_kept() -> None:
    """A mechanism that no kept world has at work could be changed unnoticed."""
    kept = golden_runs.kept()
    usual = {
        "central_african_republic_2013": "central_african_republic_2013 actual",
        "rwanda_1994": "rwanda_1994 forms elite_choice quantal_response",
    }
    defaults = {(rule, forms[0].name) for rule, forms in FORMS.items()}
    for section, name, value in golden_runs.changes(compose([])):
        if (name, value) in defaults:
            continue
        assert any(
            kept[f"{country} {section} {name} {value}"] != kept[base]
            for country, base in usual.items()
        ), f"{section}.{name}={value}"


def test_what_was_made_with_a_source_of_the_model_stays_true_of_this_one() -> None:
    """Otherwise posterior, verdicts, validation and cases are of another model: make them again."""
    kept = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    assert source_hash() in same_sources(), (
        f"{source_hash()}: a new source of the model, see the head of {FILE.name}"
    )
    golden = hashlib.sha256(golden_runs.FILE.read_bytes()).hexdigest()
    assert kept["golden_runs"] == golden, "the golden runs are not those that go with the posterior"
    assert all(one["change"].strip() for one in kept["later"])
    for ensemble in ("calibrated", "prior"):
        assert compose([f"posterior={ensemble}"])["posterior"]["model_source"] == kept["made_with"]


def test_only_sources_that_are_kept_compute_the_same() -> None:
    one = next(iter(same_sources()))
    assert computes_the_same(one, source_hash())
    assert computes_the_same("0" * 64, "0" * 64)
    assert not computes_the_same("0" * 64, one)
    assert not computes_the_same(one, "0" * 64)

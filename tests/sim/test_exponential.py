"""The exponential: as near as a number can be, and the same bits whoever works it out."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ensemble.build import build
from sim.exponential import exp, exp_of_each, with_exp
from sim.rules import RULES


def numbers() -> np.ndarray:
    some = np.random.default_rng(3)
    return np.concatenate([
        some.uniform(-708.0, 709.0, 2_000), some.normal(0.0, 1.0, 2_000),
        some.normal(0.0, 1e-6, 1_000), [0.0, -0.0, 1.0, -1.0],
    ])  # fmt: skip


def true_exponential(x: float) -> Fraction:
    """Return the exponential to forty digits, by its series of an argument below a thousandth."""
    halvings = 20
    rest, term, total = Fraction(x) / 2**halvings, Fraction(1), Fraction(1)
    for n in range(1, 16):
        term = term * rest / n
        total += term
    for _ in range(halvings):
        total = Fraction(round(total * total * 10**60), 10**60)
    return total


@pytest.mark.parametrize("x", [-30.0, -5.123, -0.5, -1e-3, 1e-9, 0.3465, 0.3467, 2.5, 20.0])
def test_it_is_within_one_unit_in_the_last_place(x: float) -> None:
    true = true_exponential(x)
    assert abs(Fraction(exp(x)) - true) <= Fraction(math.ulp(float(true)))


def test_it_is_that_of_the_library_but_for_the_last_digit() -> None:
    x = numbers()
    library = np.array([math.exp(value) for value in x.tolist()])
    assert (np.abs(exp_of_each(x) - library) <= np.spacing(library)).all()


def test_one_number_an_array_and_machine_code_give_the_same_bits() -> None:
    x = numbers()
    each = exp_of_each(x).tobytes()
    assert np.array([exp(value) for value in x.tolist()]).tobytes() == each
    compiled = build()["exp"]
    assert np.array([compiled(value) for value in x.tolist()]).tobytes() == each


@pytest.mark.parametrize(("x", "expected"), [
    (0.0, 1.0), (-0.0, 1.0), (-709.0, 0.0), (-math.inf, 0.0), (-1e300, 0.0), (710.0, math.inf),
    (math.inf, math.inf), (1e300, math.inf),
])  # fmt: skip
def test_at_its_ends_it_is_what_it_tends_to(x: float, expected: float) -> None:
    assert exp(x) == exp_of_each(np.array([x]))[0] == build()["exp"](x) == expected


def test_what_is_no_number_stays_none() -> None:
    assert all(math.isnan(value) for value in (exp(math.nan), build()["exp"](math.nan)))
    assert np.isnan(exp_of_each(np.array([math.nan]))).all()


@given(st.floats(-700.0, 700.0), st.floats(0.0, 5.0))
def test_it_never_falls_by_more_than_its_last_digit(x: float, more: float) -> None:
    lower, upper = exp(x), exp(min(x + more, 700.0))
    assert upper >= lower - math.ulp(lower)
    assert (exp(x) <= 1.0) == (x <= 0.0) or abs(x) < 1e-15


def test_rules_call_it_compiled_whatever_name_they_give_it() -> None:
    calls = []

    def compiled(x: float) -> float:
        calls.append(x)
        return exp(x)

    space: dict[str, Any] = {"fall": exp, "__builtins__": {}, "__name__": "elsewhere"}
    exec("def own(x): return fall(x)", space)
    assert with_exp(space["own"], compiled)(1.0) == exp(1.0)
    assert calls == [1.0]
    assert with_exp(math.sqrt, compiled) is math.sqrt


def test_a_rule_bound_to_it_is_still_the_rule() -> None:
    users = {name: rule for name, rule in RULES.items() if "exp" in rule.__code__.co_names}
    assert len(users) > 10
    for name, rule in users.items():
        bound = with_exp(rule, build()["exp"])
        assert bound is not rule
        assert (bound.__name__, bound.__doc__, bound.__code__) == (
            name,
            rule.__doc__,
            rule.__code__,
        )

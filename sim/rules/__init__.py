"""The rules: small pure functions of named scalars, one body each, by what they are about.

The agents engine calls a rule as it stands; the compiled ensemble compiles the same body. Bodies keep
to ``+ - * /``, comparisons, the `exp` of `sim.exponential` and ``sqrt log log1p expm1 tanh`` on guarded
domains, because other functions differ between Python and compiled code. A user may replace any rule
by name; `RULES` is the list of what can be replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from types import MappingProxyType
from typing import Any

from sim.errors import ScenarioError, unknown_name
from sim.rules import (
    adverse,
    contest,
    council,
    credibility,
    elite_choice,
    flight,
    government,
    international_actor,
    killing,
    measure,
    mobilisation,
    protection,
    society,
)

Rule = Callable[..., Any]


def _public_functions(*modules: Any) -> dict[str, Rule]:
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if callable(value) and getattr(value, "__module__", "") == module.__name__
    }


#: Every rule by its name.
RULES: Mapping[str, Rule] = MappingProxyType(
    _public_functions(
        adverse,
        contest,
        council,
        credibility,
        elite_choice,
        flight,
        government,
        international_actor,
        killing,
        measure,
        mobilisation,
        protection,
        society,
    )
)


def _parameters_of(rule: Rule) -> list[tuple[str, Any]]:
    parameters = signature(rule).parameters.values()
    return [(parameter.name, parameter.kind) for parameter in parameters]


_RuleSet: Any = type("RuleSet", (), {"__slots__": tuple(RULES)})


def rule_set(replaced: Mapping[str, Rule] | None = None) -> Any:
    """Return all rules by name, some of them replaced.

    Parameters
    ----------
    replaced : mapping of str to function, optional
        Rules to use instead, with the same parameters in the same order.

    Raises
    ------
    ScenarioError
        For a name that is not a rule, or parameters that differ from those of the rule.
    """
    chosen = dict(RULES)
    for name, rule in (replaced or {}).items():
        if name not in RULES:
            raise unknown_name("rules", name, RULES)
        expected = _parameters_of(RULES[name])
        if not callable(rule) or _parameters_of(rule) != expected:
            names = ", ".join(parameter for parameter, _ in expected)
            raise ScenarioError(f"rules.{name}: expected a function of ({names}), by position")
        chosen[name] = rule
    rules = _RuleSet()
    for name, rule in chosen.items():
        setattr(rules, name, rule)
    return rules

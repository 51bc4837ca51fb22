"""The door: scenario files and overrides come in through Hydra, a plain dictionary goes out.

A scenario file is data. It cannot name code to instantiate, read the environment or call a
resolver; what tries is refused with the key that holds it. Nothing beyond this file knows Hydra.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hydra import compose as hydra_compose
from hydra import initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException, MissingConfigException
from omegaconf import OmegaConf, open_dict
from omegaconf.basecontainer import BaseContainer
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from experiments.bounded import refuse_unshown
from experiments.courses import course_of
from experiments.cross_cutting import SECTION
from experiments.design_table import add_table
from experiments.executor_settings import check_executor, check_whole
from experiments.overrides import (
    CALL,
    GROUPS,
    Override,
    as_override,
    read_overrides,
    settle_factors,
    value_of,
    with_names,
)
from experiments.own_measures import fill_own, of_own_measure, set_own
from experiments.posterior import apply_posterior
from experiments.scenario_folder import own_folder, scenarios_folder
from experiments.worlds import add_worlds
from sim.errors import ForestallError, bad_value, shortened, unknown_name

KEYS = (
    "name", "seed", "replicates", "weeks", "engine", "country", "actors", "interventions",
    "action", "parameters", "mechanisms", "forms", "attributes", "design", "executor",
    "store", "output", "course", "posterior",
)  # fmt: skip
ENGINES = ("compiled", "agents")
EQUAL = ("endowment", "resource_weeks")
"""What all points of a design have the same amount of (`experiments.resource_weeks`)."""
WEEKLY = ("quantiles", "full")
_DESIGN = ("factors", "method", "points", "seed", "lists", "equal", "table")
_INSTRUCTION = re.compile(r"_[a-z]+_")
_NAME = re.compile(r"\w[\w-]{0,79}", re.ASCII)
_MAPPINGS = (
    "country", "actors", "interventions", "action", "parameters", "mechanisms", "forms", "attributes",
    "design", "executor", "store",
)  # fmt: skip
_SEED_LIMIT = 2**63
MOST_REPLICATES = 10_000_000
MOST_POINTS = 1_000_000


def compose(
    overrides: Sequence[str] = (),
    *,
    scenarios: Path | None = None,
    measures: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return the configuration that the overrides ask for, as plain dictionaries and lists.

    Parameters
    ----------
    overrides : Hydra's override syntax, ``"country=burundi_2015"``, ``"seed=7"``. Several values
        (``"action.start=0,13"``) or ``range(0,52,4)`` make that entry a factor of the design.
    scenarios : a folder of the user's own files, laid out like the packaged one
        (``DIR/country/mine.yaml`` is chosen by ``country=mine``).
    measures : measures of the user's own that a Python file declares
        (`experiments.own_measures.read_measures_file`).

    Raises
    ------
    ForestallError
        An unknown key or choice, a syntax error, a file that is not plain data, or a run setting
        of the wrong kind. What belongs to the model is checked by `sim.scenario`.
    """
    own = None if scenarios is None else own_folder(scenarios)
    given = with_names(read_overrides(overrides), own)
    config = _configuration(given, own, measures or {})
    add_table(config, given)
    swept = [name for name in config["design"]["factors"] if name in GROUPS]
    if swept:
        add_worlds(
            config, swept, lambda chosen: _configuration([*given, *chosen], own, measures or {})
        )
    return config


def _configuration(
    given: Sequence[Override], own: Path | None, measures: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    theirs = tuple(f"interventions.{name}." for name in measures)
    later = [
        item
        for item in given
        if (item.key.startswith(theirs) or of_own_measure(item.key))
        and item.text
        and not item.text.startswith("~")
    ]
    files = [item for item in given if item.text and item not in later]
    composed, choices = _composed([item.text for item in files], own)
    config = OmegaConf.to_container(composed, resolve=False)
    assert isinstance(config, dict)
    _refuse_code(config)
    folders = [folder for folder in (own, scenarios_folder()) if folder is not None]
    config = course_of(_resolved(composed), choices, folders)
    config.pop(SECTION, None)  # of an experiment, for the catalogue
    _check_mappings(config)
    _refuse_hashes(config["interventions"])
    apply_posterior(config, folders)
    for name, entry in measures.items():
        config["interventions"][name] = dict(entry)
    for item in later:
        set_own(config["interventions"], item.key, value_of(item))
    fill_own(config["interventions"])
    settle_factors(config, given)
    _check_run_settings(config)
    check_executor(config["executor"], given=[item.key for item in given])
    if config["output"] is not None and all(item.key != "output" for item in given):
        raise ForestallError(
            "output: a scenario file may not choose where results go, give output=DIR yourself"
        )
    return config


def _refuse_hashes(interventions: Mapping[str, Any]) -> None:
    """Raise where a scenario file says what only a file of measures does: that it comes from code."""
    for name, entry in interventions.items():
        if isinstance(entry, Mapping) and "code" in entry:
            raise ForestallError(
                f"interventions.{name}.code: a scenario file names no code; "
                "a Python file of measures is given with --measures FILE.py"
            )


def _check_mappings(config: dict[str, Any]) -> None:
    if "intervention" in config:
        raise ForestallError(
            "intervention: the file of a measure must begin with the line "
            "'# @package interventions.NAME', NAME being what the measure is called"
        )
    for key in _MAPPINGS:
        if not isinstance(config.setdefault(key, {}), dict):
            raise bad_value(key, config[key], "a mapping of names to values")
    if not isinstance(config["design"].setdefault("factors", {}), dict):
        raise bad_value(
            "design.factors", config["design"]["factors"], "a mapping of names to values"
        )


def _composed(overrides: list[str], own: Path | None) -> tuple[Any, dict[str, str]]:
    """Return the composed configuration, and the file that was chosen of each group."""
    try:
        return _hydra(overrides, own)
    except MissingConfigException as error:
        raise _missing_choice(error, _chosen_country(overrides)) from None
    except HydraException as error:
        raise _explained(error, overrides, own) from None
    except (OmegaConfBaseException, YAMLError, ValueError) as error:
        raise ForestallError(f"scenario files: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise ForestallError("scenario files: a defaults list leads back to its own file") from None
    except (AssertionError, TypeError):  # what Hydra takes for granted of a defaults list
        raise ForestallError("scenario files: a defaults list is not one of names") from None
    except OSError as error:  # a choice whose name no file can have
        longest = max(overrides, key=len, default="")
        reason = (error.strerror or "cannot be read").lower()
        raise ForestallError(f"{longest[:60]}: no such file of scenarios ({reason})") from None


def _hydra(overrides: list[str], own: Path | None) -> tuple[Any, dict[str, str]]:
    folder = scenarios_folder()
    if not (folder / "config.yaml").is_file():
        raise ForestallError(f"the installation is incomplete: {folder}/config.yaml is missing")
    path = [] if own is None else [f"hydra.searchpath=[{_quoted(f'file://{own}')}]"]
    GlobalHydra.instance().clear()
    with (
        initialize_config_dir(version_base="1.3", config_dir=str(folder)),
        _without_resolvers(),
    ):
        composed = hydra_compose("config", overrides=[*path, *overrides], return_hydra_config=True)
    choices = {str(group): str(name) for group, name in composed.hydra.runtime.choices.items()}
    with open_dict(composed):
        del composed["hydra"]
    return composed, choices


def _resolved(composed: Any) -> dict[str, Any]:
    try:
        with _without_resolvers():
            _refuse_references_to_sections("", composed)
            plain = OmegaConf.to_container(composed, resolve=True, throw_on_missing=True)
    except OmegaConfBaseException as error:
        key = getattr(error, "full_key", None) or "scenario files"
        raise ForestallError(f"{key}: {_first_line(error)}") from None
    assert isinstance(plain, dict)
    return {str(key): value for key, value in plain.items()}


def _refuse_references_to_sections(where: str, node: Any) -> None:
    """Raise for ``${key}`` that stands for a whole section: a few of them multiply without end."""
    listed = OmegaConf.is_list(node)
    for key in range(len(node)) if listed else list(node or ()):
        name = f"{where}[{key}]" if listed else f"{where}.{key}" if where else str(key)
        if OmegaConf.is_missing(node, key):
            continue
        child = node[key]
        if not OmegaConf.is_config(child):
            continue
        if OmegaConf.is_interpolation(node, key):
            raise ForestallError(f"{name}: may refer to one value, not to a whole section")
        _refuse_references_to_sections(name, child)


@contextmanager
def _without_resolvers() -> Iterator[None]:
    # Hydra resolves ${...} in a file's defaults list before anybody could look at it.
    kept = BaseContainer._resolvers
    BaseContainer._resolvers = {}
    try:
        yield
    finally:
        BaseContainer._resolvers = kept


def _walk(where: str, node: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield every entry below a node: its dotted name, its own key, and what it holds."""
    entries = node.items() if isinstance(node, Mapping) else ()
    for key, entry in entries:
        name = f"{where}.{key}" if where else str(key)
        yield name, key, entry
        yield from _walk(name, entry)
    for index, entry in enumerate(node if isinstance(node, list) else ()):
        yield f"{where}[{index}]", index, entry
        yield from _walk(f"{where}[{index}]", entry)


def _refuse_code(config: Any) -> None:
    for name, key, entry in _walk("", config):
        if _INSTRUCTION.fullmatch(str(key)) or "${" in str(key):
            raise ForestallError(f"{name}: a scenario file is data, it may not hold {key!r}")
        if isinstance(entry, str) and CALL.search(entry):
            raise ForestallError(f"{name}: a scenario file is data, it may not call {entry!r}")
        try:
            refuse_unshown(text for text in (key, entry) if isinstance(text, str))
        except ValueError as error:
            raise ForestallError(f"{name}: {error}") from None


def _refuse_infinite(config: Any) -> None:
    for name, _, entry in _walk("", config):
        if isinstance(entry, float) and not math.isfinite(entry):
            raise bad_value(name, entry, "a finite number (a start may be 'never')")


def _chosen_country(overrides: Sequence[str]) -> str | None:
    """Return the country that overrides choose while they leave the actors to it."""
    named = dict(text.split("=", 1) for text in overrides if "=" in text)
    return None if "actors" in named else named.get("country")


def _missing_choice(error: MissingConfigException, country: str | None) -> ForestallError:
    name = (error.missing_cfg_file or "").removesuffix(".yaml")
    group, _, choice = name.rpartition("/")
    if not group:
        return ForestallError(_first_line(error))
    if "${" in str(error) or not choice or "//" in name:
        return ForestallError(f"{group.strip('/')}: {choice!r} is not the name of a file")
    options = set(error.options or ()) | {
        file.stem for file in (scenarios_folder() / group).glob("*.yaml")
    }
    if group == "actors" and choice == country:
        return ForestallError(
            f"actors: none are coded for country {choice!r}, choose some with actors=NAME, "
            f"NAME one of {', '.join(sorted(options))}"
        )
    return unknown_name(group, choice, options)


def _explained(error: HydraException, overrides: list[str], own: Path | None) -> ForestallError:
    """Return the error of an override that Hydra refused, with the nearest key that exists."""
    failed = re.match(r"Could not override '([^']+)'", str(error))
    if failed is None:
        reason = str(error) or str(error.__cause__ or "") or type(error).__name__
        for text in overrides:
            reason = reason.replace(text, shortened(text))
        return ForestallError(f"scenario files: {' '.join(reason.split())}")
    key = failed.group(1)
    others = [text for text in overrides if as_override(text).key != key]
    try:
        known = OmegaConf.to_container(_hydra(others, own)[0], resolve=False)
    except (HydraException, OmegaConfBaseException):
        known = OmegaConf.to_container(_hydra([], own)[0], resolve=False)
    return missing_key(key, known) or ForestallError(f"{key}: cannot be set like this")


def missing_key(key: str, config: Any) -> ForestallError | None:
    """Return the error for a dotted `key` that `config` does not hold, None when it does."""
    node, path = config, ""
    for name in key.split("."):
        if isinstance(node, list) and name.isdecimal() and int(name) < len(node):
            node = node[int(name)]
        elif isinstance(node, Mapping) and name in node:
            node = node[name]
        else:
            groups = ("experiment", "intervention", "portfolio") if not path else ()
            valid = [*map(str, node), *groups] if isinstance(node, Mapping) else []
            return unknown_name(key, name, valid)
        path = f"{path}.{name}" if path else name
    return None


def _check_run_settings(config: dict[str, Any]) -> None:
    for key in config:
        if key not in KEYS:
            raise unknown_name("", key, KEYS)
    for key in KEYS:
        if key not in config:
            raise ForestallError(f"{key}: missing from the configuration")
    check_whole("seed", config["seed"], low=0, high=_SEED_LIMIT - 1)
    check_whole(
        "replicates", config["replicates"], low=1, high=MOST_REPLICATES, unit="runs a point"
    )
    _refuse_infinite(config)
    check_whole("weeks", config["weeks"], low=1, unit="weeks")
    _only("design", config["design"], _DESIGN)
    _only("store", config["store"], ("weekly",))
    if config["store"].get("weekly") not in WEEKLY:
        raise unknown_name("store.weekly", config["store"].get("weekly"), WEEKLY)
    check_whole("design.points", config["design"].get("points", 1), low=1, high=MOST_POINTS)
    check_whole("design.seed", config["design"].get("seed", 1), low=0, high=_SEED_LIMIT - 1)
    if (equal := config["design"].setdefault("equal", EQUAL[0])) not in EQUAL:
        raise unknown_name("design.equal", equal, EQUAL)
    if config["engine"] not in ENGINES:
        raise unknown_name("engine", config["engine"], ENGINES)
    if config["output"] is not None and not (
        isinstance(config["output"], str) and config["output"]
    ):
        raise bad_value("output", config["output"], "the path of a folder")
    # It becomes part of a path: a scenario file may not point elsewhere.
    if config["name"] is not None and not _NAME.fullmatch(str(config["name"])):
        raise bad_value("name", config["name"], "letters, digits, - and _")


def _only(key: str, mapping: Mapping[str, Any], valid: Sequence[str]) -> None:
    for name in mapping:
        if name not in valid:
            raise unknown_name(key, name, valid)


def _first_line(error: Exception) -> str:
    return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"

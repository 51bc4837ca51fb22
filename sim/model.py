"""The model as a Mesa programme: agents that act, in the order of the schedule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import mesa
import numpy as np

from sim.agents import (
    ArmedGroup,
    Community,
    Council,
    Government,
    Homecoming,
    InternationalActor,
    Operation,
    Programme,
    Talks,
    War,
)
from sim.draws import WeekDraws
from sim.ensemble.build import build
from sim.errors import unknown_name
from sim.exponential import with_exp
from sim.fields import GROUP, PROGRAMME, SETTINGS, WORLD
from sim.initial import Columns, initial_columns
from sim.interventions import MEASURE_COLUMNS
from sim.kinds import FORWARD_LOOKING, STATE
from sim.outcomes import OUTCOMES, SERIES, Z, summarise
from sim.parameters import NAMES
from sim.randomness import checked_key
from sim.rules import RULES, rule_set
from sim.scenario import Scenario
from sim.schedule import WEEK, Process

AGENT_CLASSES: Mapping[str, type[mesa.Agent]] = {
    "Community": Community,
    "ArmedGroup": ArmedGroup,
    "Government": Government,
    "InternationalActor": InternationalActor,
}


def _records(title: str, names: Sequence[str], rows: np.ndarray) -> list[Any]:
    """Return objects with one slot a name: reading a slot costs a fifth of a namespace's entry."""
    kind = type(title, (), {"__slots__": tuple(names)})
    records = []
    for row in rows.tolist():
        record = kind()
        for name, value in zip(names, row, strict=True):
            setattr(record, name, value)
        records.append(record)
    return records


class PreventionModel(mesa.Model):  # type: ignore[misc]
    """A country at risk, those who would kill, those who are at risk, and those who may act.

    Fields of `sim.fields.WORLD` are attributes of the model. One call of `step` is one week in the
    order of `sim.schedule.WEEK`.

    Parameters
    ----------
    case : Scenario
        The world to run.
    seed, replicate : int
        Address of its draws; equal numbers share every draw with any other scenario.
    rules : mapping of str to function, optional
        Rules to use instead of the model's own (`sim.rules.RULES` lists them).
    agent_classes : mapping of str to class, optional
        Subclasses to use instead, by the name of the class that they replace.
    collect : bool
        Whether Mesa's data collector records the weekly series (it costs time).

    Attributes
    ----------
    communities, armed_groups, actors : list
        The agents by kind, in the order of the scenario; also in ``agents_by_type``.
    government : Government
    council, operation, talks, war, homecoming
        The bodies in which agents act together.
    garrisons, recruiting : list of ArmedGroup
        The state forces; the militias and rebels.
    measures, programmes : list
        Effects of the measures under way, and their fields of `sim.fields.PROGRAMME`.
    groups : list
        National totals of the identity groups, fields of `sim.fields.GROUP`.
    group_numbers : tuple of int
        Their positions, for loops over what a community holds of each.
    recorded : list of float
        Violence that a record gives for this week, one a community; empty without a record.
    series : ndarray, shape (weeks, len(SERIES) + groups)
        Weekly record.
    """

    week: float
    shock_threat: float
    shock_grievance: float
    shock_fear: float
    shock_division: float
    shock_arms: float
    slump: float
    alarm: float
    deaths_recent: float
    flight_recent: float
    policy_pressure: float
    policy_protection: float
    robustness: float
    mandate_scale: float
    acting: float
    outside_pressure: float
    incentives: float
    backing: float
    arming: float
    forums: float
    pressure: float
    pressure_on_rebels: float
    mandate_week: float
    mandate_since: float
    troops_requested: float
    mediation: float
    aid_supply: float
    observers: float
    institution_programme: float
    focal_programme: float
    security_programme: float
    governance_programme: float
    capacity_programme: float
    treaty_programme: float
    border_watch: float
    reporting: float
    dialogue: float
    good_offices: float
    power_sharing: float
    joint_action: float
    monitoring: float
    prosecution: float
    support: float
    funds: float
    embargo: float
    engagement: float
    early_action: float
    participation: float
    decentralisation: float
    placebo: float
    police: float
    contact: float
    inclusion: float
    justice_programme: float
    livelihood_programme: float
    civil_society_programme: float
    equality_programme: float
    empowerment: float
    truth_programme: float
    schooling_programme: float
    healing: float
    interruption: float
    voices: float
    youth_programme: float
    accompaniment: float
    counter_speech: float
    moderation: float
    own_mediation: float
    own_cost: float
    programmes_on: float
    decentral_week: float
    civic_space: float
    message: float
    office: float
    united: float
    spoiler: float
    credit: float
    report_noise: float
    report_delay: float
    delivery: float
    civil_society: float
    violence: float
    placebo_spent: float
    announced: float
    troops_preparing: float
    troops_deployed: float
    terms: float
    aid_coverage: float
    spent: float
    agreement: float
    exhausted: float
    control: float
    outlet: float
    victory: float
    government_changes: float
    rescue: float
    backlash: float
    urgency: float
    shift: float
    aid_lost: float
    diverted: float
    need_total: float
    aid_total: float
    excluded_total: float
    here_total: float
    protected: float
    displaced: float
    refugees: float
    fled_week: float
    died_week: float
    killed: float
    places_attacked: float

    def __init__(
        self,
        case: Scenario,
        *,
        seed: int = 1,
        replicate: int = 0,
        rules: Mapping[str, Callable[..., Any]] | None = None,
        agent_classes: Mapping[str, type[mesa.Agent]] | None = None,
        collect: bool = False,
    ) -> None:
        checked_key(seed, replicate)
        super().__init__(rng=seed)
        self.case = case
        exp = build()["exp"]
        bodies = {**RULES, **(rules or {})}
        self.rules = rule_set({name: with_exp(body, exp) for name, body in bodies.items()})
        self._classes = dict(AGENT_CLASSES)
        for name, chosen in (agent_classes or {}).items():
            if name not in AGENT_CLASSES:
                raise unknown_name("agent_classes", name, AGENT_CLASSES)
            self._classes[name] = chosen
        columns = initial_columns(case)
        self.parameters = _records("Parameters", NAMES, columns.parameters[None])[0]
        names = [field.name for field in SETTINGS]
        self.settings = _records("Settings", names, columns.settings[None])[0]
        rows = _records("MeasureRow", MEASURE_COLUMNS, columns.measures)
        names = [field.name for field in PROGRAMME]
        self.programmes = _records("ProgrammeState", names, columns.programmes.T)
        self.measures = [
            Programme(self, row, state, is_head=row.head == index)
            for index, (row, state) in enumerate(zip(rows, self.programmes, strict=True))
        ]
        self.shocks: list[list[float]] = columns.shocks.tolist()
        self._record: list[list[float]] = columns.recorded.tolist()
        self.recorded: list[float] = []
        for field, value in zip(WORLD, columns.world.tolist(), strict=True):
            setattr(self, field.name, value)
        self._make_agents(columns)
        sizes = (
            len(self.actors), len(self.armed_groups), len(self.communities), len(self.shocks)
        )  # fmt: skip
        self.draws = WeekDraws(seed, replicate, *sizes)
        self.series = np.zeros((case.weeks, len(SERIES) + len(self.groups)))
        self.council, self.operation, self.talks = Council(self), Operation(self), Talks(self)
        self.war, self.homecoming = War(self), Homecoming(self)
        self._bodies = {
            "PreventionModel": self,
            "Council": self.council,
            "Operation": self.operation,
            "Talks": self.talks,
            "War": self.war,
            "Homecoming": self.homecoming,
        }
        self._plan = [
            (process, self._performer(process))
            for process in WEEK
            if not process.switched or case.switches[process.mechanism]
        ]
        self._extras = [kind for kind in self._classes.values() if kind.step not in _PLAIN_STEPS]
        self.datacollector = None
        if collect:
            self.datacollector = mesa.DataCollector(
                model_reporters={series.name: [self.latest, [series.name]] for series in SERIES}
            )

    def _make_agents(self, columns: Columns) -> None:
        case, classes = self.case, self._classes
        names = [field.name for field in GROUP]
        self.groups = _records("GroupTotals", names, columns.groups.T)
        self.group_numbers = tuple(range(len(self.groups)))
        self.government = classes["Government"](self, columns)
        self.actors = [
            classes["InternationalActor"](self, index, columns)
            for index in range(len(case.actors.names))
        ]
        self.armed_groups = [
            classes["ArmedGroup"](self, index, columns) for index in range(len(case.armed_groups))
        ]
        self.sort_forces()
        self.communities = [
            classes["Community"](self, index, columns) for index in range(len(case.country.places))
        ]
        graph = case.country.graph()
        start, place = graph.start.tolist(), graph.place.tolist()
        contact, nearness = graph.weight.tolist(), columns.nearness.tolist()
        for index, community in enumerate(self.communities):
            row = slice(start[index], start[index + 1])
            near = [self.communities[other] for other in place[row]]
            community.contacts = tuple(zip(contact[row], near, strict=True))
            community.roads = tuple(zip(nearness[row], near, strict=True))

    def sort_forces(self) -> None:
        """Tell state forces from militias and rebels, at the start and when a government changes."""
        self.garrisons = [group for group in self.armed_groups if group.kind == STATE]
        self.recruiting = [group for group in self.armed_groups if group.kind != STATE]

    def _performer(self, process: Process) -> Callable[[], object]:
        """Return what carries out a process: all agents of one kind, the model, or a body of it."""
        if process.agent in self._bodies:
            method: Callable[[], object] = getattr(self._bodies[process.agent], process.name)
            return method
        kind = self._classes[process.agent]
        if kind not in self.agents_by_type:
            return lambda: None
        agents, act = self.agents_by_type[kind], getattr(kind, process.name)

        def perform() -> None:
            # AgentSet.do asks for every agent whether it is still there; here nobody leaves.
            for agent in agents:
                act(agent)

        return perform

    def step(self) -> None:
        """Run one week."""
        self.draws.fill(int(self.week))
        week, recorded = int(self.week), False
        self.recorded = self._record[week] if self._record else []
        self.fled_week = self.died_week = 0.0
        for process, perform in self._plan:
            if process.stage == "record" and not recorded:
                recorded = True
                for kind in self._extras:
                    if kind in self.agents_by_type:
                        self.agents_by_type[kind].do("step")
            if week % process.every == 0:
                perform()
        if self.datacollector is not None:
            self.datacollector.collect(self)
        self.running = self.week < self.case.weeks

    def run(self) -> np.ndarray:
        """Run to the horizon and return the outcomes, shape (len(OUTCOMES),)."""
        while self.week < self.case.weeks:
            self.step()
        return self.outcomes()

    def outcomes(self) -> np.ndarray:
        """Return the outcomes of the weeks so far, shape (len(OUTCOMES),)."""
        out = np.zeros(len(OUTCOMES))
        summarise(self.series[: int(self.week)], out)
        return out

    def latest(self, name: str) -> float:
        """Return the last recorded value of a weekly series."""
        return float(self.series[int(self.week) - 1, getattr(Z, name)])

    # --- sense ------------------------------------------------------------------------------------

    def strike(self) -> None:
        """Add up what this week's shocks bring."""
        threat = grievance = fear = division = livelihoods = arms = 0.0
        years, erosion = self.week / 52.0, self.parameters.erosion
        for shock, draw in zip(self.shocks, self.draws.shock, strict=True):
            week, more_threat, more_grievance, more_fear, more_division, poorer, armed, chance = (
                shock
            )
            if week == self.week or draw < self.rules.worn(chance, years, -erosion):
                threat = threat + (1.0 - threat) * more_threat
                grievance = grievance + (1.0 - grievance) * more_grievance
                fear = fear + (1.0 - fear) * more_fear
                division = division + (1.0 - division) * more_division
                livelihoods = livelihoods + (1.0 - livelihoods) * poorer
                arms = arms + (1.0 - arms) * armed
        self.shock_threat, self.shock_grievance, self.shock_fear = threat, grievance, fear
        self.shock_division, self.shock_arms = division, arms
        self.slump = self.rules.slump_next(self.slump, livelihoods, self.parameters.slump_fade)

    def raise_alarm(self) -> None:
        """Set how alarming the country truly is, and how well and how soon that is reported."""
        rules, p = self.rules, self.parameters
        fled = 0.0
        if self.settings.population > 0.0:
            fled = self.flight_recent / self.settings.population
        self.violence = self.rules.violence_felt(self.deaths_recent * p.recent_fade, p.media_half)
        speech = 0.0
        for group in self.groups:
            if group.speech > speech:
                speech = group.speech
        self.alarm = self.rules.alarm_level(
            self.deaths_recent, fled, self.government.threat, speech, p.alarm_deaths,
            p.alarm_flight, p.alarm_threat, p.alarm_speech,
        )  # fmt: skip
        if self.early_action > 0.0:
            # Only alarms that are acted upon spend credit.
            believed = 0.0
            for actor in self.actors:
                believed += actor.weight * rules.probability_of(actor.belief)
            self.credit = rules.credit_next(
                self.credit, believed, self.alarm, p.credit_loss, p.credit_recovery
            )
        noise = rules.report_noise(
            p.signal_noise, self.forums, self.observers, self.civil_society, p.observers_half,
            p.warning_civil_society,
        )  # fmt: skip
        noise = rules.lessened(noise, self.government.institutions, p.warning_institutions)
        self.report_noise = rules.lessened(noise, self.reporting, p.reporting_effect)
        early = self.early_action * self.credit
        self.report_delay = rules.report_delay(
            rules.lessened(p.signal_delay, early, p.early_effect), self.government.focal_point,
            p.focal_point_gain,
        )  # fmt: skip

    def broadcast(self) -> None:
        """Set what is on the air on each side: the speech of its loudest leaders."""
        rules, incitement = self.rules, self.parameters.speech_incitement
        for group in self.groups:
            group.speech = 0.0
        for armed_group in self.armed_groups:
            speech = rules.hate_speech(
                armed_group.threat, armed_group.order, armed_group.restraint, incitement
            )
            if speech > self.groups[armed_group.side].speech:
                self.groups[armed_group.side].speech = speech

    def provoke(self) -> None:
        """Set what pressure, promises, announcements and aid provoke."""
        rules, p, on = self.rules, self.parameters, self.settings
        self.rescue = self.backlash = self.urgency = 0.0
        self.aid_lost = self.diverted = 0.0
        self.shift = 0.0
        if on.displaced_violence > 0.5 and self.troops_deployed > 0.0:
            self.shift = p.violence_shift
        if on.moral_hazard > 0.5:
            protection = self.policy_protection
            if on.form_foresight == FORWARD_LOOKING and on.mandated > 0.5:
                protection = rules.foreseen(protection, on.mean_protection)
            self.rescue = rules.expected_rescue(protection, p.moral_hazard)
        if on.sovereignty_backlash > 0.5:
            self.backlash = rules.sovereignty_backlash(self.pressure, p.backlash)
        if on.acceleration > 0.5:
            self.urgency = rules.urgency_of(self.announced, self.policy_protection, p.acceleration)
        if on.diverted_aid > 0.5 and on.population > 0.0:
            supplied = self.aid_coverage * self.displaced / on.population
            self.aid_lost = rules.diverted_share(self.government.accountability, p.aid_diversion)
            self.diverted = self.aid_lost * (supplied if supplied < 1.0 else 1.0)

    # --- record -----------------------------------------------------------------------------------

    def count_people(self) -> None:
        """Add up who is where, who was killed, what groups remember and resent; find the outlet."""
        excess, resonance = self.rules.grievance_excess, self.parameters.grievance_resonance
        displaced = refugees = 0.0
        for index, group in enumerate(self.groups):
            at_home = losses = unrest = killed = residents = 0.0
            for place in self.communities:
                away = place.displaced[index]
                displaced += away
                killed += place.killed_week[index]
                if place.abroad > 0.5:
                    refugees += away
                    continue
                here = place.residents[index]
                at_home += here + away
                residents += here
                losses += here * place.memory[index]
                unrest += here * excess(
                    place.grievance[index],
                    place.grievance_usual[index],
                    place.exclusion[index],
                    resonance,
                )
            group.at_home = at_home
            group.killed_week = killed
            group.losses = losses / residents if residents > 0.0 else 0.0
            group.unrest = unrest / residents if residents > 0.0 else 0.0
        self.displaced, self.refugees = displaced, refugees
        strength = here = attacked = outlet = 0.0
        for place in self.communities:
            if any(place.killed):
                attacked += 1.0
            if place.abroad < 0.5:
                population = place.population
                here += population
                strength += population * place.civil_society
            else:
                outlet = max(outlet, place.openness * place.room)
        self.civil_society = strength / here if here > 0.0 else 0.0
        self.places_attacked, self.outlet = attacked, outlet

    def count_forces(self) -> None:
        """Add up armed strength, attacks and protection."""
        armed_groups = self.armed_groups
        numbers = range(len(armed_groups))
        strength, attacks, stopped = ([0.0] * len(armed_groups) for _ in range(3))
        protected = at_risk = 0.0
        for place in self.communities:
            protected += place.protection * place.at_risk
            at_risk += place.at_risk
            armed = place.armed
            for index in numbers:
                strength[index] += armed[index]
            if 1.0 in place.attacked:
                for index in numbers:
                    attacks[index] += place.attacked[index]
                    stopped[index] += place.stopped[index]
        for index, armed_group in enumerate(armed_groups):
            if armed_group.kind != STATE:  # the strength of state forces is given
                armed_group.strength = strength[index]
            armed_group.attacks, armed_group.stopped = attacks[index], stopped[index]
        self.protected = protected / at_risk if at_risk > 0.0 else 0.0

    def record(self) -> None:
        """Write the week into the series and turn the page."""
        deaths = 0.0
        for group in self.groups:
            deaths += group.killed_week
        self.killed += deaths
        fade = self.parameters.recent_fade
        self.deaths_recent = self.deaths_recent * (1.0 - fade) + deaths
        self.flight_recent = self.flight_recent * (1.0 - fade) + self.fled_week
        row = self.series[int(self.week)]
        row[: len(SERIES)] = (
            deaths,
            self.died_week,
            self.displaced,
            self.refugees,
            self.troops_deployed,
            self.government.threat,
            self.mandate_scale,
            self.agreement,
            self.victory,
            self.exhausted,
            self.places_attacked,
            self.spent,
            self.killed,
        )
        row[len(SERIES) :] = [group.killed_week for group in self.groups]
        self.week += 1.0


_PLAIN_STEPS = {kind.step for kind in AGENT_CLASSES.values()}

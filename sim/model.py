"""The model as a Mesa programme: agents that act, in the order of the schedule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import sqrt
from typing import Any

import mesa
import numpy as np

from sim.agents import ArmedGroup, Community, Government, InternationalActor
from sim.draws import WeekDraws
from sim.errors import unknown_name
from sim.fields import GROUP, SETTINGS, WORLD
from sim.initial import Columns, initial_columns
from sim.interventions import MEASURE_COLUMNS
from sim.kinds import AID, MEDIATION, MILITIA, ON_MANDATE, STATE, TROOPS
from sim.outcomes import OUTCOMES, SERIES, Z, summarise
from sim.parameters import NAMES
from sim.randomness import checked_key
from sim.rules import rule_set
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
    garrisons, recruiting : list of ArmedGroup
        The state forces; the militias and rebels.
    groups : list
        National totals of the identity groups, fields of `sim.fields.GROUP`.
    group_numbers : tuple of int
        Their positions, for loops over what a community holds of each.
    series : ndarray, shape (weeks, len(SERIES) + groups)
        Weekly record.
    """

    week: float
    shock_threat: float
    shock_grievance: float
    shock_fear: float
    alarm: float
    deaths_recent: float
    flight_recent: float
    policy_pressure: float
    policy_protection: float
    robustness: float
    mandate_scale: float
    mandate_week: float
    mandate_since: float
    troops_requested: float
    troops_preparing: float
    troops_deployed: float
    mediation: float
    terms: float
    aid_supply: float
    aid_coverage: float
    spent: float
    agreement: float
    need_total: float
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
        self.rules = rule_set(rules)
        self._classes = dict(AGENT_CLASSES)
        for name, chosen in (agent_classes or {}).items():
            if name not in AGENT_CLASSES:
                raise unknown_name("agent_classes", name, AGENT_CLASSES)
            self._classes[name] = chosen
        columns = initial_columns(case)
        self.parameters = _records("Parameters", NAMES, columns.parameters[None])[0]
        names = [field.name for field in SETTINGS]
        self.settings = _records("Settings", names, columns.settings[None])[0]
        self.measures = _records("MeasureRow", MEASURE_COLUMNS, columns.measures)
        self.shocks: list[list[float]] = columns.shocks.tolist()
        for field, value in zip(WORLD, columns.world.tolist(), strict=True):
            setattr(self, field.name, value)
        self._make_agents(columns)
        sizes = (len(self.actors), len(self.armed_groups), len(self.communities))
        self.draws = WeekDraws(seed, replicate, *sizes)
        self.series = np.zeros((case.weeks, len(SERIES) + len(self.groups)))
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
        self.garrisons = [group for group in self.armed_groups if group.kind == STATE]
        self.recruiting = [group for group in self.armed_groups if group.kind != STATE]
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

    def _performer(self, process: Process) -> Callable[[], object]:
        """Return what carries out a process: the model itself, or all agents of one kind."""
        if process.agent == "PreventionModel":
            method: Callable[[], object] = getattr(self, process.name)
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
        threat = grievance = fear = 0.0
        for week, more_threat, more_grievance, more_fear in self.shocks:
            if week == self.week:
                threat = threat + (1.0 - threat) * more_threat
                grievance = grievance + (1.0 - grievance) * more_grievance
                fear = fear + (1.0 - fear) * more_fear
        self.shock_threat, self.shock_grievance, self.shock_fear = threat, grievance, fear

    def raise_alarm(self) -> None:
        """Set how alarming the country truly is."""
        p = self.parameters
        fled = 0.0
        if self.settings.population > 0.0:
            fled = self.flight_recent / self.settings.population
        self.alarm = self.rules.alarm_level(
            self.deaths_recent, fled, self.government.threat, p.alarm_deaths, p.alarm_flight,
            p.alarm_threat,
        )  # fmt: skip

    # --- decide -----------------------------------------------------------------------------------

    def bargain(self) -> None:
        """At a regular meeting a proposer is recognised and what passes becomes the mandate."""
        settings, p = self.settings, self.parameters
        if self.week < settings.open_week or settings.mandated < 0.5:
            return
        if settings.arrival_delay >= 0.0:
            return
        if self.mandate_week >= 0.0 and self.week - self.mandate_week >= p.mandate_term:
            self._lapse()
        self._meet(p.mandate_minimum)
        if self.mandate_week < 0.0:
            self.mandate_since = -1.0

    def bargain_once(self) -> None:
        """Where arrival is clamped, decide in the week of arrival, on any scale, for good.

        All are taken to be convinced, so that what comes differs by positions and not by its date.
        """
        settings = self.settings
        if settings.arrival_delay < 0.0 or settings.mandated < 0.5:
            return
        if self.week != settings.open_week + settings.arrival_delay:
            return
        self._meet(0.0)

    def _meet(self, smallest: float) -> None:
        """Adopt what one meeting agrees on, if it is of some size."""
        settings = self.settings
        if settings.mandate_bargaining < 0.5:
            stake = 0.0
            for actor in self.actors:
                stake += actor.weight * actor.stake
            scale = self.rules.proposed_scale(stake, self.parameters.mandate_friction)
            if scale > 0.0 and scale >= smallest:
                self._adopt(settings.mean_pressure, settings.mean_protection, scale)
            return
        proposer = self._recognised()
        if proposer is None:
            return
        scale = self._passing_scale(proposer)
        if scale > 0.0 and scale >= smallest:
            self._adopt(proposer.position_pressure, proposer.position_protection, scale)

    def _recognised(self) -> InternationalActor | None:
        """Return who proposes, by chance in proportion to votes times attention."""
        total = 0.0
        for actor in self.actors:
            total += actor.weight * actor.attention
        if total <= 0.0:
            return None
        point = self.draws.recognition * total
        chosen = None
        for actor in self.actors:
            share = actor.weight * actor.attention
            if share > 0.0 and point >= 0.0:
                chosen = actor
            point -= share
        return chosen

    def _passing_scale(self, proposer: InternationalActor) -> float:
        """Return the largest scale, up to the proposer's best, that vetoes and quota let through."""
        cap = proposer.preferred_scale()
        accepted = [actor.accepted_scale(proposer) for actor in self.actors]
        for actor, most in zip(self.actors, accepted, strict=True):
            if actor.veto > 0.5 and most < cap:
                cap = most
        if cap <= 0.0:
            return 0.0
        if self._votes_for(proposer, accepted, cap) >= self.settings.quota:
            return cap
        passing = 0.0
        for most in accepted:
            if (
                passing < most < cap
                and self._votes_for(proposer, accepted, most) >= self.settings.quota
            ):
                passing = most
        return passing

    def _votes_for(
        self, proposer: InternationalActor, accepted: list[float], scale: float
    ) -> float:
        """Return the votes for a scale; a rounding error never decides (1e-12 of the votes)."""
        votes = 1e-12
        for actor, most in zip(self.actors, accepted, strict=True):
            if actor is proposer or most >= scale:
                votes += actor.weight
        return votes

    def _adopt(self, ideal_pressure: float, ideal_protection: float, scale: float) -> None:
        """Adopt a position on a scale, unless a larger mandate stands."""
        pressure = scale * ideal_pressure
        protection = scale * ideal_protection
        size = sqrt(pressure * pressure + protection * protection)
        if size <= 0.0:
            return
        standing = sqrt(
            self.policy_pressure * self.policy_pressure
            + self.policy_protection * self.policy_protection
        )
        if self.mandate_week >= 0.0 and size <= standing:
            return
        self.policy_pressure, self.policy_protection = pressure, protection
        self.mandate_scale = scale
        self.mandate_week = self.week
        if self.mandate_since < 0.0:
            self.mandate_since = self.week

    def _lapse(self) -> None:
        self.policy_pressure = self.policy_protection = self.mandate_scale = 0.0
        self.mandate_week = -1.0

    def negotiate(self) -> None:
        """Settle if the leaders of state forces and rebels accept; an agreement may break."""
        rules, p = self.rules, self.parameters
        if self.agreement < 0.5 and self.terms <= 0.0:
            return
        draw = self.draws.settlement
        chance, belief, state, rebels = 1.0, 0.0, False, False
        for armed_group in self.armed_groups:
            if armed_group.kind == MILITIA or armed_group.strength <= 0.0:
                continue
            state = state or armed_group.kind == STATE
            rebels = rebels or armed_group.kind != STATE
            if armed_group.belief > belief:
                belief = armed_group.belief
            chance = chance * rules.settlement_chance(
                self.terms, armed_group.resolve, armed_group.threat, p.value_terms,
                p.settlement_hurt, p.settlement_friction, p.choice_precision,
            )  # fmt: skip
        if self.agreement > 0.5:
            guarantee = belief * self.protected
            if draw < rules.relapse_chance(guarantee, p.relapse_rate, p.guarantee_effect):
                self.agreement = 0.0
        elif state and rebels and draw < chance:
            self.agreement = 1.0

    # --- act --------------------------------------------------------------------------------------

    def apply_measures(self) -> None:
        """Add up the doses of all measures, in catalogue order, by what they act on."""
        troops = mediation = aid = 0.0
        for measure in self.measures:
            dose = self.rules.dose_at(
                self._elapsed(measure),
                0.0 if self.settings.arrival_delay >= 0.0 else measure.ramp,
                measure.duration,
                measure.intensity,
            )
            if measure.effect == TROOPS:
                troops += dose
            elif measure.effect == MEDIATION:
                mediation += dose
            elif measure.effect == AID:
                aid += dose
        attention = self._endowed_attention()
        mediation = mediation * attention
        self.troops_requested = troops
        self.mediation = mediation if mediation < 1.0 else 1.0
        self.aid_supply = aid * attention

    def _elapsed(self, measure: Any) -> float:
        """Return the weeks since a measure began; negative before. Clamped, it starts on arrival."""
        settings = self.settings
        begins = settings.open_week + measure.start
        if settings.arrival_delay >= 0.0:
            begins = settings.open_week + settings.arrival_delay
        if measure.trigger == ON_MANDATE:
            if self.mandate_since < 0.0:
                return -1.0
            if settings.arrival_delay < 0.0:
                begins = self.mandate_since + measure.start
        return float(self.week - begins)

    def _endowed_attention(self) -> float:
        """Return the actors' mean attention, weighted by the money that each has left."""
        money = attention = 0.0
        for actor in self.actors:
            money += actor.endowment
            attention += actor.endowment * actor.attention
        return attention / money if money > 0.0 else 0.0

    def deploy(self) -> None:
        """Contributors offer, peacekeepers are generated and transported, the money is spent."""
        rules, settings, p = self.rules, self.settings, self.parameters
        entering = rules.deployable_share(
            self.government.consent, self.policy_protection, p.forced_entry
        )
        mandated = rules.mandated_strength(
            self.troops_requested, self.mandate_scale, self.policy_protection
        )
        wanted = mandated * self._offered() * entering
        delay = p.deployment_delay
        if settings.deployment < 0.5 or settings.arrival_delay >= 0.0:
            # Neutral, or clamped: all that has been agreed is there in the same week.
            wanted = mandated
            delay = 1.0
        self.troops_preparing = rules.stage_next(self.troops_preparing, wanted, delay)
        self.troops_deployed = rules.stage_next(self.troops_deployed, self.troops_preparing, delay)
        self.terms = rules.offered_terms(self.mediation, self.policy_pressure, p.terms_unbacked)
        self._pay()

    def _offered(self) -> float:
        """Return the share of the requested peacekeepers that contributors offer."""
        offered = 0.0
        for actor in self.actors:
            offered += actor.contribution * actor.attention
        return offered if offered < 1.0 else 1.0

    def _pay(self) -> None:
        """Spend the endowments; where they do not suffice, everything shrinks to what they pay."""
        supplied = self.aid_supply if self.aid_supply < self.displaced else self.displaced
        cost = (
            self._unit_cost(TROOPS) * self.troops_deployed
            + self._unit_cost(MEDIATION) * self.mediation
            + self._unit_cost(AID) * supplied
        )
        money = 0.0
        for actor in self.actors:
            money += actor.endowment
        share = 1.0
        if cost > money:
            share = money / cost
            self.troops_deployed = self.troops_deployed * share
            self.terms = self.terms * share
            supplied = supplied * share
        self.aid_coverage = supplied / self.displaced if self.displaced > 0.0 else 0.0
        spent = cost * share
        self.spent += spent
        for actor in self.actors:
            left = actor.endowment
            if money > 0.0:
                left = left - spent * (left / money)
            actor.endowment = left if left > 0.0 else 0.0

    def _unit_cost(self, effect: float) -> float:
        """Return the cost of one unit and week of an effect: the mean over measures' intensity."""
        cost = intensity = 0.0
        for measure in self.measures:
            if measure.effect == effect:
                cost += measure.cost * measure.intensity
                intensity += measure.intensity
        return cost / intensity if intensity > 0.0 else 0.0

    def share_out(self) -> None:
        """Add up the claims on peacekeepers; their mandate says how far they may go."""
        self.robustness = self.rules.mandate_robustness(self.policy_protection, self.mandate_scale)
        total = 0.0
        for community in self.communities:
            total += community.need
        self.need_total = total

    # --- record -----------------------------------------------------------------------------------

    def count_people(self) -> None:
        """Add up who is where, who was killed, what each group remembers and resents."""
        excess = self.rules.grievance_excess
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
                unrest += here * excess(place.grievance[index], place.grievance_usual[index])
            group.at_home = at_home
            group.killed_week = killed
            group.losses = losses / residents if residents > 0.0 else 0.0
            group.unrest = unrest / residents if residents > 0.0 else 0.0
        self.displaced, self.refugees = displaced, refugees
        attacked = 0.0
        for place in self.communities:
            for killed in place.killed:
                if killed > 0.0:
                    attacked += 1.0
                    break
        self.places_attacked = attacked

    def count_forces(self) -> None:
        """Add up armed strength, attacks and protection."""
        armed_groups = self.armed_groups
        numbers = range(len(armed_groups))
        strength, attacks, stopped = ([0.0] * len(armed_groups) for _ in range(3))
        protected = 0.0
        for place in self.communities:
            protected += place.protection * place.need
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
        self.protected = protected / self.need_total if self.need_total > 0.0 else 0.0

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
            self.places_attacked,
            self.spent,
            self.killed,
        )
        row[len(SERIES) :] = [group.killed_week for group in self.groups]
        self.week += 1.0


_PLAIN_STEPS = {kind.step for kind in AGENT_CLASSES.values()}

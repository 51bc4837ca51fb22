"""Communities: people by identity group who mobilise, suffer attacks, fear, flee and remember."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.base import ForestallAgent
from sim.fields import COMMUNITY, PEOPLE, PRESENCE
from sim.initial import Columns
from sim.kinds import EXPEL, KILL, REBEL, STATE
from sim.randomness import binomial_quantile, rounded

if TYPE_CHECKING:
    from sim.model import PreventionModel


class Community(ForestallAgent):
    """A town with its surroundings, or a camp across a border.

    Attributes are the fields of `sim.fields.COMMUNITY`; fields of `PEOPLE` are lists over identity
    groups, fields of `PRESENCE` lists over armed groups.

    Attributes
    ----------
    index : int
        Position among the communities.
    name : str
    latitude, longitude : float
        Degrees.
    neighbours : list of Community
        Places that a road joins to this one.
    contact, nearness : list of float
        For each of them, the weight of contact and the pull by road distance.
    """

    def __init__(self, model: PreventionModel, index: int, columns: Columns) -> None:
        super().__init__(model)
        self.index = index
        self.name = model.case.country.places[index]
        self.latitude = float(model.case.country.latitude[index])
        self.longitude = float(model.case.country.longitude[index])
        self._hold(COMMUNITY, columns.communities[:, index])
        for position, field in enumerate(PEOPLE):
            setattr(self, field.name, columns.people[position, :, index].tolist())
        for position, field in enumerate(PRESENCE):
            setattr(self, field.name, columns.presence[position, :, index].tolist())
        self.neighbours: list[Community] = []
        self.contact: list[float] = []
        self.nearness: list[float] = []

    # --- deployment -------------------------------------------------------------------------------

    def state_need(self) -> None:
        """State the claim on peacekeepers, by the coverage of the measure."""
        if self.abroad > 0.5:
            return
        rules = self.model.rules
        here = risk = excluded = 0.0
        for group, residents in enumerate(self.residents):
            exposed = residents + self.displaced[group]
            here += exposed
            excluded += exposed * self.exclusion[group]
            risk += rules.protection_need(exposed, self.fear[group], self.memory[group])
        self.need = rules.coverage_weight(
            self.model.settings.troops_coverage, here, risk, self.capital, excluded
        )

    def receive(self) -> None:
        """Receive a share of the peacekeepers, their protection, and aid."""
        model = self.model
        peacekeepers = 0.0
        if model.need_total > 0.0:
            peacekeepers = model.troops_deployed * (self.need / model.need_total)
        self.peacekeepers = peacekeepers
        self.protection = model.rules.protection_level(
            peacekeepers, self.population, model.policy_protection, model.parameters.troops_half
        )
        access = 1.0
        for memory in self.memory:
            access = access * (1.0 - memory)
        self.aid = model.aid_coverage * access

    # --- mobilisation -----------------------------------------------------------------------------

    def look_around(self) -> None:
        """See what the neighbours remember and how far they have mobilised."""
        around = list(zip(self.contact, self.neighbours, strict=True))
        for group in range(len(self.memory)):
            total = 0.0
            for contact, neighbour in around:
                total += contact * neighbour.memory[group]
            self.near_memory[group] = total
        for index, armed_group in enumerate(self.model.armed_groups):
            if armed_group.kind == STATE:
                continue
            total = 0.0
            for contact, neighbour in around:
                total += contact * neighbour.mobilised[index]
            self.near_mobilised[index] = total

    def mobilise(self) -> None:
        """Join militias and rebels, or go home."""
        if self.abroad > 0.5:
            return
        forces = 0.0
        armed_groups = self.model.armed_groups
        for index, armed_group in enumerate(armed_groups):
            if armed_group.kind == STATE:
                forces += self.armed[index]
        for index, armed_group in enumerate(armed_groups):
            if armed_group.kind != STATE:
                self._recruit(index, armed_group.kind == REBEL, forces)

    def _recruit(self, index: int, rebel: bool, forces: float) -> None:
        rules, p = self.model.rules, self.model.parameters
        armed_group = self.model.armed_groups[index]
        side = int(armed_group.side)
        most = p.mobilisation_ceiling * self.residents[side]
        if most <= 0.0:
            self.mobilised[index] = 0.0
            self.armed[index] = 0.0
            return
        crushed = 0.0
        if rebel:
            crushed = p.crushing_rate * forces / (forces + p.strength_half)
        excess = rules.grievance_excess(self.grievance[side], self.grievance_usual[side])
        pull = rules.recruitment_pull(
            1.0 if rebel else 0.0, armed_group.order, excess, self.memory[side]
        )
        standing = self.standing[index] / most
        self.mobilised[index] = rules.mobilised_next(
            self.mobilised[index],
            self.near_mobilised[index],
            standing if standing < 1.0 else 1.0,
            pull,
            crushed,
            p.joining_rate,
            p.joining_alone,
            p.joining_spillover,
            p.leaving_rate,
        )
        self.armed[index] = most * self.mobilised[index]

    # --- killing ----------------------------------------------------------------------------------

    def suffer_attacks(self) -> None:
        """Suffer the attacks of the armed groups that are here, one after the other."""
        if self.abroad > 0.5:
            return
        for group in range(len(self.killed_week)):
            self.killed_week[group] = 0.0
        for index in range(len(self.armed)):
            self.attacked[index] = 0.0
            self.stopped[index] = 0.0
            self._suffer(index)

    def _suffer(self, index: int) -> None:
        model = self.model
        rules, p, armed_group = model.rules, model.parameters, model.armed_groups[index]
        target = int(armed_group.target)
        exposed = self.residents[target] + self.displaced[target]
        ordered = 0.0
        lethality = p.lethality_revenge
        if armed_group.order == KILL:
            ordered, lethality = p.intent_kill, p.lethality_kill
        elif armed_group.order == EXPEL:
            ordered, lethality = p.intent_expel, p.lethality_expel
        revenge = p.intent_revenge * self.memory[int(armed_group.side)]
        if exposed <= 0.0 or (ordered <= 0.0 and revenge <= 0.0):
            return
        rate = rules.attack_intent(
            ordered,
            revenge,
            armed_group.discipline,
            self.armed[index],
            p.deterrence * self.protection * armed_group.belief,
            p.strength_half,
        )
        if rate <= 0.0:
            return
        begins, stops, deaths, _ = model.draws.attack[self.index][index]
        if begins >= rules.chance_within_week(rate):
            return
        self.attacked[index] = 1.0
        if stops < self.protection:
            self.stopped[index] = 1.0
            return
        share = rules.killed_share(
            self.armed[index], armed_group.discipline, lethality, exposed, p.exposure_half
        )
        self._lose(target, binomial_quantile(deaths, exposed, share))

    def _lose(self, group: int, deaths: float) -> None:
        """Take the dead from residents and displaced in proportion, in whole people."""
        residents, displaced = self.residents[group], self.displaced[group]
        if deaths <= 0.0:
            return
        among = float(int(deaths * displaced / (residents + displaced) + 0.5))
        if among > displaced:
            among = displaced
        if deaths - among > residents:
            among = deaths - residents
        self.displaced[group] = displaced - among
        self.residents[group] = residents - (deaths - among)
        self.killed_week[group] += deaths
        self.killed[group] += deaths

    def remember(self) -> None:
        """Remember the week: violence, menace, shock."""
        model = self.model
        rules, p = model.rules, model.parameters
        government = int(model.government.group)
        for group, killed in enumerate(self.killed_week):
            violence = rules.violence_felt(killed, p.violence_half)
            grievance_shock = fear_shock = 0.0
            if group != government:
                grievance_shock = model.shock_grievance
                fear_shock = model.shock_fear
            self.memory[group] = rules.memory_next(
                self.memory[group], violence, p.memory_fade, p.memory_gain
            )
            self.fear[group] = rules.fear_next(
                self.fear[group],
                violence,
                self.near_memory[group],
                self._menace(group),
                fear_shock,
                p.fear_fade,
                p.fear_here,
                p.fear_near,
                p.fear_menace,
            )
            self.grievance[group] = rules.grievance_next(
                self.grievance[group],
                self.grievance_usual[group],
                violence,
                grievance_shock,
                p.grievance_fade,
                p.grievance_violence,
            )

    def _menace(self, group: int) -> float:
        """Return the worst menace of an armed presence under orders against a group here."""
        worst = 0.0
        for index, armed_group in enumerate(self.model.armed_groups):
            if armed_group.order > 0.0 and armed_group.target == group:
                menace = self.model.rules.menace_level(
                    armed_group.order, self.armed[index], self.model.parameters.strength_half
                )
                if menace > worst:
                    worst = menace
        return worst

    # --- flight and indirect deaths ---------------------------------------------------------------

    def flee(self) -> None:
        """Set out in fear, along the roads; who has no road to go stays."""
        if self.abroad > 0.5:
            return
        model = self.model
        rules, p = model.rules, model.parameters
        for group, fear in enumerate(self.fear):
            rate = rules.flight_rate(fear, p.flight_ceiling)
            if rate <= 0.0:
                continue
            first, second, _, _ = model.draws.flight[self.index][group]
            settled = rounded(self.residents[group] * rate, first)
            moving = rounded(self.displaced[group] * rate * p.flight_onward, second)
            if settled + moving > 0.0 and self._send(group, settled + moving):
                self.residents[group] -= settled
                self.displaced[group] -= moving
                model.fled_week += settled + moving

    def _send(self, group: int, leaving: float) -> bool:
        """Divide those who leave over the roads by pull, in whole people; False if none is open."""
        weight, refuge = self.model.rules.route_weight, self.model.parameters.refuge_pull
        pulls = [
            weight(nearness, there.openness, there.abroad, there.fear[group], refuge)
            for nearness, there in zip(self.nearness, self.neighbours, strict=True)
        ]
        total = 0.0
        for pull in pulls:
            total += pull
        if total <= 0.0:
            return False
        passed = sent = 0.0
        last = len(pulls) - 1
        for road, pull in enumerate(pulls):
            passed += pull
            upto = leaving if road == last else float(int(leaving * (passed / total) + 0.5))
            self.neighbours[road].arrivals[group] += upto - sent
            sent = upto
        return True

    def take_in(self) -> None:
        """Take in who has arrived; some of the displaced die of hardship."""
        model = self.model
        rules, p = model.rules, model.parameters
        newcomers = displaced = 0.0
        for group, arrived in enumerate(self.arrivals):
            newcomers += arrived
            self.displaced[group] += arrived
            self.arrivals[group] = 0.0
            displaced += self.displaced[group]
        self.newcomers = newcomers
        self.deprivation = rules.deprivation_next(
            self.deprivation, newcomers, displaced, self.aid, p.deprivation_fade,
            p.deprivation_gain, p.aid_effect,
        )  # fmt: skip
        rate = rules.indirect_mortality(
            self.deprivation, self.aid, p.deprivation_mortality, p.aid_effect
        )
        if rate <= 0.0:
            return
        for group in range(len(self.displaced)):
            draw = model.draws.flight[self.index][group][2]
            deaths = rounded(self.displaced[group] * rate, draw)
            self.displaced[group] -= deaths
            self.died[group] += deaths
            model.died_week += deaths

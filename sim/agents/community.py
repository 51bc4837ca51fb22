"""Communities: people by identity group who mobilise, suffer attacks, fear, flee and remember."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.base import ForestallAgent
from sim.effects import EFFECTS, FIRST_LOCAL
from sim.fields import COMMUNITY, PEOPLE, PRESENCE
from sim.initial import Columns
from sim.kinds import EVERYWHERE, LISTED, PERPETRATOR, REBEL, STATE
from sim.randomness import binomial_quantile, rounded

if TYPE_CHECKING:
    from sim.agents.armed_group import ArmedGroup
    from sim.model import PreventionModel


LOCAL = tuple(entry.field for entry in EFFECTS[FIRST_LOCAL:])


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
    contacts, roads : tuple of pairs
        Every neighbouring place with the weight of contact, and with the pull by road distance.
    listed : list of float
        1 for every explicit list of places that it is on.
    """

    __slots__ = (
        "index",
        "name",
        "latitude",
        "longitude",
        "contacts",
        "roads",
        "listed",
        *(field.name for field in (*COMMUNITY, *PEOPLE, *PRESENCE)),
    )
    abroad: float
    openness: float
    capital: float
    population: float
    isolation: float
    livelihoods_usual: float
    livelihoods: float
    justice_usual: float
    justice: float
    civil_society_usual: float
    civil_society: float
    schooling: float
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
    suppressed: float
    policing: float
    here: float
    excluded: float
    at_risk: float
    need: float
    peacekeepers: float
    protection: float
    shelter: float
    false_safety: float
    control: float
    rebel_losses: float
    state_losses: float
    capacity: float
    room: float
    admitted: float
    aid: float
    deprivation: float
    newcomers: float
    residents: list[float]
    displaced: list[float]
    away: list[float]
    killed: list[float]
    died: list[float]
    killed_week: list[float]
    arrivals: list[float]
    exclusion_usual: list[float]
    exclusion: list[float]
    inequality_usual: list[float]
    inequality: list[float]
    grievance_usual: list[float]
    grievance: list[float]
    fear: list[float]
    memory: list[float]
    near_memory: list[float]
    trauma: list[float]
    trust_usual: list[float]
    trust: list[float]
    trust_won: list[float]
    norms_usual: list[float]
    norms: list[float]
    hate: list[float]
    near_hate: list[float]
    standing: list[float]
    armed: list[float]
    mobilised: list[float]
    near_mobilised: list[float]
    attacked: list[float]
    stopped: list[float]
    spill: list[float]
    pushed: list[float]

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
        self.listed: list[float] = columns.listed[:, index].tolist()
        self.contacts: tuple[tuple[float, Community], ...] = ()
        self.roads: tuple[tuple[float, Community], ...] = ()

    # --- deployment -------------------------------------------------------------------------------

    def state_need(self) -> None:
        """State the claims on peacekeepers and aid, by the coverage of these."""
        if self.abroad > 0.5:
            return
        rules, fear, memory = self.model.rules, self.fear, self.memory
        displaced, exclusion = self.displaced, self.exclusion
        here = risk = excluded = 0.0
        residents = self.residents
        for group in self.model.group_numbers:
            exposed = residents[group] + displaced[group]
            here += exposed
            excluded += exposed * exclusion[group]
            risk += rules.protection_need(exposed, fear[group], memory[group])
        self.at_risk, self.here, self.excluded = risk, here, excluded
        self.need = self.claim(self.model.settings.troops_coverage)

    def claim(self, coverage: float) -> float:
        """Return the claim on what goes by a coverage; none abroad."""
        if self.abroad > 0.5:
            return 0.0
        listed = self.listed[int(coverage - LISTED)] if coverage >= LISTED else 0.0
        return float(
            self.model.rules.coverage_weight(
                coverage, self.here, self.at_risk, self.capital, self.excluded, listed
            )
        )

    def receive_programmes(self) -> None:
        """Get the doses of the local programmes: as everybody does, or by their coverage."""
        model = self.model
        if model.programmes_on < 0.5 or self.abroad > 0.5:
            return
        self.suppressed = self.counter_speech if model.settings.suppressed_speech > 0.5 else 0.0
        self.police = 0.0
        for name in LOCAL[1:]:
            setattr(self, name, getattr(model, name))
        for programme in model.measures:
            if programme.state.claims > 0.0:
                programme.give(self)

    def receive(self) -> None:
        """Receive a share of the peacekeepers, their protection, and aid."""
        model = self.model
        rules = model.rules
        self.peacekeepers = rules.share_of(model.troops_deployed, self.need, model.need_total)
        self.protection = rules.protection_level(
            self.peacekeepers,
            self.population,
            model.robustness,
            model.parameters.troops_half,
        )
        self.policing = rules.protection_level(
            self.police, self.population, 1.0, model.parameters.police_half
        )
        isolation = self.isolation
        if self.accompaniment > 0.0:
            effect = model.parameters.accompaniment_effect
            isolation = rules.lessened(isolation, self.accompaniment, effect)
        self.aid = rules.aid_reach(
            self._aid_here() * (1.0 - model.aid_lost),
            max(self.memory),
            isolation,
            self.admitted,
            1.0 if self.abroad > 0.5 else model.government.consent,
            model.parameters.aid_isolation,
            model.parameters.aid_consent,
        )

    def be_sheltered(self) -> None:
        """Be protected from others by state forces, as far as the state responds."""
        model, government = self.model, self.model.government
        if government.role == PERPETRATOR or self.abroad > 0.5:
            return
        forces = 0.0
        for garrison in model.garrisons:
            forces += self.armed[garrison.index]
        self.shelter = model.rules.protection_level(
            forces, self.population, government.protecting, model.parameters.troops_half
        )

    def _aid_here(self) -> float:
        """Return the share of the displaced here whom aid can supply, by its coverage."""
        model, coverage = self.model, self.model.settings.aid_coverage
        if coverage == EVERYWHERE:
            return model.aid_coverage
        if self.abroad > 0.5 or model.aid_total <= 0.0:
            return 0.0
        part = self.claim(coverage) / model.aid_total
        return float(
            model.rules.local_dose(model.aid_coverage, part, self.all_displaced, model.displaced)
        )

    @property
    def all_displaced(self) -> float:
        """Displaced people here, of all groups."""
        displaced = 0.0
        for people in self.displaced:
            displaced += people
        return displaced

    def be_misled(self) -> None:
        """Trust a protection that may not hold."""
        self.false_safety = 0.0
        model = self.model
        if model.troops_deployed <= 0.0 or self.abroad > 0.5:
            return
        rules = model.rules
        if model.settings.hollow_presence > 0.5:
            seen = rules.protection_level(
                self.peacekeepers, self.population, 1.0, model.parameters.troops_half
            )
            self.false_safety = rules.false_safety(seen, model.robustness)

    def trade_places(self, new: int, old: int) -> None:
        """Shut out the group that governed as who governs now was shut out, and the reverse."""
        # What people were used to stays: who lost power rebels more (Cederman, Wimmer & Min 2010).
        for held in (self.exclusion_usual, self.exclusion, self.inequality_usual, self.inequality):
            held[new], held[old] = held[old], held[new]

    # --- domestic reform --------------------------------------------------------------------------

    def reform(self) -> None:
        """Move by what arrives of the structural programmes, and by violence."""
        if self.abroad > 0.5:
            return
        model, rules, p = self.model, self.model.rules, self.model.parameters
        rate, lowered, improved = p.reform_rate, rules.lowered_next, rules.improved_next
        decay = rules.lessened(p.reform_decay, model.engagement, p.sustain_effect)
        included = rules.heightened(self.inclusion, model.power_sharing, p.sharing_inclusion)
        for group in model.group_numbers:
            self.exclusion[group] = lowered(
                self.exclusion[group], self.exclusion_usual[group], included, rate, decay
            )
            self.inequality[group] = lowered(
                self.inequality[group],
                self.inequality_usual[group],
                rules.people_reached(self.equality_programme, self.exclusion[group]),
                rate,
                decay,
            )
        fear = max(self.fear)
        # Women who cannot go out in safety neither earn nor meet.
        empowered = rules.people_dared(self.empowerment, fear)
        self.justice = improved(
            self.justice, self.justice_usual, self.justice_programme, rate, decay
        )
        self.civil_society = improved(
            self.civil_society,
            self.civil_society_usual,
            self.civil_society_programme + 0.5 * empowered,
            rate,
            decay,
        )
        livelihoods = improved(
            self.livelihoods,
            self.livelihoods_usual,
            self.livelihood_programme + 0.5 * empowered,
            rate,
            rules.return_rate_of(self.livelihoods, self.livelihoods_usual, p.reform_decay, decay),
        )
        self.livelihoods = rules.damaged(livelihoods, max(self.memory), p.livelihoods_loss)
        self.schooling = rules.schooled(
            self.schooling,
            rules.people_dared(self.schooling_programme, fear),
            p.schooling_rate,
            rules.lessened(p.schooling_decay, model.engagement, p.sustain_effect),
        )

    # --- mobilisation -----------------------------------------------------------------------------

    def look_around(self) -> None:
        """See what the neighbours remember and hear, and how far they have mobilised."""
        around, near, near_hate = self.contacts, self.near_memory, self.near_hate
        for group in self.model.group_numbers:
            memory = hate = 0.0
            for contact, neighbour in around:
                memory += contact * neighbour.memory[group]
                hate += contact * neighbour.hate[group]
            # Weights that sum to one may sum to a little more, as they are rounded.
            near[group] = memory if memory < 1.0 else 1.0
            near_hate[group] = hate if hate < 1.0 else 1.0
        near = self.near_mobilised
        for armed_group in self.model.recruiting:
            index = armed_group.index
            total = 0.0
            for contact, neighbour in around:
                total += contact * neighbour.mobilised[index]
            near[index] = total if total < 1.0 else 1.0

    def meet_in_battle(self) -> None:
        """Be a battlefield of state forces and rebels, but for an agreement."""
        if self.abroad > 0.5:
            return
        model, armed = self.model, self.armed
        rules, p = model.rules, model.parameters
        crushing = rules.crushing_rate_of(
            p.crushing_rate,
            rules.fed_from_abroad(model.settings.feeding, model.government_changes),
            model.settings.helping,
            p.sanctuary_effect,
        )
        forces = rebels = attacking = resisting = 0.0
        for armed_group in model.garrisons:
            here = armed[armed_group.index]
            forces += here
            attacking += rules.willing_to_fight(here, armed_group.weariness)
        for armed_group in model.recruiting:
            if armed_group.kind == REBEL:
                here = armed[armed_group.index]
                rebels += here
                resisting += rules.willing_to_fight(here, armed_group.weariness)
        self.rebel_losses = self.state_losses = 0.0
        if model.agreement > 0.5:
            return
        self.rebel_losses = rules.combat_losses(attacking, crushing, p.strength_half)
        self.state_losses = rules.combat_losses(resisting, p.attrition_rate, p.strength_half)
        held = rules.holding_force(
            forces, model.capacity_programme, model.government.response, p.presence_effect
        )
        self.control = rules.control_next(self.control, held, rebels, p.control_speed)

    def mobilise(self) -> None:
        """Join militias and rebels, or go home."""
        if self.abroad > 0.5:
            return
        model = self.model
        rules, p, armed = model.rules, model.parameters, self.armed
        for armed_group in model.recruiting:
            index, side = armed_group.index, armed_group.side
            most = p.mobilisation_ceiling * self.residents[side]
            if most <= 0.0:
                self.mobilised[index] = armed[index] = 0.0
                continue
            rebel = 1.0 if armed_group.kind == REBEL else 0.0
            excess = rules.grievance_excess(
                self.grievance[side],
                self.grievance_usual[side],
                self.exclusion[side],
                p.grievance_resonance,
            )
            mobilised = rules.mobilised_next(
                self.mobilised[index],
                self.near_mobilised[index],
                rules.standing_share(self.standing[index], most),
                rules.lessened(
                    rules.recruitment_pull(
                        rebel,
                        armed_group.order,
                        excess,
                        self._grudge(side),
                        self.hate[side],
                        self.norms[side],
                        model.rescue * armed_group.belief,
                        p.joining_coercion,
                    ),
                    self.interruption,
                    1.0 - p.joining_coercion,
                ),
                self.rebel_losses if rebel > 0.5 else 0.0,
                rules.joining_with(
                    p.joining_rate,
                    rules.livelihoods_in(self.livelihoods, model.slump),
                    armed_group.finance,
                    armed_group.weariness,
                    rules.heightened(p.joining_opportunity, self.youth_programme, p.youth_effect),
                    p.joining_pay,
                ),
                p.joining_alone,
                p.joining_spillover,
                p.leaving_rate,
            )
            self.mobilised[index] = mobilised
            armed[index] = most * mobilised

    # --- killing ----------------------------------------------------------------------------------

    def push_violence(self) -> None:
        """Hand out attacks that peacekeepers deter here, in part, to the places around."""
        if any(self.spill):
            self.spill = [0.0] * len(self.spill)
        if self.abroad > 0.5 or self.protection <= 0.0:
            return
        model, spill = self.model, self.spill
        deterrence, shift = model.parameters.deterrence, model.shift
        for armed_group in model.armed_groups:
            index = armed_group.index
            rate = model.rules.pushed_rate(
                self._intent(armed_group, 0.0, 0.0),
                self.protection,
                armed_group.belief,
                deterrence,
                shift,
            )
            around = 0.0
            for nearness, neighbour in self.roads:
                around += nearness * neighbour.armed[index]
            spill[index] = model.rules.spill_rate(rate, around)

    def be_pushed(self) -> None:
        """Take one's part of them, by nearness and by who is armed here."""
        if any(self.pushed):
            self.pushed = [0.0] * len(self.pushed)
        if self.model.shift <= 0.0:
            return
        for index, armed in enumerate(self.armed):
            if armed > 0.0:
                pushed = 0.0
                for nearness, neighbour in self.roads:
                    pushed += nearness * neighbour.spill[index]
                self.pushed[index] = pushed * armed

    def suffer_attacks(self) -> None:
        """Suffer the attacks of the armed groups that are here, one after the other."""
        if self.abroad > 0.5:
            return
        model, protection, others = self.model, self.protection, self.protection
        if self.shelter > 0.0:
            others = model.rules.sheltered(protection, self.shelter)
        if 1.0 in self.attacked:
            self.killed_week = [0.0] * len(self.memory)
            self.attacked, self.stopped = [0.0] * len(self.armed), [0.0] * len(self.armed)
        for armed_group in model.armed_groups:
            stopping = protection if armed_group.kind == STATE else others
            rate = self._intent(armed_group, stopping, self.pushed[armed_group.index])
            if rate > 0.0:
                self._suffer(armed_group, rate, stopping)

    def _intent(self, armed_group: ArmedGroup, protection: float, pushed: float) -> float:
        """Return the rate of attacks by an armed group here under some protection (1/week)."""
        rules, p, side = self.model.rules, self.model.parameters, armed_group.side
        memory, fear, held_back = self.memory[side], self.fear[side], 0.0
        if memory + fear > 0.0:
            held_back = rules.revenge_held_back(
                self.justice, self.policing, self.trust[side], p.revenge_justice, p.revenge_trust
            )
        rate: float = rules.attack_intent(
            armed_group.order, self._grudge(side), fear, armed_group.discipline,
            armed_group.command, held_back, self.armed[armed_group.index], protection,
            armed_group.belief, pushed, p.intent_expel, p.intent_kill, p.intent_revenge,
            p.intent_fear, p.deterrence, p.strength_half,
        )  # fmt: skip
        return rate

    def _grudge(self, group: int) -> float:
        """Return how far what a group remembers calls for revenge: less where survivors are helped."""
        if self.healing > 0.0:
            healed = self.model.parameters.healing_revenge
            return float(self.model.rules.lessened(self.memory[group], self.healing, healed))
        return self.memory[group]

    def _suffer(self, armed_group: ArmedGroup, rate: float, protection: float) -> None:
        """Suffer the attack of one armed group, if it comes and is not stopped."""
        model, index, target = self.model, armed_group.index, armed_group.target
        rules, p = model.rules, model.parameters
        exposed = self.residents[target] + self.displaced[target]
        if exposed <= 0.0:
            return
        begins, stops, deaths, _ = model.draws.attack(self.index, index)
        if begins >= rules.chance_within_week(rate):
            return
        self.attacked[index] = 1.0
        if stops < protection:
            self.stopped[index] = 1.0
            return
        share = rules.killed_share(
            armed_group.order,
            self.armed[index],
            armed_group.discipline,
            exposed,
            p.lethality_expel,
            p.lethality_kill,
            p.lethality_revenge,
            p.exposure_half,
        )
        self._lose(target, binomial_quantile(deaths, exposed, share))

    def _lose(self, group: int, deaths: float) -> None:
        """Take the dead from residents and displaced in proportion."""
        among = self.model.rules.displaced_among_killed(
            deaths, self.residents[group], self.displaced[group]
        )
        self.displaced[group] -= among
        self.residents[group] -= deaths - among
        self.killed_week[group] += deaths
        self.killed[group] += deaths

    def remember(self) -> None:
        """Remember the week: violence, menace, shock."""
        model = self.model
        rules, p = model.rules, model.parameters
        violence_felt, memory_next = rules.violence_felt, rules.memory_next
        trauma_next, trauma = rules.trauma_next, self.trauma
        fading, treated = p.trauma_fade, self.healing > 0.0 or self.truth_programme > 0.0
        fear_next, grievance_next = rules.fear_next, rules.grievance_next
        government, menaces = model.government.group, None
        for armed_group in model.armed_groups:
            if armed_group.order > 0.0:
                menaces = self._menaces()
                break
        killed, near_memory, usual = self.killed_week, self.near_memory, self.exclusion
        slump = model.slump if self.abroad < 0.5 else 0.0
        if slump > 0.0 or any(self.inequality):
            weight = p.inequality_grievance
            usual = [
                rules.heightened(one, rules.inequality_in(other, one, slump), weight)
                for one, other in zip(usual, self.inequality, strict=True)
            ]
        fear, memory, grievance = self.fear, self.memory, self.grievance
        recorded = model.recorded[self.index] if model.recorded else 0.0
        for group in model.group_numbers:
            violence = violence_felt(killed[group], p.violence_half)
            if recorded > 0.0:
                violence = rules.recorded_too(violence, recorded)
            grievance_shock = fear_shock = 0.0
            # What happens to the country does not happen to those who are already out of it.
            if group != government and self.abroad < 0.5:
                grievance_shock, fear_shock = model.shock_grievance, model.shock_fear
            if self.suppressed > 0.0 and self.abroad < 0.5:
                resented = rules.resentment(
                    self.suppressed, self.hate[group], self.trust[group], p.speech_backlash
                )
                grievance_shock = rules.shaken(grievance_shock, resented)
            memory[group] = memory_next(memory[group], violence, p.memory_fade, p.memory_gain)
            if treated:
                fading = rules.trauma_fading(
                    p.trauma_fade,
                    self.healing,
                    self.truth_programme,
                    rules.justice_for(self.justice, self.exclusion[group], p.justice_one_sided),
                    p.healing_effect,
                    p.truth_effect,
                )
            trauma[group] = trauma_next(trauma[group], violence, fading, p.trauma_gain)
            fear[group] = fear_next(
                fear[group],
                violence,
                near_memory[group],
                menaces[group] if menaces else 0.0,
                fear_shock,
                p.fear_fade,
                p.fear_here,
                p.fear_near,
                p.fear_menace,
            )
            grievance[group] = grievance_next(
                grievance[group],
                usual[group],
                violence,
                grievance_shock,
                p.grievance_fade,
                p.grievance_violence,
            )

    def _menaces(self) -> list[float]:
        """Return the worst menace of an armed presence under orders here, against every group."""
        worst = [0.0] * len(self.fear)
        for armed_group in self.model.armed_groups:
            if armed_group.order > 0.0:
                menace = self.model.rules.menace_level(
                    armed_group.order,
                    self.armed[armed_group.index],
                    self.model.parameters.strength_half,
                )
                if menace > worst[armed_group.target]:
                    worst[armed_group.target] = menace
        return worst

    def listen(self) -> None:
        """Hear what is on the air and what neighbours say; trust and hold to norms accordingly."""
        if self.abroad > 0.5:
            return
        model = self.model
        rules, p = model.rules, model.parameters
        exposure_next, trust_next, norms_next = (
            rules.exposure_next,
            rules.trust_next,
            rules.norms_next,
        )
        exposed, trusting, norms, killed = self.hate, self.trust, self.norms, self.killed_week
        contact = voices = 0.0
        if model.programmes_on > 0.5:
            contact = rules.people_dared(self.contact, max(self.fear))
            voices = rules.inciting_voices(self.voices, p.clergy_incitement)
        recorded = model.recorded[self.index] if model.recorded else 0.0
        for group, total in enumerate(model.groups):
            violence = rules.violence_felt(killed[group], p.violence_half)
            if recorded > 0.0:
                violence = rules.recorded_too(violence, recorded)
            exposed[group] = hate = exposure_next(
                exposed[group],
                self._on_air(total.speech, voices),
                self.near_hate[group],
                self.counter_speech,
                trusting[group],
                p.speech_fade,
                p.speech_gain,
                p.speech_spread,
            )
            trusting[group] = trust_next(
                trusting[group],
                self._peaceful_trust(self.trust_usual[group]),
                self.trauma[group],
                violence,
                hate,
                p.trust_fade,
                p.trust_loss_violence,
                p.trust_loss_hate,
            )
            if contact > 0.0 or self.trust_won[group] > 0.0:
                self._meet(group, contact, violence)
            norms[group] = norms_next(
                norms[group],
                rules.swayed(self.norms_usual[group], voices, p.voices_effect)
                if voices != 0.0
                else self.norms_usual[group],
                hate,
                violence,
                p.norms_fade,
                p.norms_loss,
            )

    def _meet(self, group: int, contact: float, violence: float) -> None:
        """Trust the others more, where people meet; what was won so goes as trust does."""
        rules, p = self.model.rules, self.model.parameters
        won = rules.trust_next(
            self.trust_won[group],
            0.0,
            self.trauma[group],
            violence,
            self.hate[group],
            p.trust_fade,
            p.trust_loss_violence,
            p.trust_loss_hate,
        )
        more = rules.trust_won(
            self.trust[group], won, contact, p.contact_gain, p.contact_generalised
        )
        self.trust[group] += more
        self.trust_won[group] = won + more

    def _on_air(self, speech: float, voices: float) -> float:
        """Return what of hate speech gets through moderation, other voices and a plurality of views."""
        rules, p = self.model.rules, self.model.parameters
        if self.moderation > 0.0:
            speech = rules.lessened(speech, self.moderation, p.speech_online)
        if voices != 0.0:
            speech = rules.answered(speech, voices, p.voices_heard)
        return float(rules.speech_in(speech, self.civil_society, p.plurality_effect))

    def _peaceful_trust(self, usual: float) -> float:
        """Return the trust to which people return in quiet times, raised by schooling."""
        if self.schooling > 0.0:
            effect = self.model.parameters.schooling_effect
            return float(self.model.rules.heightened(usual, self.schooling, effect))
        return usual

    # --- flight and indirect deaths ---------------------------------------------------------------

    def flee(self) -> None:
        """Set out in fear, along the roads; who has no road to go stays."""
        if self.abroad > 0.5:
            return
        model = self.model
        rules, p = model.rules, model.parameters
        first, second, _, _ = model.draws.flight[self.index]
        fear, residents, displaced = self.fear, self.residents, self.displaced
        flight_rate, ceiling, false_safety = rules.flight_rate, p.flight_ceiling, self.false_safety
        for group in model.group_numbers:
            rate = flight_rate(fear[group], ceiling)
            if false_safety > 0.0:
                rate = rules.lulled_to(rate, false_safety, p.lulled)
            if rate <= 0.0:
                continue
            settled = rounded(residents[group] * rate, first)
            moving = rounded(displaced[group] * rate * p.flight_onward, second)
            if settled + moving > 0.0 and self._send(group, settled + moving):
                residents[group] -= settled
                displaced[group] -= moving
                self.away[group] += settled
                model.fled_week += settled + moving

    def _send(self, group: int, leaving: float) -> bool:
        """Divide those who leave over the roads by pull, in whole people; False if none is open."""
        rules, p, roads = self.model.rules, self.model.parameters, self.roads
        weight, refuge = rules.route_weight, p.refuge_pull
        pulls = []
        total = 0.0
        for nearness, there in roads:
            fear = there.fear[group]
            if there.false_safety > 0.0:
                fear = rules.lulled_to(fear, there.false_safety, p.lulled)
            pull = weight(nearness, there.openness, there.abroad, there.room, fear, refuge)
            pulls.append(pull)
            total += pull
        if total <= 0.0:
            return False
        # The same sum in the same order: at the last road `passed` is `total`, and all have left.
        passed = sent = 0.0
        for pull, (_, there) in zip(pulls, roads, strict=True):
            passed += pull
            upto = float(int(leaving * (passed / total) + 0.5))
            there.arrivals[group] += upto - sent
            sent = upto
        return True

    def settle_again(self, group: int, alive: float, most: float) -> float:
        """Settle those of a group who had left and are alive, up to a number; return how many."""
        rules, p = self.model.rules, self.model.parameters
        # Who would return looks at who keeps order at home.
        fear = rules.lessened(self.fear[group], self.policing, p.return_policing)
        rate = rules.return_rate(fear, self.memory[group], p.return_ceiling, p.return_fear)
        if rate <= 0.0:
            return 0.0
        returning = rounded(self.away[group] * alive * rate, self.model.draws.flight[self.index][3])
        if returning > most:
            returning = most
        self.residents[group] += returning
        self.away[group] -= returning
        return returning

    def take_in(self) -> None:
        """Take in who has arrived; deprivation follows fresh arrivals and aid."""
        rules, p, capacity = self.model.rules, self.model.parameters, self.capacity
        newcomers = people = 0.0
        arrivals, displaced = self.arrivals, self.displaced
        for group, arrived in enumerate(arrivals):
            if arrived > 0.0:
                newcomers += arrived
                displaced[group] += arrived
                arrivals[group] = 0.0
            people += displaced[group]
        self.newcomers = newcomers
        self.room = rules.free_room(people, capacity)
        self.admitted = rules.admitted_share(people, capacity)
        self.deprivation = rules.deprivation_next(
            self.deprivation,
            newcomers,
            people,
            self.aid,
            p.deprivation_fade,
            p.deprivation_gain,
            p.deprivation_neglect,
            p.aid_effect,
        )

    def lose_to_hardship(self) -> None:
        """Lose some of the displaced to hardship."""
        model = self.model
        p = model.parameters
        rate = model.rules.indirect_mortality(
            self.deprivation, self.aid, p.deprivation_mortality, p.aid_effect
        )
        if rate <= 0.0:
            return
        displaced, draw = self.displaced, model.draws.flight[self.index][2]
        for group in model.group_numbers:
            deaths = rounded(displaced[group] * rate, draw)
            if deaths > 0.0:
                displaced[group] -= deaths
                self.died[group] += deaths
                model.died_week += deaths

"""The four kinds of agents, as Mesa agents that sense, decide and act through their own methods."""

from sim.agents.armed_group import ArmedGroup
from sim.agents.base import ForestallAgent
from sim.agents.community import Community
from sim.agents.government import Government
from sim.agents.international_actor import InternationalActor

__all__ = ["ArmedGroup", "Community", "ForestallAgent", "Government", "InternationalActor"]

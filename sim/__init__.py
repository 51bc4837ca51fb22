"""The model: its agents, rules, schedule, two engines and outcomes. It knows no files and no plots."""

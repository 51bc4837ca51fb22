"""The verdict on the four lessons: registered before any run, run on a frozen ensemble, judged by rule.

``registered.yaml`` holds the claims, the worlds, the decision rule and the sample sizes, and
``registered.sha256`` its hash. `registration` reads it, `running` makes sweeps of it, `judging` turns
stored runs into shares of parameter sets, `national` does so for the fourth lesson, `report` writes.
"""

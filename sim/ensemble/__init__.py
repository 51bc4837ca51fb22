"""The compiled ensemble: the same model on columns, one file a mechanism."""

from sim.ensemble.ensemble import FIELDS, STATE, Batch, Ensemble, EnsembleResult

__all__ = ["FIELDS", "STATE", "Batch", "Ensemble", "EnsembleResult"]

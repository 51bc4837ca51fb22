"""Calibration: an ensemble of parameter sets that the outside facts marked C do not rule out.

History matching with an emulator (Craig et al. 1997; Vernon, Goldstein & Bower 2010). Each fact is a
band that the sources allow, none of its values preferred. A Gaussian process learns from a stated
number of simulations how each fact's statistic follows from the free parameters; where it is unsure,
it rules nothing out. Later waves simulate where the facts still allow a world. The ensemble is drawn
from what is left, which for bands is Bayes' rule with an even error of observation.

The rest of the project reads the result and never this package: `experiments.posterior`.
"""

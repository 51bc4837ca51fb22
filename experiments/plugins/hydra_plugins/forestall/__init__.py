"""What Hydra finds of Forestall by itself: ``hydra/sweeper=forestall``."""

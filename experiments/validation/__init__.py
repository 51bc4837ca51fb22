"""The outside facts that the model is held against: one small declaration each, one file a family."""

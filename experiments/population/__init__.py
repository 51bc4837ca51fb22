"""A population of countries, sampled from what is known of the real ones: for base rates and risk."""

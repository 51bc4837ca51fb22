"""What stored results say: paired statistics, the response surface, and one file a figure."""

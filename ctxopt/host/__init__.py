"""The only door to disk, processes and clock."""

"""A report becomes text or JSON here: the one place where bytes become words."""

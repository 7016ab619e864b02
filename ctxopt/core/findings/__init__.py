"""The words for what is wrong or worth knowing; `problems` has them all."""

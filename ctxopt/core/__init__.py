"""Pure: values in, values out; no disk, no clock, no terminal."""

"""Random bytes. By grant: `entropy`."""

from wit_world.imports.entropy import fill

__all__ = ["fill"]

"""Numbers of the filter's own, exported beside the router's."""

from wit_world.imports.metrics import add, observe, set

__all__ = ["add", "set", "observe"]

"""Small values kept by the router, shared by the filter's instances. By grant: `kv:BUCKET`."""

from wit_world.imports.kv import Item, add, compare_and_set, delete, get, set

__all__ = ["Item", "get", "set", "compare_and_set", "add", "delete"]

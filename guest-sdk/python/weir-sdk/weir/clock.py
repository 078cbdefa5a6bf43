"""Time; virtual in the offline runner."""

from wit_world.imports.clock import monotonic_ns, unix_ms

__all__ = ["monotonic_ns", "unix_ms"]

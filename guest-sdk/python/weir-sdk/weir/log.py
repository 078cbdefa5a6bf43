"""The filter's voice in the router's log; rate-limited."""

from wit_world.imports import log as _log
from wit_world.imports.log import Level

__all__ = ["Level", "enabled", "write", "error", "warn", "info", "debug"]


def enabled(level: Level) -> bool:
    """Whether a line of this level would be written: ask before building a costly one."""
    return _log.enabled(level)


def write(level: Level, message: str, **fields: object) -> None:
    """One line with fields."""
    _log.write(level, message, [(name, str(value)) for name, value in fields.items()])


def error(message: str, **fields: object) -> None:
    """Something broke in the filter."""
    write(Level.ERROR, message, **fields)


def warn(message: str, **fields: object) -> None:
    """Something is wrong with the stream or the peer."""
    write(Level.WARN, message, **fields)


def info(message: str, **fields: object) -> None:
    """Births and ends; never once per frame."""
    write(Level.INFO, message, **fields)


def debug(message: str, **fields: object) -> None:
    """For the filter's author."""
    write(Level.DEBUG, message, **fields)

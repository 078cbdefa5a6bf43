"""What both kinds of filter have."""

import json
from dataclasses import dataclass
from typing import Any, Optional

from wit_world.imports import config as _config
from wit_world.imports import types as _types
from componentize_py_types import Err

from . import log


@dataclass
class Description:
    """What a filter says of itself; the operator sees it with `weir filter inspect`."""

    name: str
    version: str
    #: One line for the operator.
    summary: str
    #: JSON Schema of the `config` table.
    config_schema: Optional[str] = None
    #: The layout that `snapshot` writes, from 1; 0 if the filter keeps no state.
    state_schema: int = 0


class Problem(Exception):
    """A refusal that the contract knows; anything else that is raised is a fault of the filter and traps."""

    def _fault(self) -> Any:
        return _types.Fault_Internal(str(self))


class InvalidConfig(Problem):
    """The operator's `config` table is wrong; say which key and what is expected."""

    def _fault(self) -> Any:
        return _types.Fault_InvalidConfig(str(self))


class Unsupported(Problem):
    """The filter does not handle this stream; say why."""

    def _fault(self) -> Any:
        return _types.Fault_Unsupported(str(self))


class IncompatibleState(Problem):
    """A saved state that this version does not read."""

    def _fault(self) -> Any:
        return _types.Fault_IncompatibleState()


class Refused(Exception):
    """What the router says when it does not do something; `tag` names why in the words of the contract: `"out-of-order"`, `"conflict"`."""

    def __init__(self, tag: str, text: str = "") -> None:
        super().__init__(text or tag)
        self.tag = tag


def answered(function: Any, *arguments: Any) -> Any:
    """Calls the router; its refusal is a `Refused`."""
    try:
        return function(*arguments)
    except Err as error:
        case = type(error.value).__name__.split("_", 1)[-1]
        tag = "".join(f"-{c.lower()}" if c.isupper() else c for c in case).lstrip("-")
        raise Refused(tag, getattr(error.value, "value", "")) from None


class Settings(dict):
    """The `config` table of the operator's file."""

    def only(self, *keys: str) -> "Settings":
        """Refuses keys that are not among these: a typing error is told, not ignored."""
        for key in self:
            if key not in keys:
                known = ", ".join(f"`{k}`" for k in keys) or "none"
                raise InvalidConfig(f"{key}: unknown key, expected {known}")
        return self

    def text(self, key: str, default: Optional[str] = None) -> str:
        """A string; without a default the key is required."""
        return self._of(key, str, "a string", default)

    def number(self, key: str, default: Optional[float] = None) -> float:
        """A number; without a default the key is required."""
        return self._of(key, (int, float), "a number", default)

    def integer(self, key: str, default: Optional[int] = None) -> int:
        """A whole number; without a default the key is required."""
        return self._of(key, int, "a whole number", default)

    def flag(self, key: str, default: Optional[bool] = None) -> bool:
        """true or false; without a default the key is required."""
        return self._of(key, bool, "true or false", default)

    def _of(self, key: str, kind: Any, expected: str, default: Any) -> Any:
        if key not in self:
            if default is None:
                raise InvalidConfig(f"{key}: missing, expected {expected}")
            return default
        value = self[key]
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            raise InvalidConfig(f"{key}: expected {expected}")
        return value


def secret(name: str) -> Optional[str]:
    """A secret by the name it has in the operator's file."""
    return _config.secret(name)


def settings() -> Settings:
    return Settings(json.loads(_config.json()))


def trapping(function: Any) -> Any:
    """A hook whose exceptions reach the log before they trap: a `Problem` is an answer, all else is a fault."""

    def call(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except Exception as exception:
            raise fault(exception)

    return call


def fault(exception: Exception) -> Exception:
    """What goes to the router for it."""
    if isinstance(exception, Problem):
        return Err(exception._fault())
    note(exception)
    return exception


def note(exception: Exception) -> None:
    """One line in the log with the place, most recent call last."""
    # Not by the module traceback: it looks for the source, and there are no files.
    own = place = None
    trace = exception.__traceback__
    while trace:
        place = trace
        if "/weir/" not in trace.tb_frame.f_code.co_filename:
            own = trace
        trace = trace.tb_next
    place = own or place
    fields = {"exception": type(exception).__name__}
    if place:
        code = place.tb_frame.f_code
        fields.update(file=code.co_filename, line=str(place.tb_lineno), function=code.co_name)
    log.error(str(exception) or type(exception).__name__, **fields)


def only_subclass(module: Any, base: type) -> type:
    """The filter of the user's module."""
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, base) and value is not base and value.__module__ == module.__name__
    ]
    if len(found) != 1:
        names = ", ".join(c.__name__ for c in found) or "none"
        raise TypeError(f"filter.py must have exactly one subclass of {base.__name__}; it has {names}")
    return found[0]

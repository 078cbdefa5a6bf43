"""What the runtime makes for every frame, made cheaply.

componentize-py calls the classes of the generated modules for each record, enum and flags that it hands over, and it takes them from
there when the filter's modules have been imported: what is put in their places here is what it calls. For a value of an enum that is a
lookup in place of a search, for flags too, and their `&` is that of whole numbers: together half of what a frame costs otherwise.
"""

from dataclasses import replace
from operator import attrgetter
from typing import Dict

from wit_world.exports import media as _hooks
from wit_world.imports import types as _types


class FrameFlags(int):
    """Facts about one frame: a whole number with a bit for each. `meta.flags & FrameFlags.KEY`, `FrameFlags.KEY in meta.flags`."""

    __slots__ = ()

    #: A decoder can start here.
    KEY: "FrameFlags"
    #: No other frame refers to this one.
    DISPOSABLE: "FrameFlags"
    #: The track ends here.
    END_OF_SEQUENCE: "FrameFlags"
    #: A filter before this one made it.
    FROM_FILTER: "FrameFlags"
    #: A frame that others refer to was dropped before this one.
    GAP_BEFORE: "FrameFlags"
    #: Shown to a new generation for warm-up only.
    WARM_UP: "FrameFlags"
    #: Audio of two channels, of a codec without sequence header.
    STEREO: "FrameFlags"

    def __contains__(self, flags: int) -> bool:
        return self & flags == flags

    def __repr__(self) -> str:
        names = "|".join(name for name in _NAMES if getattr(FrameFlags, name) in self)
        return f"<FrameFlags.{names or 0}>"

    @property
    def value(self) -> int:
        """The number itself, for the router."""
        return int(self)


_NAMES = [flag.name for flag in _types.FrameFlags if flag.name and not flag.name.startswith("SPARE")]
for _name in _NAMES:
    setattr(FrameFlags, _name, FrameFlags(_types.FrameFlags[_name].value))


class _Flags(Dict[int, FrameFlags]):
    """Flags by their number; there are as many as the router sends, a handful."""

    def __missing__(self, number: int) -> FrameFlags:
        flags = self[number] = FrameFlags(number)
        return flags


MediaKind, Verdict, FrameMeta, UnitInfo = _types.MediaKind, _hooks.Verdict, _types.FrameMeta, _types.UnitInfo


# Functions around the classes: the interpreter makes an object faster where it sees the call.
def _frame_meta(
    track: int, kind: MediaKind, codec: int, flags: FrameFlags, dts: int, pts: int, size: int, unit_types: int, seq: int, gop: int
) -> FrameMeta:
    return FrameMeta(track, kind, codec, flags, dts, pts, size, unit_types, seq, gop)


def _unit_info(offset: int, size: int, unit_type: int, reference: bool, temporal_id: int, layer_id: int) -> UnitInfo:
    return UnitInfo(offset, size, unit_type, reference, temporal_id, layer_id)


def install() -> None:
    """Puts them in their places. To be called before the runtime takes what it calls, after the classes were imported from there."""
    _types.FrameFlags = _Flags().__getitem__
    _types.FrameMeta = _frame_meta
    _types.UnitInfo = _unit_info
    _types.MediaKind = tuple(MediaKind).__getitem__
    for enum in (MediaKind, Verdict):
        # What is read to hand a value over: as that of `Enum`, but in C.
        enum.value = property(attrgetter("_value_"))


def emitted(meta: FrameMeta) -> FrameMeta:
    """Its flags may be a number by now: `meta.flags | FrameFlags.KEY` is one."""
    return meta if isinstance(meta.flags, FrameFlags) else replace(meta, flags=FrameFlags(meta.flags))

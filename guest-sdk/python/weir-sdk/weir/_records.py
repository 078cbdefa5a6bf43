"""What the runtime makes for every frame, made cheaply.

componentize-py calls the classes of the generated modules for each record and enum that it hands over, and it takes them from there when
the filter's modules have been imported: what is put in their places here is what it calls. For a value of an enum that is a lookup in
place of a search. Flags and units are a number and words in the contract that it is given: they become what the author sees here, and
the `&` of flags is that of whole numbers.
"""

from dataclasses import dataclass
from operator import attrgetter
from typing import Dict, List, Tuple

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


_NAMES = ("KEY", "DISPOSABLE", "END_OF_SEQUENCE", "FROM_FILTER", "GAP_BEFORE", "WARM_UP", "STEREO")
for _bit, _name in enumerate(_NAMES):
    setattr(FrameFlags, _name, FrameFlags(1 << _bit))


class _Flags(Dict[int, FrameFlags]):
    """Flags by their number; there are as many as the router sends, a handful."""

    def __missing__(self, number: int) -> FrameFlags:
        flags = self[number] = FrameFlags(number)
        return flags


_FLAGS = _Flags()

MediaKind, Verdict, FrameMeta = _types.MediaKind, _hooks.Verdict, _types.FrameMeta


@dataclass
class UnitInfo:
    """One NAL unit (H.264, H.265) or one OBU (AV1) of the frame in hand."""

    #: Where it starts in the payload, behind its length prefix.
    offset: int
    #: Its bytes: from the NAL unit header, or from the OBU header with its size field if it has one.
    size: int
    #: nal_unit_type or obu_type.
    unit_type: int
    #: Other frames may refer to it; true where that cannot be told.
    reference: bool
    #: nuh_temporal_id_plus1 - 1, or the OBU extension's temporal_id.
    temporal_id: int
    #: nuh_layer_id, or the OBU extension's spatial_id.
    layer_id: int


def units(words: List[Tuple[int, int, int]]) -> List[UnitInfo]:
    """Units as the author sees them, from three words each: in the last are the four bytes behind `size`."""
    return [UnitInfo(offset, size, rest & 255, rest & 256 != 0, rest >> 16 & 255, rest >> 24) for offset, size, rest in words]


# A function around the class: the interpreter makes an object faster where it sees the call.
def _frame_meta(
    track: int, kind: MediaKind, codec: int, flags: int, dts: int, pts: int, size: int, unit_types: int, seq: int, gop: int
) -> FrameMeta:
    return FrameMeta(track, kind, codec, _FLAGS[flags], dts, pts, size, unit_types, seq, gop)


def install() -> None:
    """Puts them in their places. To be called before the runtime takes what it calls, after the classes were imported from there."""
    _types.FrameMeta = _frame_meta
    _types.MediaKind = tuple(MediaKind).__getitem__
    for enum in (MediaKind, Verdict):
        # What is read to hand a value over: as that of `Enum`, but in C.
        enum.value = property(attrgetter("_value_"))

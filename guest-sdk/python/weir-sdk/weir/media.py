"""Filters of frames, sequence headers and metadata: the world `media-filter`."""

from typing import Dict, Iterable, List, Optional

from wit_world.exports.media import Boundary, Interest, Subscription
from wit_world.imports import frame as _frame
from wit_world.imports import output as _output
from wit_world.imports.output import Packet, Pressure
from wit_world.imports.types import (
    AudioParams,
    ConnectionInfo,
    EndReason,
    Metadata,
    SavedState,
    Scalar_Bool as Bool,
    Scalar_Date as Date,
    Scalar_Null as Null,
    Scalar_Number as Number,
    Scalar_Text as Text,
    StreamInfo,
    StreamKey,
    TrackInfo,
    VideoParams,
)

from ._base import Description, IncompatibleState, InvalidConfig, Refused, Settings, Unsupported, answered, secret
from ._records import FrameFlags, FrameMeta, MediaKind, UnitInfo, Verdict, units

PASS, DROP, EDITED, HOLD = Verdict.PASS, Verdict.DROP, Verdict.EDITED, Verdict.HOLD


def fourcc(name: str) -> int:
    """The number of a codec by its four letters: `fourcc("avc1")`."""
    return int.from_bytes(name.encode("ascii"), "big")


AVC, HEVC, AV1, AAC, OPUS = (fourcc(n) for n in ("avc1", "hvc1", "av01", "mp4a", "Opus"))


def frames(
    kinds: Iterable[MediaKind] = (),
    codecs: Iterable[int] = (),
    unit_types: Iterable[int] = (),
    only_keyframes: bool = False,
) -> Interest:
    """Frames that fit everything given here; what is left out fits all. `unit_types`: frames with a unit of one of these."""
    return Interest(list(kinds), list(codecs), only_keyframes, _bits(unit_types))


def _bits(unit_types: Iterable[int]) -> int:
    bits = 0
    for unit_type in unit_types:
        bits |= 1 << unit_type
    return bits


def subscribe(
    *interests: Interest,
    headers: bool = False,
    metadata: bool = False,
    swap_at: Boundary = Boundary.ANY_FRAME,
    hold: int = 0,
    tick_ms: Optional[int] = None,
) -> Subscription:
    """Frames that any of these fits. `hold`: so many frames at most are held. `tick_ms`: `on_tick` this often in stream time."""
    return Subscription(list(interests), headers, metadata, swap_at, hold, tick_ms)


def is_key(meta: FrameMeta) -> bool:
    """A decoder can start here."""
    return bool(meta.flags & FrameFlags.KEY)


def has_unit(meta: FrameMeta, unit_type: int) -> bool:
    """Whether the frame holds a NAL unit or OBU of this type."""
    return bool(meta.unit_types >> unit_type & 1)


class Frame:
    """The frame (or sequence header) in hand. It costs nothing unless it is asked.

    Edits count when the hook answers `EDITED` or `HOLD`; with any other answer they are thrown away.
    """

    def units(self) -> List[UnitInfo]:
        """The NAL units or OBUs, in order, as they came; empty for other codecs."""
        return units(_frame.units())

    def read(self, offset: int = 0, length: int = 0xFFFFFFFF) -> bytes:
        """Copies `length` bytes from `offset`, clipped to the payload as it came: all of it by default."""
        return _frame.read(offset, length)

    def read_unit(self, unit: UnitInfo) -> bytes:
        """Copies one unit."""
        return _frame.read(unit.offset, unit.size)

    def remove_unit(self, index: int) -> None:
        """Removes a unit by its index in `units()`; no byte is copied. A frame without units left is dropped."""
        _frame.remove_unit(index)

    def remove_units(self, types: Iterable[int]) -> int:
        """Removes every unit of these types without a list of units; how many there were. A frame without units left is dropped."""
        return _frame.remove_units(_bits(types))

    def units_of(self, types: Iterable[int]) -> List[int]:
        """The indices in `units()` of those of these types among the first 64, rising, without a list of units. As the frame came."""
        left = _frame.units_of(_bits(types))
        found = []
        while left:
            found.append((left & -left).bit_length() - 1)
            left &= left - 1
        return found

    def replace_unit(self, index: int, data: bytes) -> None:
        """Puts another unit, without length prefix, in the place of one."""
        _frame.replace_unit(index, data)

    def insert_unit(self, before: int, data: bytes) -> None:
        """Puts a unit before the one with this index; at the end when the index equals the number of units."""
        _frame.insert_unit(before, data)

    def replace(self, payload: bytes) -> None:
        """Puts another payload (in `on_header`: another record) in place of the whole."""
        _frame.replace(payload)

    def retime(self, dts: int, pts: int) -> None:
        """Changes the times, in microseconds. A `dts` before the track's last one is raised to it."""
        _frame.retime(dts, pts)

    def retain(self) -> Packet:
        """A reference to the payload as it came, which outlives the call; no byte is copied."""
        return _frame.retain()


def emit_before(meta: FrameMeta, packet: Packet) -> None:
    """A frame of the filter's own, before the one in hand. Raises `Refused`: "out-of-order", "no-such-track", "full"."""
    answered(_output.emit_before, meta, packet)


def emit_after(meta: FrameMeta, packet: Packet) -> None:
    """A frame of the filter's own, behind the one in hand."""
    answered(_output.emit_after, meta, packet)


def release_held(count: int) -> None:
    """Lets the oldest `count` held frames go on, in order, before the frame in hand."""
    _output.release_held(count)


def drop_held(count: int) -> None:
    """Throws the oldest `count` held frames away."""
    _output.drop_held(count)


def set_metadata(metadata: Metadata) -> None:
    """In `on_metadata`, with `EDITED`: what goes on in place of the message in hand. Elsewhere: a message of the filter's own."""
    answered(_output.set_metadata, metadata)


def add_track(info: TrackInfo, header: Optional[Packet] = None) -> int:
    """A track beside those of the publisher, by grant `tracks`, and its sequence header if it has one; again, with the id that it got,
    for a header that changes. Returns the id: that of `info` if it is no track of the publisher's, otherwise the next free one, never 0.
    Its frames are emitted like any other. Raises `Refused`.
    """
    return answered(_output.add_track, info, header)


class Derived:
    """A stream of the filter's own beside the one in hand, by grant `derive`. It is called as its parent with the suffix behind it, and
    ends with `close` and with its parent; a new generation that opens the same suffix goes on with the same stream. What is refused
    raises `Refused`.
    """

    def __init__(self, suffix: str, tags: Optional[Dict[str, str]] = None) -> None:
        """`suffix`: 1 to 64 letters, digits, `-`, `_` and `.`; the tags stand in the router's log."""
        self._host = _output.Derived(suffix, list((tags or {}).items()))

    def open(self) -> StreamKey:
        """Asks for the name and gives it. It is published when the hook has returned: if the name is in use then, what is called
        afterwards is refused as "name-taken", and `open` may try again. Open is open: the same again.
        """
        return answered(self._host.open)

    def pressure(self) -> Pressure:
        """How much of the budget for emitted bytes is used up; `FULL` for what is not open."""
        return self._host.pressure()

    def add_track(self, info: TrackInfo, header: Optional[Packet] = None) -> int:
        """A track with the id of `info`, and its sequence header if it has one; again for a header that changes."""
        return answered(self._host.add_track, info, header)

    def push(self, meta: FrameMeta, packet: Packet) -> None:
        """A frame of one of its tracks; a packet that was retained is shared, not copied. The times are the parent's."""
        answered(self._host.push, meta, packet)

    def set_metadata(self, metadata: Metadata) -> None:
        """A data message; `onMetaData` is kept for players that join."""
        answered(self._host.set_metadata, metadata)

    def close(self) -> None:
        """Ends the stream; it is not used afterwards."""
        self._host.__exit__(None, None, None)


class MediaFilter:
    """A filter of frames, sequence headers and metadata: one object per stream.

    One hook of a stream at a time, frames in the order they came. An exception becomes a line in the log with its place and costs
    the stream its filter until the next key frame; the frame in hand is then treated by the operator's `on_failure`.
    """

    #: What the filter says of itself.
    description = Description("unnamed", "0.0.0", "")

    @classmethod
    def configure(cls, settings: Settings) -> None:
        """Reads the operator's settings, once per instance. Raise `InvalidConfig` to keep the filter from being loaded."""

    def __init__(self, stream: StreamInfo, resume: Optional[SavedState]) -> None:
        """A stream starts, or goes over to this generation (then with the state of the one before), or restarts after a fault."""

    def subscribe(self) -> Subscription:
        """What the filter wants to see; asked once. The host calls it for nothing else."""
        return subscribe(frames())

    def on_header(self, track: TrackInfo, record: bytes, frame: Frame) -> Verdict:
        """A sequence header. `EDITED` with `frame.replace` puts another record in its place."""
        return PASS

    def on_metadata(self, metadata: Metadata) -> Verdict:
        """A data message. `EDITED` with `set_metadata` puts another in its place."""
        return PASS

    def on_frame(self, meta: FrameMeta, frame: Frame) -> Verdict:
        """A coded frame that the subscription asked for."""
        return PASS

    def on_tick(self, now: int) -> None:
        """Every `tick_ms` of the subscription. `now` is the stream's time in microseconds."""

    def flush(self) -> None:
        """Last call for output: the stream ends or goes over to another generation."""

    def snapshot(self) -> Optional[SavedState]:
        """State for the next generation, of the schema that `description` names."""
        return None

    def end(self, reason: EndReason) -> None:
        """Nothing is called afterwards."""

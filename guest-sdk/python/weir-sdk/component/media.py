"""The exported resource of `media-filter`: componentize-py looks for it in a module with the interface's name."""

from typing import Any, List, Optional

from wit_world.imports import types

from weir import media
from weir._base import fault, trapping
from weir._records import install
from weir_filter import Filter

install()
_FRAME = media.Frame()


class StreamFilter:
    filter: Any = None

    @classmethod
    def open(cls, info: types.StreamInfo, resume: Optional[types.SavedState]) -> "StreamFilter":
        filter = trapping(Filter)(info, resume)
        it = _over.pop() if _over else cls()
        if it.filter is _OVER:
            # Its handle is gone; without these it is given another.
            delattr(it, "__componentize_py_handle")
            it.finalizer.detach()
        it.filter = filter
        return it

    @trapping
    def subscribe(self) -> Any:
        return self.filter.subscribe()

    @trapping
    def on_header(self, track: types.TrackInfo, header: bytes) -> Any:
        return self.filter.on_header(track, header, _FRAME)

    @trapping
    def on_metadata(self, meta: types.Metadata) -> Any:
        return self.filter.on_metadata(meta)

    # Once for every frame: without a function around it.
    def on_frame(self, meta: media.FrameMeta) -> Any:
        try:
            return self.filter.on_frame(meta, _FRAME)
        except Exception as exception:
            raise fault(exception)

    @trapping
    def on_tick(self, now: int) -> None:
        self.filter.on_tick(now)

    @trapping
    def flush(self) -> None:
        self.filter.flush()

    @trapping
    def snapshot(self) -> Optional[types.SavedState]:
        return self.filter.snapshot()

    @trapping
    def end(self, reason: types.EndReason) -> None:
        filter, self.filter = self.filter, _OVER
        _over.append(self)
        filter.end(reason)


#: What stands in the place of the filter of a stream that is over.
_OVER = object()
#: componentize-py keeps for ever what it has handed out, and says nothing when the router lets go of it, which it does right behind `end`.
#: Streams to come get these, so that an instance which many share does not grow with those that are over.
_over: List[StreamFilter] = []

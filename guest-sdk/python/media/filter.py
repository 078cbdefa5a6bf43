"""my-filter: drops SEI messages from H.264 and H.265, and says at the end how many there were."""

from weir import log
from weir.media import AVC, EDITED, HEVC, Description, MediaFilter, frames, subscribe

# nal_unit_type of SEI messages.
SEI = {AVC: {6}, HEVC: {39, 40}}


class MyFilter(MediaFilter):
    description = Description("my-filter", "0.1.0", "Drops SEI messages from H.264 and H.265.")

    @classmethod
    def configure(cls, settings):
        settings.only()

    def __init__(self, stream, resume):
        self.dropped = 0

    def subscribe(self):
        # The router calls for frames that hold an SEI message and for nothing else.
        return subscribe(*(frames(codecs=[codec], unit_types=types) for codec, types in SEI.items()))

    def on_frame(self, meta, frame):
        self.dropped += frame.remove_units(SEI[meta.codec])
        return EDITED

    def end(self, reason):
        log.info("SEI messages dropped", count=self.dropped)

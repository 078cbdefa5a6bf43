// my-filter: drops SEI messages from H.264 and H.265, and says at the end how many there were.

import * as log from "../weir-sdk/log";
import {
  AVC, Description, EndReason, Fault, Frame, FrameMeta, HEVC, Interest, MediaFilter, SavedState, Settings, StreamInfo, Subscription,
  Verdict, exportMedia,
} from "../weir-sdk/media";

// nal_unit_type of SEI messages.
const AVC_SEI: Array<u8> = [6];
const HEVC_SEI: Array<u8> = [39, 40];

class MyFilter extends MediaFilter {
  dropped: u32 = 0;

  // The router calls for frames that hold an SEI message and for nothing else.
  subscribe(): Subscription {
    return new Subscription([Interest.units(AVC, AVC_SEI), Interest.units(HEVC, HEVC_SEI)]);
  }

  onFrame(meta: FrameMeta, frame: Frame): Verdict {
    this.dropped += frame.removeUnits(meta.codec == AVC ? AVC_SEI : HEVC_SEI);
    return Verdict.Edited;
  }

  end(reason: EndReason): void {
    log.info("SEI messages dropped", ["count", this.dropped.toString()]);
  }
}

exportMedia(
  new Description("my-filter", "0.1.0", "Drops SEI messages from H.264 and H.265."),
  (settings: Settings): Fault | null => settings.only([]).problem,
  (stream: StreamInfo, resume: SavedState | null): MediaFilter | null => new MyFilter(),
);

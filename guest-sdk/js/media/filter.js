// my-filter: drops SEI messages from H.264 and H.265, and says at the end how many there were.

import { AVC, EDITED, HEVC, MediaFilter, exportMedia, frames, subscribe } from "../weir-sdk/media.js";
import * as log from "../weir-sdk/log.js";

// nal_unit_type of SEI messages.
const SEI = { [AVC]: [6], [HEVC]: [39, 40] };

class MyFilter extends MediaFilter {
  static description = { name: "my-filter", version: "0.1.0", summary: "Drops SEI messages from H.264 and H.265." };

  static configure(settings) {
    settings.only();
  }

  dropped = 0;

  subscribe() {
    // The router calls for frames that hold an SEI message and for nothing else.
    return subscribe([AVC, HEVC].map((codec) => frames({ codecs: [codec], unitTypes: SEI[codec] })));
  }

  onFrame(meta, frame) {
    this.dropped += frame.removeUnits(SEI[meta.codec]);
    return EDITED;
  }

  end(reason) {
    log.info("SEI messages dropped", { count: this.dropped });
  }
}

export const { lifecycle, media } = exportMedia(MyFilter);

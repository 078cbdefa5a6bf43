//! my-filter: drops SEI messages from H.264 and H.265, and says at the end how many there were.

use guest_sdk::{
    Config, Description, EndReason, Fault, Frame, FrameMeta, Interest, MediaFilter, SavedState, StreamInfo, Subscription, Verdict,
    fourcc, log,
};

const AVC: u32 = fourcc(b"avc1");
const HEVC: u32 = fourcc(b"hvc1");

/// nal_unit_type of SEI messages, as bits.
fn sei(codec: u32) -> u64 {
    if codec == HEVC { 1 << 39 | 1 << 40 } else { 1 << 6 }
}

/// What is remembered of one stream.
#[derive(Default)]
pub struct MyFilter {
    dropped: u64,
}

impl MediaFilter for MyFilter {
    type Settings = ();

    fn describe() -> Description {
        Description::new("my-filter", env!("CARGO_PKG_VERSION"), "Drops SEI messages from H.264 and H.265.")
    }

    fn configure(_: Config) -> Result<(), Fault> {
        Ok(())
    }

    fn open(_: &(), _: StreamInfo, _: Option<SavedState>) -> Result<Self, Fault> {
        Ok(MyFilter::default())
    }

    // The router calls for frames that hold an SEI message and for nothing else.
    fn subscribe(&self) -> Subscription {
        Subscription::to([AVC, HEVC].map(|codec| Interest::units(codec, sei(codec))))
    }

    fn on_frame(&mut self, meta: &FrameMeta, frame: &mut Frame<'_>) -> Verdict {
        self.dropped += u64::from(frame.remove_units(sei(meta.codec)));
        Verdict::Edited
    }

    fn end(self, _: EndReason) {
        log::write(log::Level::Info, "SEI messages dropped", &[("count", &self.dropped.to_string())]);
    }
}

guest_sdk::export_media!(MyFilter);

#[cfg(test)]
mod tests {
    use super::*;
    use guest_sdk::testing::{Media, Sample};

    #[test]
    fn an_sei_message_is_dropped() {
        let mut stream = Media::<MyFilter>::open("{}").unwrap();
        let step = stream.frame(&Sample::h264(&[b"\x06sei", b"\x65slice"]));
        assert_eq!(step.frames(), [Sample::h264(&[b"\x65slice"]).payload()]);
    }
}

//! What the filter was told, in the log.

use guest_sdk::log::{self, Level};
use guest_sdk::output::{self, Derived, Packet};
use guest_sdk::{Frame, FrameMeta, MediaKind, Metadata, TrackInfo, clock};

fn line(what: &str, fields: &[(&str, String)]) {
    let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    if log::enabled(Level::Info) {
        log::write(Level::Info, what, &fields);
    }
}

pub(crate) fn track(track: &TrackInfo, record: &[u8]) {
    let size = track.video.map(|v| format!("{}x{}", v.width, v.height)).unwrap_or_default();
    let rate = track.audio.map(|a| format!("{}/{}", a.sample_rate, a.channels)).unwrap_or_default();
    let length = track.video.map(|v| v.unit_length_bytes.to_string()).unwrap_or_default();
    line(
        "header",
        &[
            ("track", track.id.to_string()),
            ("kind", format!("{:?}", track.kind)),
            ("codec", format!("{:08x}", track.codec)),
            ("size", size),
            ("unit_length_bytes", length),
            ("rate", rate),
            ("bytes", record.len().to_string()),
        ],
    );
}

pub(crate) fn metadata(metadata: &Metadata) {
    let fields: Vec<_> = metadata.fields.iter().map(|(k, v)| (k.as_str(), format!("{v:?}"))).collect();
    line(&metadata.name, &fields);
}

pub(crate) fn frame(meta: &FrameMeta, frame: &Frame<'_>) {
    let units: Vec<_> = frame.units().iter().map(|u| format!("{}:{}+{}", u.unit_type, u.offset, u.size)).collect();
    line(
        "frame",
        &[
            ("seq", meta.seq.to_string()),
            ("gop", meta.gop.to_string()),
            ("track", meta.track.to_string()),
            ("kind", format!("{:?}", meta.kind)),
            ("codec", format!("{:08x}", meta.codec)),
            ("flags", format!("{:?}", meta.flags)),
            ("dts", meta.dts.to_string()),
            ("pts", meta.pts.to_string()),
            ("size", meta.size.to_string()),
            ("types", format!("{:x}", meta.unit_types)),
            ("units", units.join(",")),
            ("head", format!("{:02x?}", frame.read(0, 4))),
            ("unix_ms", clock::unix_ms().to_string()),
        ],
    );
}

/// What is denied is denied by an answer, not by a trap.
pub(crate) fn ungranted() {
    let info = TrackInfo {
        id: 0,
        kind: MediaKind::Audio,
        codec: guest_sdk::fourcc(b"Opus"),
        video: None,
        audio: None,
        extra: Vec::new(),
    };
    let packet = Packet::new(b"header");
    let read = packet.read(2, 3);
    let derived = Derived::new("_copy", &[("of".into(), "conformance".into())]);
    let meta = Metadata { name: "onMetaData".into(), fields: Vec::new() };
    let frame = FrameMeta {
        track: 0,
        kind: MediaKind::Audio,
        codec: info.codec,
        flags: guest_sdk::FrameFlags::empty(),
        dts: 0,
        pts: 0,
        size: 0,
        unit_types: 0,
        seq: 0,
        gop: 0,
    };
    line(
        "ungranted",
        &[
            ("packet", format!("{} {read:?}", packet.size())),
            ("add_track", format!("{:?}", output::add_track(&info, Some(&packet)).err())),
            ("open", format!("{:?}", derived.open().err())),
            ("pressure", format!("{:?}", derived.pressure())),
            ("derived_track", format!("{:?}", derived.add_track(&info, None).err())),
            ("push", format!("{:?}", derived.push(frame, &packet).err())),
            ("set_metadata", format!("{:?}", derived.set_metadata(&meta).err())),
        ],
    );
}

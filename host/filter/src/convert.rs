//! Between WIT types and the router's own: the one file that knows both sides.

use filter_wit::media::exports::weir::filter::{lifecycle, media as hooks};
use filter_wit::media::weir::filter::types;
use filter_wit::session::exports::weir::filter::session as wit;
use media::{FourCc, Frame, Kind, Unit, track};

use crate::chain::StreamInfo;
use crate::filter::Description;
use crate::{planner, session};

mod flat;
pub(crate) use flat::{flatten, from_flat, metadata_bytes};

pub(crate) fn kind(kind: types::MediaKind) -> Kind {
    match kind {
        types::MediaKind::Audio => Kind::Audio,
        types::MediaKind::Video => Kind::Video,
        types::MediaKind::Data => Kind::Data,
    }
}

fn media_kind(kind: Kind) -> types::MediaKind {
    match kind {
        Kind::Audio => types::MediaKind::Audio,
        Kind::Video => types::MediaKind::Video,
        Kind::Data => types::MediaKind::Data,
    }
}

pub(crate) fn unit_info(unit: &Unit) -> types::UnitInfo {
    types::UnitInfo {
        offset: unit.offset as u32,
        size: unit.size as u32,
        unit_type: unit.unit_type,
        reference: unit.reference,
        temporal_id: unit.temporal_id,
        layer_id: unit.layer_id,
    }
}

/// What a frame is, in scalars.
pub(crate) fn frame_meta(frame: &Frame, unit_types: u64, seq: u64, gop: u64) -> types::FrameMeta {
    let mut flags = types::FrameFlags::empty();
    for (set, flag) in [
        (frame.key, types::FrameFlags::KEY),
        (frame.disposable, types::FrameFlags::DISPOSABLE),
        (frame.content == media::Content::EndOfSequence, types::FrameFlags::END_OF_SEQUENCE),
        (frame.from_filter, types::FrameFlags::FROM_FILTER),
        (frame.gap_before, types::FrameFlags::GAP_BEFORE),
        (frame.kind == Kind::Audio && frame.is_stereo(), types::FrameFlags::STEREO),
    ] {
        if set {
            flags |= flag;
        }
    }
    types::FrameMeta {
        track: u16::from(frame.track),
        kind: media_kind(frame.kind),
        codec: frame.codec.0,
        flags,
        dts: frame.dts_us,
        pts: frame.pts_us(),
        size: u32::try_from(frame.body.len().saturating_sub(frame.payload_at)).unwrap_or(u32::MAX),
        unit_types,
        seq,
        gop,
    }
}

pub(crate) fn track_info(info: &track::Info) -> types::TrackInfo {
    types::TrackInfo {
        id: u16::from(info.id),
        kind: media_kind(info.kind),
        codec: info.codec.0,
        video: info.video.map(|v| types::VideoParams {
            width: v.width,
            height: v.height,
            profile: v.profile,
            level: v.level,
            bit_depth: v.bit_depth,
            frame_rate: v.frame_rate,
            unit_length_bytes: v.unit_length_bytes,
        }),
        audio: info.audio.map(|a| types::AudioParams {
            sample_rate: a.sample_rate,
            channels: a.channels,
            bits: a.bits,
            object_type: a.object_type,
        }),
        extra: Vec::new(),
    }
}

pub(crate) fn stream_info(info: &StreamInfo, tracks: &[track::Info], attempt: u32) -> types::StreamInfo {
    types::StreamInfo {
        id: info.id,
        key: stream_key(&info.key),
        publisher: connection_info(&info.publisher),
        tracks: tracks.iter().map(track_info).collect(),
        tags: info.tags.clone(),
        viewer: info.viewer.as_deref().map(|viewer| types::ViewerInfo {
            id: viewer.id,
            conn: connection_info(&viewer.conn),
            key: stream_key(&viewer.key),
            tags: viewer.tags.clone(),
        }),
        attempt,
    }
}

/// One interest as the matcher wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Interest {
    pub(crate) kinds: Vec<Kind>,
    pub(crate) codecs: Vec<FourCc>,
    pub(crate) only_keyframes: bool,
    pub(crate) unit_types: u64,
}

pub(crate) fn interest(interest: hooks::Interest) -> Interest {
    Interest {
        kinds: interest.kinds.into_iter().map(kind).collect(),
        codecs: interest.codecs.into_iter().map(FourCc).collect(),
        only_keyframes: interest.only_keyframes,
        unit_types: interest.unit_types,
    }
}

/// The bindings of each world have a type of their own for it.
macro_rules! description {
    ($name:ident, $type:ty) => {
        pub(crate) fn $name(d: $type) -> Description {
            Description {
                name: d.name,
                version: d.version,
                summary: d.summary,
                config_schema: d.config_schema,
                state_schema: d.state_schema,
            }
        }
    };
}
description!(media_description, lifecycle::Description);
description!(session_description, filter_wit::session::exports::weir::filter::lifecycle::Description);
description!(planner_description, filter_wit::jobs::exports::weir::filter::lifecycle::Description);

/// What a guest says it cannot do, in words.
pub(crate) fn fault(fault: &types::Fault) -> String {
    match fault {
        types::Fault::InvalidConfig(why) => format!("invalid configuration: {why}"),
        types::Fault::Unsupported(why) => format!("it does not handle this: {why}"),
        types::Fault::IncompatibleState => "it cannot read the state of the generation before".into(),
        types::Fault::Internal(why) => why.clone(),
    }
}

pub(crate) fn end_reason(reason: session::EndReason) -> types::EndReason {
    match reason {
        session::EndReason::SourceEnded => types::EndReason::SourceEnded,
        session::EndReason::Replaced => types::EndReason::Replaced,
        session::EndReason::Denied => types::EndReason::Denied,
        session::EndReason::Swapped => types::EndReason::Swapped,
        session::EndReason::Shutdown => types::EndReason::Shutdown,
        session::EndReason::Failed => types::EndReason::Failed,
        session::EndReason::Limit => types::EndReason::Limit,
    }
}

fn stream_key(key: &session::StreamKey) -> types::StreamKey {
    types::StreamKey { app: key.app.clone(), name: key.name.clone(), query: key.query.clone() }
}

pub(crate) fn connection_info(info: &session::ConnectionInfo) -> types::ConnectionInfo {
    types::ConnectionInfo {
        id: info.id,
        protocol: info.protocol.clone(),
        peer_ip: info.peer_ip.clone(),
        peer_port: info.peer_port,
        local_port: info.local_port,
        tls: info.tls.as_ref().map(|tls| types::TlsInfo {
            protocol: tls.protocol.clone(),
            sni: tls.sni.clone(),
            client_cert_sha256: tls.client_cert_sha256.clone(),
        }),
        app: info.app.clone(),
        tc_url: info.tc_url.clone(),
        agent: info.agent.clone(),
        fourccs: info.fourccs.clone(),
        extra: info.extra.clone(),
    }
}

pub(crate) fn publish_request(req: &session::PublishRequest) -> types::PublishRequest {
    types::PublishRequest {
        conn: connection_info(&req.conn),
        key: stream_key(&req.key),
        mode: req.mode.clone(),
        takes_over: req.takes_over,
    }
}

pub(crate) fn play_request(req: &session::PlayRequest) -> types::PlayRequest {
    types::PlayRequest {
        conn: connection_info(&req.conn),
        key: stream_key(&req.key),
        start_ms: req.start_ms,
        duration_ms: req.duration_ms,
    }
}

pub(crate) fn session_ref(who: &session::SessionRef) -> wit::SessionRef {
    wit::SessionRef {
        conn: connection_info(&who.conn),
        role: match who.role {
            session::Role::Connecting => wit::Role::Connecting,
            session::Role::Publishing => wit::Role::Publishing,
            session::Role::Playing => wit::Role::Playing,
        },
        stream: who.stream,
        key: who.key.as_ref().map(stream_key),
        tags: who.tags.clone(),
    }
}

pub(crate) fn summary(how: &session::Summary) -> wit::Summary {
    wit::Summary {
        bytes_in: how.bytes_in,
        bytes_out: how.bytes_out,
        duration_ms: how.duration_ms,
        reason: end_reason(how.reason),
    }
}

/// A guest's decision, numbers clipped to what the contract says.
pub(crate) fn decision(decision: wit::Decision) -> session::Decision {
    match decision {
        wit::Decision::Abstain => session::Decision::Abstain,
        wit::Decision::Allow(g) => session::Decision::Allow(session::Grant {
            rename: g.rename.map(|key| session::StreamKey { app: key.app, name: key.name, query: key.query }),
            tags: g.tags,
            max_kbps: g.max_kbps,
            max_duration_ms: g.max_duration_ms,
            recheck_ms: g.recheck_ms.map(|ms| ms.max(100)),
            push_to: g.push_to,
        }),
        wit::Decision::Deny(d) => session::Decision::Deny(session::Denial {
            code: d.code,
            reason: d.reason,
            disconnect: d.disconnect,
            hold_ms: d.hold_ms.min(10_000),
        }),
        wit::Decision::Redirect(r) => {
            session::Decision::Redirect(session::Redirection { url: r.url, permanent: r.permanent })
        }
    }
}

pub(crate) fn rendition(rendition: filter_wit::jobs::exports::weir::filter::jobs::Rendition) -> planner::Rendition {
    planner::Rendition {
        suffix: rendition.suffix,
        profile: rendition.profile,
        params: rendition.params,
        priority: rendition.priority,
    }
}

pub(crate) fn job_event(event: &planner::JobEvent) -> filter_wit::jobs::exports::weir::filter::jobs::JobEvent {
    use filter_wit::jobs::exports::weir::filter::jobs::JobEvent as Wit;
    match event {
        planner::JobEvent::Started => Wit::Started,
        planner::JobEvent::Progress { fps, speed } => Wit::Progress((*fps, *speed)),
        planner::JobEvent::Restarted(n) => Wit::Restarted(*n),
        planner::JobEvent::Ended(code) => Wit::Ended(*code),
        planner::JobEvent::Failed(why) => Wit::Failed(why.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frames_flags_and_times_arrive() {
        let parts = media::flv::Parts {
            kind: Kind::Video,
            track: 0,
            codec: FourCc::AVC1,
            content: media::Content::Coded,
            key: true,
            disposable: false,
            cts_ms: 0,
        };
        let frame = media::flv::frame(&parts, 40_000, 80_000, &media::Body::from(vec![0; 9]));
        let meta = frame_meta(&Frame { gap_before: true, ..frame }, 0b10_0000, 7, 2);
        assert_eq!((meta.dts, meta.pts, meta.size, meta.unit_types, meta.seq, meta.gop), (40_000, 80_000, 9, 32, 7, 2));
        let flags = types::FrameFlags::KEY | types::FrameFlags::GAP_BEFORE | types::FrameFlags::FROM_FILTER;
        assert_eq!((meta.codec, meta.flags), (0x6176_6331, flags));
    }

    #[test]
    fn terms_are_clipped_to_the_contract() {
        let denied = wit::Decision::Deny(wit::Denial {
            code: String::new(),
            reason: "no".into(),
            disconnect: true,
            hold_ms: 4_000_000,
        });
        let session::Decision::Deny(d) = decision(denied) else { panic!("a denial") };
        assert_eq!((d.hold_ms, d.disconnect, d.reason.as_str()), (10_000, true, "no"));
        let allowed = wit::Decision::Allow(wit::Grant {
            rename: None,
            tags: vec![("user".into(), "7".into())],
            max_kbps: Some(500),
            max_duration_ms: None,
            recheck_ms: Some(3),
            push_to: vec![],
        });
        let session::Decision::Allow(g) = decision(allowed) else { panic!("an allowance") };
        assert_eq!((g.recheck_ms, g.max_kbps, g.tags.len()), (Some(100), Some(500), 1));
    }
}

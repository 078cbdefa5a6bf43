//! What the driver of a connection is told. Values only; requests are answered by their id.

use crate::command::PeerInfo;
use crate::error::Error;
use crate::id::{MessageStreamId, RequestId};
use crate::message::MediaKind;
use bytes::Bytes;

/// One thing that the peer did.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The peer wants in. Nothing else of it is looked at until this is answered.
    Connect(Box<ConnectRequest>),
    /// The peer wants to publish. Its media waits, in order, until this is answered.
    Publish(PublishRequest),
    /// The peer wants to play.
    Play(PlayRequest),
    /// Audio, video or data of a stream that is admitted to publish.
    Message(MediaMessage),
    /// A publish, admitted or not yet answered, is over; the connection stays.
    PublishEnded {
        /// Its stream.
        stream: MessageStreamId,
    },
    /// A play, admitted or not yet answered, is over; the connection stays.
    PlayEnded {
        /// Its stream.
        stream: MessageStreamId,
    },
    /// A player pauses or goes on; it has been answered.
    Pause {
        /// Its stream.
        stream: MessageStreamId,
        /// Whether to pause.
        paused: bool,
        /// Milliseconds; where the player says it is.
        position_ms: i64,
    },
    /// A player seeks; it has been answered.
    Seek {
        /// Its stream.
        stream: MessageStreamId,
        /// Milliseconds.
        position_ms: i64,
    },
    /// A player switches audio on or off.
    ReceiveAudio {
        /// Its stream.
        stream: MessageStreamId,
        /// Whether it wants audio.
        on: bool,
    },
    /// A player switches video on or off.
    ReceiveVideo {
        /// Its stream.
        stream: MessageStreamId,
        /// Whether it wants video.
        on: bool,
    },
    /// How much a player buffers; may come before its stream exists.
    BufferLength {
        /// Its stream.
        stream: MessageStreamId,
        /// Milliseconds.
        ms: u32,
    },
    /// The peer misbehaved and lives. Rate-limited.
    Ignored {
        /// What was ignored and where.
        reason: Error,
        /// How many more were ignored without an event since the last one.
        suppressed: u64,
    },
}

/// A connect command.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectRequest {
    /// To answer it by.
    pub id: RequestId,
    /// The application without query and outer slashes; may have several segments.
    pub app: String,
    /// What stood behind `?` in the application, else in the URL; empty if nothing.
    pub query: String,
    /// The URL the client was given.
    pub tc_url: String,
    /// The client's name and version.
    pub flash_ver: String,
    /// Where the player or encoder claims to come from.
    pub swf_url: String,
    /// The page of the player.
    pub page_url: String,
    /// The AMF version of its commands: 0 or 3.
    pub object_encoding: u8,
    /// Bit set of legacy audio codecs it plays.
    pub audio_codecs: u32,
    /// Bit set of legacy video codecs it plays.
    pub video_codecs: u32,
    /// FourCCs it can use; `*` and three spaces stands for all.
    pub fourccs: Vec<[u8; 4]>,
    /// Bit set of Enhanced capabilities: 1 reconnect, 2 multitrack, 4 ModEx, 8 nanosecond offset.
    pub caps_ex: u32,
    /// Everything else of scalar value.
    pub extra: Vec<(String, String)>,
}

/// A publish command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishRequest {
    /// To answer it by.
    pub id: RequestId,
    /// Its stream.
    pub stream: MessageStreamId,
    /// The name as sent, with its query.
    pub name: String,
    /// `live`, `record`, `append`; as sent, may be empty.
    pub mode: String,
}

/// A play command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayRequest {
    /// To answer it by.
    pub id: RequestId,
    /// Its stream.
    pub stream: MessageStreamId,
    /// The name as sent, with its query.
    pub name: String,
    /// Milliseconds; -2000: live, else recorded; -1000: live only.
    pub start_ms: i64,
    /// Milliseconds; -1000: to the end.
    pub duration_ms: i64,
    /// Whether it replaces what played before.
    pub reset: bool,
}

/// One message of a publisher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaMessage {
    /// Its stream.
    pub stream: MessageStreamId,
    /// What it is.
    pub kind: MediaKind,
    /// Milliseconds, 32 bits, wrapping, as sent.
    pub timestamp: u32,
    /// An FLV tag body; for data the AMF0 values from the name on, without `@setDataFrame`.
    /// One that takes back what was set before has the name `@clearDataFrame`, and behind it that of what it was.
    pub payload: Bytes,
}

impl ConnectRequest {
    /// The request that a connect command makes; `None` if it names no application.
    pub(crate) fn new(id: RequestId, peer: PeerInfo) -> Option<ConnectRequest> {
        let (url_path, url_query) = url_parts(&peer.tc_url);
        let (app, query) = match &peer.app {
            Some(app) => app.split_once('?').unwrap_or((app, "")),
            None => (url_path, ""),
        };
        let app = app.trim_matches('/');
        if app.is_empty() {
            return None;
        }
        Some(ConnectRequest {
            id,
            app: app.to_owned(),
            query: if query.is_empty() { url_query } else { query }.to_owned(),
            tc_url: peer.tc_url,
            flash_ver: peer.flash_ver,
            swf_url: peer.swf_url,
            page_url: peer.page_url,
            object_encoding: peer.object_encoding,
            audio_codecs: peer.audio_codecs,
            video_codecs: peer.video_codecs,
            fourccs: peer.fourccs,
            caps_ex: peer.caps_ex,
            extra: peer.extra,
        })
    }
}

/// Path and query of `scheme://host/path?query`.
fn url_parts(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    path.split_once('?').unwrap_or((path, ""))
}

//! `[rtmp]`.

use std::{ops::RangeInclusive, time::Duration};

use ::rtmp::{ConnectionSettings, ListenSettings};
use router::Flush;

use super::{
    kind::{Flag, Integer, Kind, Time, read_duration, write_duration},
    listen::{self, Mode},
    read::{Context, Table},
    tree::{Node, quote},
};

/// The largest chunk: beyond it a chunk holds a whole message of any legal length (RTMP 1.0 section 5.4.1).
const MAX_CHUNK_SIZE: u32 = 0xFF_FFFF;

const TIMEOUT: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(3600);

/// When frames leave for the players.
pub(super) struct FlushKind;

const AUDIO_HOLD: &str = "audio-hold";
const IMMEDIATE: &str = "immediate";
const MERGE: &str = "merge:";
const MERGE_TIME: RangeInclusive<Duration> = Duration::from_millis(5)..=Duration::from_secs(2);

impl Kind for FlushKind {
    type Out = Flush;
    fn expects(&self) -> String {
        let (from, to) = (write_duration(*MERGE_TIME.start()), write_duration(*MERGE_TIME.end()));
        format!("\"{AUDIO_HOLD}\", \"{IMMEDIATE}\", or \"{MERGE}100ms\" with a time from {from} to {to}")
    }
    fn read(&self, node: &Node, _: &str, context: &Context<'_>) -> Option<Flush> {
        match context.text(node)?.as_str() {
            AUDIO_HOLD => Some(Flush::AudioHold),
            IMMEDIATE => Some(Flush::Immediate),
            other => {
                let time = read_duration(other.strip_prefix(MERGE)?)?;
                MERGE_TIME.contains(&time).then_some(Flush::Merge(time))
            }
        }
    }
    fn write(&self, value: &Flush) -> String {
        quote(&match value {
            Flush::AudioHold => AUDIO_HOLD.to_owned(),
            Flush::Immediate => IMMEDIATE.to_owned(),
            Flush::Merge(time) => format!("{MERGE}{}", write_duration(*time)),
        })
    }
}

/// Reads the listener's table and what applications inherit: when frames leave. The drain's deadline stands elsewhere in the file and is filled in by the caller.
pub(super) fn read(mut table: Table<'_, '_>) -> (ListenSettings, Flush) {
    let default = ListenSettings::default();
    let connection = default.connection;
    let listen = ListenSettings {
        addresses: listen::addresses(&mut table, default.addresses),
        unix_mode: table.read("unix_mode", Mode, default.unix_mode),
        backlog: table.read("backlog", Integer(1..=65_535), default.backlog),
        max_connections: table.read("max_connections", Integer(1..=1_000_000), default.max_connections),
        connection: ConnectionSettings {
            chunk_size: table.read("chunk_size", Integer(128..=MAX_CHUNK_SIZE), connection.chunk_size),
            check_c2: table.read("c2", Flag, connection.check_c2),
            rtmpe: table.read("rtmpe", Flag, connection.rtmpe),
            keep_alive: table.read("keep_alive", Flag, connection.keep_alive),
            handshake_timeout: table.read("handshake_timeout", Time(TIMEOUT), connection.handshake_timeout),
            idle_timeout: table.read("idle_timeout", Time(TIMEOUT), connection.idle_timeout),
            write_timeout: table.read("write_timeout", Time(TIMEOUT), connection.write_timeout),
            proxies: listen::proxies(table.inline("proxy_protocol")),
            ..connection
        },
        ..default
    };
    let flush = table.read("flush", FlushKind, Flush::default());
    table.finish();
    (listen, flush)
}

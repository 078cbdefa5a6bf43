//! `[rtmp]`.

use std::{net::SocketAddr, ops::RangeInclusive, time::Duration};

use ::rtmp::{ConnectionSettings, ListenSettings};

use super::{
    kind::{Flag, Integer, List, Parsed, Time},
    read::Table,
};

/// The largest chunk: beyond it a chunk holds a whole message of any legal length (RTMP 1.0 section 5.4.1).
const MAX_CHUNK_SIZE: u32 = 0xFF_FFFF;

const TIMEOUT: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(3600);

/// Reads the listener's table. The drain's deadline stands elsewhere in the file and is filled in by the caller.
pub(super) fn read(mut table: Table<'_, '_>) -> ListenSettings {
    let default = ListenSettings::default();
    let connection = default.connection;
    let address =
        Parsed::<SocketAddr>::new("an address and port in quotes, such as \"[::]:1935\" or \"127.0.0.1:1935\"");
    let listen = ListenSettings {
        addresses: table.read("listen", List(address), default.addresses),
        backlog: table.read("backlog", Integer(1..=65_535), default.backlog),
        max_connections: table.read("max_connections", Integer(1..=1_000_000), default.max_connections),
        connection: ConnectionSettings {
            chunk_size: table.read("chunk_size", Integer(128..=MAX_CHUNK_SIZE), connection.chunk_size),
            check_c2: table.read("c2", Flag, connection.check_c2),
            keep_alive: table.read("keep_alive", Flag, connection.keep_alive),
            handshake_timeout: table.read("handshake_timeout", Time(TIMEOUT), connection.handshake_timeout),
            idle_timeout: table.read("idle_timeout", Time(TIMEOUT), connection.idle_timeout),
            write_timeout: table.read("write_timeout", Time(TIMEOUT), connection.write_timeout),
        },
        ..default
    };
    table.finish();
    listen
}

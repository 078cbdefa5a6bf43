//! What must hold for any bytes that a peer, a file or an operator can bring: the bodies of the fuzz targets.
//!
//! A target takes bytes and panics if something does not hold: bytes come out as they went in, any split of them gives the
//! same events, memory stays within a bound that no declared length moves. `libfuzzer/` runs them on new inputs
//! (`tests/fuzz/run`); the test `replay` runs them on all of `inputs/`, in every plain test run.
//!
//! | room | what |
//! |---|---|
//! | [`handshake`], [`chunks`], [`amf`], [`wire`] | parts of the protocol |
//! | [`server`], [`client`], [`script`] | whole sessions, and what a peer says in them |
//! | [`flv`], [`records`], [`units`] | media |
//! | [`choices`], [`memory`] | what the targets are written with |

pub mod amf;
pub mod choices;
pub mod chunks;
pub mod client;
pub mod flv;
pub mod handshake;
pub mod memory;
pub mod records;
pub mod script;
pub mod server;
pub mod units;
pub mod wire;

/// A target: its name, its body, and the longest input that is worth a try, in bytes.
pub type Target = (&'static str, fn(&[u8]), usize);

/// Every target. Its inputs are in `inputs/NAME`.
pub const TARGETS: &[Target] = &[
    ("handshake_server", handshake::server, 128),
    ("handshake_client", handshake::client, 128),
    ("chunk_reader", chunks::reader, 1024),
    ("chunk_round_trip", chunks::round_trip, 512),
    ("amf0", amf::amf0, 512),
    ("amf0_values", amf::amf0_values, 512),
    ("amf3", amf::amf3, 512),
    ("message", wire::message, 512),
    ("server_session", server::session, 512),
    ("server_split", server::split, 512),
    ("client_session", client::session, 512),
    ("client_split", client::split, 512),
    ("aggregate", wire::aggregate, 512),
    ("url", wire::url, 128),
    ("time", wire::time, 256),
    ("flv_file", flv::file, 512),
    ("flv_video", flv::video, 256),
    ("flv_audio", flv::audio, 256),
    ("flv_built", flv::built, 128),
    ("enhanced_video", flv::enhanced_video, 512),
    ("enhanced_audio", flv::enhanced_audio, 512),
    ("avc_record", records::avc, 256),
    ("hevc_record", records::hevc, 512),
    ("av1_record", records::av1, 256),
    ("aac_record", records::aac, 64),
    ("other_records", records::other, 128),
    ("unit_walk", units::walk, 256),
    ("unit_edit", units::edit, 512),
];

/// The target of this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|(known, ..)| *known == name)
}

//! What the tests of the whole are written with.
//!
//! | room | what |
//! |---|---|
//! | [`workspace`] | the repository as cargo and git see it |
//! | [`process`] | a program under test: its lines as they come, its end, what it costs |
//! | [`wait`] | waiting for what sends no word, and keeping to times |
//! | [`nginx`] | another RTMP server |
//! | [`router`] | a running `weir` with a configuration of the test's own |
//! | [`backend`], [`jwt`] | an HTTP server for filters to ask; tokens and their keys |
//! | [`certificate`] | certificates for RTMPS, and an authority for them |
//! | [`web`], [`minisign`] | servers that filters are fetched from, and signatures of files |
//! | [`ffmpeg`] | both generations of ffmpeg, and rtmpdump |
//! | [`gstreamer`], [`mpv`], [`obs`] | more clients that people use |
//! | [`tap`] | what a publisher really put on the wire |
//! | [`clip`] | media made for tests |
//! | [`flv`] | FLV files, tag by tag |
//! | [`sample`] | coded media without the dress of its tag |
//! | [`units`] | NAL units and OBUs, read by a second reader than the router's own |
//! | [`rtmp`] | an RTMP client of another make than the router's own code |
//! | [`flow`] | the usual moves of a publisher and a player |
//! | [`numbered`], [`encoder`] | a stream whose every frame says which one it is; one that goes on until it is told to stop |
//!
//! Everything that waits has a deadline and panics with what was seen so far: a test that hangs tells nothing.

pub mod backend;
pub mod certificate;
pub mod clip;
pub mod encoder;
pub mod ffmpeg;
pub mod flow;
pub mod flv;
pub mod gstreamer;
pub mod jwt;
pub mod languages;
pub mod minisign;
pub mod mpv;
pub mod nginx;
pub mod numbered;
pub mod obs;
pub mod process;
pub mod router;
pub mod rtmp;
pub mod sample;
pub mod tap;
pub mod tone;
pub mod units;
pub mod wait;
pub mod web;
pub mod workspace;

use std::time::Duration;

/// How long anything may take before the test gives up: far longer than it should, since machines are shared.
pub const PATIENCE: Duration = Duration::from_secs(60);

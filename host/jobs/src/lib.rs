//! External encoders: planned by filters, started and watched by the router.
//!
//! When a stream of an application with planners starts, they are asked which renditions to make of it. Each rendition names
//! a profile of the operator's file and values for its placeholders, never a command line. The router starts the profile's
//! program, which plays the stream and publishes what it makes of it under a name of its own, as a peer on a socket that
//! brings a pass ([`router::pass`]); starts it again when it ends too early; and ends it with the stream.
//!
//! | room | what |
//! |---|---|
//! | [`text`], [`param`], [`profile`] | what the operator writes: command lines with placeholders, what may stand in them |
//! | [`order`] | a rendition that was checked: what will run |
//! | [`supervisor`] | which streams are planned: publications, settings, new generations of planners |
//! | `stream` | one stream: its tracks, its plan, its jobs |
//! | `planning` | a planner, asked and told by all streams in turn |
//! | `job` | one encoder, started again and again until it is not wanted any more |
//! | `process` | a program with all that it starts: signals, its end |
//! | `lines` | what it says: progress, and the last lines for the log |
//! | `slots` | how many run at a time, and who goes first |
//! | [`trial()`] | what is wrong with a planner's plan, before there is a stream |
//! | [`status`] | what there is, for who looks on |
#![forbid(unsafe_code)]

mod job;
mod lines;
pub mod order;
pub mod param;
mod planning;
mod process;
pub mod profile;
mod slots;
pub mod status;
mod stream;
pub mod supervisor;
pub mod text;
pub mod trial;

pub use order::Order;
pub use param::{Allowed, Param};
pub use profile::{Profile, Progress};
pub use status::{Snapshot, State, Status};
pub use supervisor::{Jobs, Settings};
pub use text::{Text, TextError};
pub use trial::trial;

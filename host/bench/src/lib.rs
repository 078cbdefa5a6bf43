//! The load tool: synthetic publishers, players that verify each message, and a null server to compare with.
//!
//! [`run()`] does what a [`Plan`] says against one RTMP server, any server, and gives a [`Report`]; [`floor()`] is the least
//! that a server can do. Nothing of the router is used: to a server under load this tool is as foreign as any client.
//!
//! | room | what |
//! |---|---|
//! | [`plan`] | what a run does, and to whom |
//! | [`clip`] | the synthetic clip: pictures without an encoder, silence |
//! | [`stamp`] | what each frame carries, and its checksum |
//! | `source` | when a publisher sends what |
//! | [`check`] | lost, reordered, repeated, corrupt |
//! | `link`, `agent`, `worker` | a connection, its purpose, a thread's event loop |
//! | [`tls`] | for `rtmps` URLs: whom a client trusts |
//! | `run` | the stages of a run |
//! | [`floor`](mod@floor) | the null server |
//! | [`process`] | what the server's process costs |
//! | [`histogram`], [`report`] | percentiles; the report |
#![forbid(unsafe_code)]

mod affinity;
mod agent;
pub mod check;
pub mod clip;
mod clock;
pub mod error;
pub mod floor;
mod hash;
pub mod histogram;
mod link;
pub mod plan;
pub mod process;
pub mod report;
mod run;
mod shared;
mod source;
pub mod stamp;
mod tally;
pub mod tls;
mod worker;

pub use clock::now_ns;
pub use error::Error;
pub use floor::floor;
pub use plan::{Plan, Stage, Work};
pub use report::Report;
pub use run::run;
pub use shared::Stop;
pub use tls::Trust;

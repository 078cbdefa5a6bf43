//! The wasm runtime: filters, their limits, their generations, and the two chains that ask them.
//!
//! A [`Filter`] is a name in the operator's file. What it runs is its current generation: the bytes of a wasm file together with one
//! configuration. [`Filter::reload`] puts another generation in its place while streams run.
//!
//! * [`SessionChain`] asks filters who may connect, publish and play. It fails closed.
//! * [`MediaChain`] shows filters the frames of one stream and applies what they answer. One stream, one chain, one task.
//!
//! | room | what |
//! |---|---|
//! | [`runtime`] | engines, cache and filters together |
//! | [`mod@file`] | what is read as a file is one |
//! | [`component`] | bytes → checked component |
//! | `engine` | two wasmtime engines and the thread that ends runaway calls |
//! | `cache` | compiled code on disk |
//! | `generation`, `lineup`, [`filter`] | these bytes with this configuration; which of them there are; which runs |
//! | [`rollout`] | how streams go over from one to the next: what the operator writes of it |
//! | `shadow` | a new one on copies of live frames, before it takes anything over |
//! | `host`, `frame`, `output`, `wasi`, `limits` | what guests may call, and how much of it; streams beside theirs |
//! | [`spec`], [`placement`], `origin` | what the operator writes of a filter: grants, limits, failure policy, where it runs |
//! | `desk`, `handles` | what the host has of one stream for a guest, and whose what handles stand for is |
//! | [`kv`] | values that filters keep, in memory and in a file |
//! | [`outbound`] | HTTP to the origins that filters were granted |
//! | [`session`] | the values of session hooks, the pool of instances, the chain |
//! | [`planner`] | what a job planner is asked and told |
//! | [`chain`], `instance`, `wants` | the media chain of one stream, the instances in it, and what they asked to see |
//! | [`viewers`] | how many viewers a filter works for one by one |
//! | [`errand`], [`pace`] | where guests are called that take their time, and which these are |
//! | `shared` | instances that many streams share |
//! | `crew` | threads for the filters that no frame waits for, and for those that take their time |
//! | [`counters`] | calls, verdicts, latency, traps, per filter and hook |
//! | [`clock`] | the time that guests see |
//! | [`tape`] | calls noted, recorded and made once more |
//!
//! Only `convert` knows both WIT types and media types.

mod cache;
pub mod chain;
pub mod clock;
pub mod component;
mod convert;
pub mod counters;
mod crew;
mod deadline;
mod desk;
mod engine;
pub mod errand;
pub mod error;
mod failure;
pub mod file;
pub mod filter;
mod frame;
mod generation;
mod handles;
mod host;
mod instance;
pub mod kv;
mod limits;
mod lineup;
mod origin;
pub mod outbound;
mod output;
pub mod pace;
pub mod placement;
pub mod planner;
pub mod rollout;
pub mod runtime;
pub mod session;
mod shadow;
mod shared;
pub mod spec;
pub mod tape;
pub mod viewers;
mod wants;
mod warnings;
mod wasi;

pub use chain::{Derivation, Derived, Ended, MediaChain, Parting, StreamInfo, Traced, Viewer};
pub use clock::Clock;
pub use errand::Away;
pub use error::Error;
pub use failure::brief;
pub use filter::{Description, Filter, Reloaded};
pub use output::derived::NotDerived;
pub use pace::Pace;
pub use placement::{Overflow, Placement};
pub use planner::Planner;
pub use rollout::Swap;
pub use runtime::{Runtime, RuntimeConfig};
pub use session::SessionChain;
pub use spec::{Grants, Isolation, Limits, MediaFailure, OnFailure, Spec};

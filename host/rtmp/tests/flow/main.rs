//! Real sockets, real clients: what a user of the listener notices.
#![allow(unreachable_pub)]

mod client;
mod client_auth;
mod crowd;
mod dial;
mod flush;
mod flv;
mod garbage;
mod issued;
mod limits;
mod names;
mod process;
mod proxied;
mod rtmpe;
mod rules;
mod server;
mod streams;
mod tls;
mod unix;
mod wait;

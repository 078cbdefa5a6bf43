//! Real sockets, real clients: what a user of the listener notices.
#![allow(unreachable_pub)]

mod client;
mod crowd;
mod dial;
mod flv;
mod garbage;
mod limits;
mod process;
mod server;
mod streams;
mod tls;

//! What publishers, players and operators notice of the one door.

mod limits;
mod names;
mod streams;
mod support;
mod timeline;

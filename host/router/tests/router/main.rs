//! What publishers, players and operators notice of the one door.

mod derived;
mod egress;
mod feeds;
mod guests;
mod limits;
mod media_filters;
mod names;
mod passes;
mod session_filters;
mod slow;
mod streams;
mod support;
mod timeline;

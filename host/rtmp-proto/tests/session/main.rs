//! Whole dialogues with a server connection, in virtual time and without sockets.

mod clients;
mod defects;
mod dialogue;
mod limits;
mod media;
mod snapshot;
mod split;
mod timing;
mod tolerance;

//! A client and a server connection, joined in virtual time, without sockets.

mod defects;
mod flows;
mod hostile;
mod pair;
mod rtmpe;

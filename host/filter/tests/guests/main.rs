//! The runtime with real guests, built from `filters/` by the command that users have.

mod asides;
mod asides_shared;
mod bytes;
mod departed;
mod derived;
mod hooks;
mod hostile;
mod kit;
mod lies;
mod memory;
mod outbound;
mod planners;
mod recorded;
mod refused;
mod reload;
mod services;
mod sessions;
mod shared;
mod swap;
mod viewers;

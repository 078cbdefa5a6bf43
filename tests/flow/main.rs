//! Flows through the real binary, with real clients. Each says what an operator, a publisher or a player would notice.

mod admission;
mod certificates;
mod configuration;
mod continuity;
mod defects;
mod enhanced;
mod faults;
mod fidelity;
mod hevc;
mod hostile;
mod joining;
mod languages;
mod lifecycle;
mod load;
mod metadata;
mod offline;
mod protocol;
mod proxied;
mod reconnect;
mod relay;
mod rtmpe;
mod swap;
mod table;
mod terms;
mod tls;
mod unix;

//! Flows through the real binary, with real clients.

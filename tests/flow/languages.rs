//! Filters in other languages than Rust.

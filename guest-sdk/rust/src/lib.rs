//! Write Weir filters in Rust.

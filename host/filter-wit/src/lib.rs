//! Host bindings generated from wit/, in a crate of their own.

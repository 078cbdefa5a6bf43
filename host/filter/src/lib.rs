//! The wasm runtime: chains, generations, limits.

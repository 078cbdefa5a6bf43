//! Host bindings generated from `wit/`, and nothing else: editing the runtime does not expand them again.
//!
//! | set | calls | why |
//! |---|---|---|
//! | [`media`] | plain calls, plain imports | no fiber: the cheapest call there is, one per frame |
//! | [`session`] | async exports, async callouts | a filter that waits for an answer suspends; no thread blocks |
//! | [`jobs`] | async, as `session` | planned rarely |
//!
//! The interfaces that several worlds share (`types`, `log`, `clock`, …) exist once, in [`media`]; the other sets refer to them, so
//! one implementation in the host serves all worlds.
#![allow(missing_docs, clippy::all)]

/// The world `media-filter`.
pub mod media {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "media-filter",
        imports: { default: trappable },
    });
}

/// The world `session-filter`.
pub mod session {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "session-filter",
        imports: {
            "weir:filter/outbound": async | trappable,
        },
        exports: { default: async },
        with: {
            "weir:filter/types": crate::media::weir::filter::types,
            "weir:filter/log": crate::media::weir::filter::log,
            "weir:filter/metrics": crate::media::weir::filter::metrics,
            "weir:filter/clock": crate::media::weir::filter::clock,
            "weir:filter/config": crate::media::weir::filter::config,
            "weir:filter/entropy": crate::media::weir::filter::entropy,
            "weir:filter/kv": crate::media::weir::filter::kv,
        },
    });
}

/// The world `job-planner`.
pub mod jobs {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "job-planner",
        exports: { default: async },
        with: {
            "weir:filter/types": crate::media::weir::filter::types,
            "weir:filter/log": crate::media::weir::filter::log,
            "weir:filter/metrics": crate::media::weir::filter::metrics,
            "weir:filter/clock": crate::media::weir::filter::clock,
            "weir:filter/config": crate::media::weir::filter::config,
            "weir:filter/entropy": crate::media::weir::filter::entropy,
            "weir:filter/kv": crate::media::weir::filter::kv,
            "weir:filter/outbound": crate::session::weir::filter::outbound,
        },
    });
}

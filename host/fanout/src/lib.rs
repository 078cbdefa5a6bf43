//! Streams: one publisher, many subscribers, the GOP cache.

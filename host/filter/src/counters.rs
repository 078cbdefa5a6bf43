//! What filters did: calls, verdicts, latency, bytes copied, traps, per filter and hook.

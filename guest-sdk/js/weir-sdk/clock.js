// Time; virtual in the offline runner.

import host from "weir:filter/clock@0.1.0";

/** Nanoseconds from a fixed point; never goes back. */
export function monotonicNs() {
  return host.monotonicNs();
}

/** Milliseconds since 1970-01-01 UTC. */
export function unixMs() {
  return host.unixMs();
}

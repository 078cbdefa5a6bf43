// Numbers of the filter's own, exported beside the router's.

import host from "weir:filter/metrics@0.1.0";

/** Adds to a counter. */
export function add(counter, delta = 1) {
  host.add(counter, delta);
}

/** Sets a gauge. */
export function set(gauge, value) {
  host.set(gauge, value);
}

/** Notes one observation of a histogram. */
export function observe(histogram, value) {
  host.observe(histogram, value);
}

// Numbers of the filter's own, exported beside the router's.

import { Utf8 } from "./abi";
import { metricsAdd, metricsObserve, metricsSet } from "./imports";

/** Adds to a counter. */
export function add(counter: string, delta: u64 = 1): void {
  const name = new Utf8(counter);
  metricsAdd(name.at, name.size, delta);
}

/** Sets a gauge. */
export function set(gauge: string, value: f64): void {
  const name = new Utf8(gauge);
  metricsSet(name.at, name.size, value);
}

/** Notes one observation of a histogram. */
export function observe(histogram: string, value: f64): void {
  const name = new Utf8(histogram);
  metricsObserve(name.at, name.size, value);
}

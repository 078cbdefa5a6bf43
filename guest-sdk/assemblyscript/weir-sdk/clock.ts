// Time; virtual in the offline runner: nanoseconds from a fixed point, and milliseconds since 1970-01-01 UTC.

export { monotonicNs, unixMs } from "./imports";

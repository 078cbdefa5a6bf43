// Random bytes. By grant: `entropy`.

import host from "weir:filter/entropy@0.1.0";

/** `length` random bytes, fit for keys; at most 4096 at a time. */
export function fill(length) {
  return host.fill(length);
}

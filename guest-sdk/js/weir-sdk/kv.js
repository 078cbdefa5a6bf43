// Small values kept by the router, shared by the filter's instances. By grant: `kv:BUCKET`. What fails is thrown: { tag: "conflict" } and kin.

import host from "weir:filter/kv@0.1.0";

/** The value and its version, or null. */
export function get(bucket, key) {
  return host.get(bucket, key);
}

/** Returns the new version. `ttlMs`: gone after that long. */
export function set(bucket, key, value, ttlMs = null) {
  return host.set(bucket, key, value, ttlMs);
}

/** As `set`, if the version is still `expect`; null: if there is no such key. */
export function compareAndSet(bucket, key, expect, value, ttlMs = null) {
  return host.compareAndSet(bucket, key, expect, value, ttlMs);
}

/** Adds to a value that is a decimal number, from 0 if there is none; returns the sum. */
export function add(bucket, key, delta, ttlMs = null) {
  return host.add(bucket, key, delta, ttlMs);
}

/** Forgets a key. */
export function remove(bucket, key) {
  host.delete(bucket, key);
}

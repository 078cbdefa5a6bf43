// The filter's voice in the router's log; rate-limited.

import host from "weir:filter/log@0.1.0";

/** Whether a line of this level ("trace", "debug", "info", "warn", "error") would be written: ask before building a costly one. */
export function enabled(level) {
  return host.enabled(level);
}

/** One line with fields. */
export function write(level, message, fields = {}) {
  host.write(level, message, Object.entries(fields).map(([name, value]) => [name, String(value)]));
}

/** Something broke in the filter. */
export function error(message, fields) {
  write("error", message, fields);
}

/** Something is wrong with the stream or the peer. */
export function warn(message, fields) {
  write("warn", message, fields);
}

/** Births and ends; never once per frame. */
export function info(message, fields) {
  write("info", message, fields);
}

/** For the filter's author. */
export function debug(message, fields) {
  write("debug", message, fields);
}

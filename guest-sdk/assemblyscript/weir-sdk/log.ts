// The filter's voice in the router's log; rate-limited. Fields: names and values in turn.

import { Attribute, logLine } from "./abi";
import * as host from "./imports";

export enum Level {
  Trace,
  Debug,
  Info,
  Warn,
  Error,
}

/** Whether a line of this level would be written: ask before building a costly one. */
export function enabled(level: Level): bool {
  return host.enabled(level) != 0;
}

/** One line; `fields` are names and values in turn: ["stream", key, "count", "3"]. */
export function write(level: Level, message: string, fields: Array<string> = []): void {
  const pairs = new Array<Attribute>();
  for (let i = 0; i + 1 < fields.length; i += 2) pairs.push(new Attribute(fields[i], fields[i + 1]));
  logLine(level, message, pairs);
}

/** Something broke in the filter. */
export function error(message: string, fields: Array<string> = []): void {
  write(Level.Error, message, fields);
}

/** Something is wrong with the stream or the peer. */
export function warn(message: string, fields: Array<string> = []): void {
  write(Level.Warn, message, fields);
}

/** Births and ends; never once per frame. */
export function info(message: string, fields: Array<string> = []): void {
  write(Level.Info, message, fields);
}

/** For the filter's author. */
export function debug(message: string, fields: Array<string> = []): void {
  write(Level.Debug, message, fields);
}

// What both kinds of filter have.

import { Reader, Utf8, Writer, allocate } from "./abi";
import { configJson, configSecret } from "./imports";
import { Json, Kind, parse } from "./json";

/** What a filter says of itself; the operator sees it with `weir filter inspect`. */
export class Description {
  /** JSON Schema of the `config` table; empty: none. */
  configSchema: string = "";
  /** The layout that `snapshot` writes, from 1; 0 if the filter keeps no state. */
  stateSchema: u32 = 0;

  constructor(public name: string, public version: string, public summary: string) {}
}

/** Why a filter cannot do what it is asked. */
export class Fault {
  private constructor(public kind: u8, public text: string) {}

  /** The operator's `config` table is wrong; say which key and what is expected. */
  static invalidConfig(text: string): Fault {
    return new Fault(0, text);
  }

  /** The filter does not handle this stream; say why. */
  static unsupported(text: string): Fault {
    return new Fault(1, text);
  }

  /** A saved state that this version does not read. */
  static incompatibleState(): Fault {
    return new Fault(2, "");
  }

  static internal(text: string): Fault {
    return new Fault(3, text);
  }

  write(w: Writer): void {
    w.u32(this.kind);
    w.text(this.text);
  }
}

/**
 * The `config` table of the operator's file. A key of the wrong type is noted and its default given: `problem` says what is wrong
 * when all have been read.
 */
export class Settings {
  private wrong: string = "";

  constructor(public table: Json) {}

  /** Refuses keys that are not among these: a typing error is told, not ignored. */
  only(keys: Array<string>): Settings {
    for (let i = 0; i < this.table.keys.length; i++) {
      const key = this.table.keys[i];
      if (!keys.includes(key)) {
        this.note(key + ": unknown key, expected " + (keys.length ? "`" + keys.join("`, `") + "`" : "none"));
      }
    }
    return this;
  }

  /** A string. */
  text(key: string, otherwise: string): string {
    const value = this.of(key, Kind.Text, "a string");
    return value === null ? otherwise : value.text;
  }

  /** A number. */
  number(key: string, otherwise: f64): f64 {
    const value = this.of(key, Kind.Number, "a number");
    return value === null ? otherwise : value.number;
  }

  /** true or false. */
  flag(key: string, otherwise: bool): bool {
    const value = this.of(key, Kind.Bool, "true or false");
    return value === null ? otherwise : value.flag;
  }

  /** What is wrong, for `configure` to return; null: nothing. */
  get problem(): Fault | null {
    return this.wrong.length ? Fault.invalidConfig(this.wrong) : null;
  }

  private of(key: string, kind: Kind, expected: string): Json | null {
    const value = this.table.get(key);
    if (value === null) return null;
    if (value.kind == kind) return value;
    this.note(key + ": expected " + expected);
    return null;
  }

  private note(what: string): void {
    if (!this.wrong.length) this.wrong = what;
  }
}

/** A secret by the name it has in the operator's file; null if there is none. */
export function secret(name: string): string | null {
  const text = new Utf8(name);
  const answer = allocate(12);
  configSecret(text.at, text.size, answer);
  return load<u8>(answer) ? new Reader(answer + 4).text() : null;
}

export function settings(): Settings {
  const answer = allocate(8);
  configJson(answer);
  return new Settings(parse(new Reader(answer).text()));
}

export function describeTo(d: Description): usize {
  const answer = allocate(40);
  const w = new Writer(answer);
  w.text(d.name);
  w.text(d.version);
  w.text(d.summary);
  w.u32(d.configSchema.length ? 1 : 0);
  w.text(d.configSchema);
  w.u32(d.stateSchema);
  return answer;
}

/** A result<_, fault>, or the space for one with a value behind it. */
export function result(fault: Fault | null): usize {
  const answer = allocate(16);
  if (fault !== null) {
    const w = new Writer(answer);
    w.u32(1);
    fault.write(w);
  }
  return answer;
}

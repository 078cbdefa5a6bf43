// What both kinds of filter have.

import config from "weir:filter/config@0.1.0";
import * as log from "./log.js";

/** A refusal that the contract knows; anything else that is thrown is a fault of the filter and traps. */
class Problem extends Error {
  constructor(tag, message) {
    super(message);
    this.fault = message === undefined ? { tag } : { tag, val: String(message) };
  }
}

/** The operator's `config` table is wrong; say which key and what is expected. */
export class InvalidConfig extends Problem {
  constructor(message) {
    super("invalid-config", message);
  }
}

/** The filter does not handle this stream; say why. */
export class Unsupported extends Problem {
  constructor(message) {
    super("unsupported", message);
  }
}

/** A saved state that this version does not read. */
export class IncompatibleState extends Problem {
  constructor() {
    super("incompatible-state");
  }
}

const KINDS = {
  text: ["string", "a string"],
  number: ["number", "a number"],
  flag: ["boolean", "true or false"],
};

/** The `config` table of the operator's file. */
export class Settings {
  constructor(values) {
    this.values = values;
  }

  /** Refuses keys that are not among these: a typing error is told, not ignored. */
  only(...keys) {
    for (const key of Object.keys(this.values)) {
      if (!keys.includes(key)) {
        const known = keys.map((k) => `\`${k}\``).join(", ") || "none";
        throw new InvalidConfig(`${key}: unknown key, expected ${known}`);
      }
    }
    return this;
  }

  /** A string; without a default the key is required. */
  text(key, otherwise) {
    return this.#of(key, "text", otherwise);
  }

  /** A number; without a default the key is required. */
  number(key, otherwise) {
    return this.#of(key, "number", otherwise);
  }

  /** true or false; without a default the key is required. */
  flag(key, otherwise) {
    return this.#of(key, "flag", otherwise);
  }

  #of(key, kind, otherwise) {
    const [type, expected] = KINDS[kind];
    const value = this.values[key];
    if (value === undefined) {
      if (otherwise === undefined) throw new InvalidConfig(`${key}: missing, expected ${expected}`);
      return otherwise;
    }
    if (typeof value !== type) throw new InvalidConfig(`${key}: expected ${expected}`);
    return value;
  }
}

/** A secret by the name it has in the operator's file; null if there is none. */
export function secret(name) {
  return config.secret(name);
}

/** The settings of this instance. */
export function settings() {
  return new Settings(JSON.parse(config.json()));
}

/** Calls a hook: a `Problem` is an answer; any other exception reaches the log, and then traps. */
export function trapping(call) {
  try {
    return call();
  } catch (thrown) {
    throw fault(thrown);
  }
}

/** What goes to the router for an exception. */
export function fault(thrown) {
  if (thrown instanceof Problem) return thrown.fault;
  note(thrown);
  return thrown;
}

/** One line in the log with the place. */
function note(thrown) {
  const stack = String(thrown?.stack ?? "").split("\n").map((line) => line.trim()).filter((line) => line.startsWith("at "));
  const place = stack.find((line) => !line.includes("weir-sdk")) ?? stack[0] ?? "";
  log.error(String(thrown?.message ?? thrown), { exception: String(thrown?.name ?? typeof thrown), at: place.replace(/^at /, "") });
}

/** What a filter says of itself, as the contract has it. */
export function describe(description) {
  const { name, version, summary, configSchema = null, stateSchema = 0 } = description;
  return { name, version, summary, configSchema, stateSchema };
}

// Random bytes. By grant: `entropy`.

import { Reader, allocate } from "./abi";
import { entropyFill } from "./imports";

/** `length` random bytes, fit for keys; at most 4096 at a time, more traps. */
export function fill(length: u32): Uint8Array {
  const answer = allocate(8);
  entropyFill(length, answer);
  return new Reader(answer).bytes();
}

// What `throw`, a failed assertion and a bad index come to: a line in the log with its place, then a trap.

import { write } from "./imports";

// Not by way of abi.ts: the compiler takes this function up before the variables of other files.
function put(pair: usize, text: string): void {
  const size = <usize>String.UTF8.byteLength(text);
  const at = heap.alloc(max<usize>(size, 1));
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, at);
  store<u32>(pair, <u32>at);
  store<u32>(pair, <u32>size, 4);
}

export function onAbort(message: string | null, file: string | null, line: u32, column: u32): void {
  const said = heap.alloc(8);
  put(said, message !== null ? message : "aborted");
  const field = heap.alloc(16);
  put(field, "at");
  put(field + 8, (file !== null ? file : "") + ":" + line.toString() + ":" + column.toString());
  write(4, load<u32>(said), load<u32>(said, 4), field, 1);
  unreachable();
}

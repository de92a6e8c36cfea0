/**
 * To be imported by the operator's process (`NODE_OPTIONS=--import`): on SIGUSR2 all garbage is collected, and what is left of
 * the heap is told on stderr as `{"liveHeapBytes":12345678}`. What a heap takes otherwise says more of the collector's
 * leisure than of a leak.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

process.on("SIGUSR2", () => {
  // Twice: what finalizers let go of is garbage only then.
  collect();
  collect();
  process.stderr.write(`${JSON.stringify({ liveHeapBytes: process.memoryUsage().heapUsed })}\n`);
});

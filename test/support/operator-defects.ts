/**
 * To be imported by an operator's process (`NODE_OPTIONS=--import`): defects on demand. SIGUSR2 blocks the event loop until
 * the file $UNBLOCK_FILE is there; SIGHUP has a promise rejected that nobody listens to.
 */
import { existsSync } from "node:fs";

const POLL_MS = 50;

process.on("SIGUSR2", () => {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(process.env["UNBLOCK_FILE"] ?? "")) Atomics.wait(cell, 0, 0, POLL_MS);
});

process.on("SIGHUP", () => {
  void Promise.reject(new Error("a promise that nobody listens to"));
});

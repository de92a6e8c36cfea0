/**
 * To be imported by an operator's process (`NODE_OPTIONS=--import`): defects on demand. SIGUSR2 blocks the event loop until
 * the file $UNBLOCK_FILE is there; SIGHUP has a promise rejected that nobody listens to; SIGWINCH takes every file descriptor
 * that there is, whenever one becomes free, until another SIGWINCH.
 */
import { closeSync, existsSync, openSync } from "node:fs";

const POLL_MS = 50;

process.on("SIGUSR2", () => {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(process.env["UNBLOCK_FILE"] ?? "")) Atomics.wait(cell, 0, 0, POLL_MS);
});

process.on("SIGHUP", () => {
  void Promise.reject(new Error("a promise that nobody listens to"));
});

const GRAB_MS = 20;
const grabbed: number[] = [];
let grabbing: NodeJS.Timeout | undefined;

function grab(): void {
  try {
    for (;;) grabbed.push(openSync("/dev/null", "r"));
  } catch {
    // EMFILE: all are taken.
  }
}

process.on("SIGWINCH", () => {
  if (grabbing === undefined) {
    grab();
    grabbing = setInterval(grab, GRAB_MS);
    return;
  }
  clearInterval(grabbing);
  grabbing = undefined;
  for (const fd of grabbed.splice(0)) closeSync(fd);
});

/**
 * To be imported by a process that starts (`NODE_OPTIONS=--import`, see clock.ts): gives it a clock of its own.
 *
 * - `$CLOCK_SPEED`: how many of its seconds pass in one of the machine's, 1 where unset. Scaled are `Date`,
 *   `performance.now`, `setTimeout`, `setInterval`, those of `node:timers/promises`, and `AbortSignal.timeout`: a deadline of
 *   30 s is over after 3 s at speed 10.
 * - `$CLOCK_ORIGIN`: when, in milliseconds since the epoch, its clock and the machine's said the same: processes of one
 *   origin and speed agree. The start of the process where unset.
 * - `$CLOCK_FILE`: a file that holds how far its wall clock is off, in milliseconds. `Date` alone follows it, within 50 ms
 *   of a change, as it follows a wall clock that somebody sets: timers and `performance.now` go on. Each change is told on
 *   stderr as `{"clockOffsetMs":3600000}`.
 *
 * Not touched: `process.hrtime`, the event loop's histograms, the timers within Node (of sockets, of HTTP servers), the dates
 * that OpenSSL judges certificates by, and child processes.
 */
import { readFileSync, watchFile } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import timersPromises from "node:timers/promises";

const POLL_MS = 50;

const RealDate = Date;
const { timeout } = AbortSignal;
const monotonic = performance.now.bind(performance);

const speed = Number(process.env["CLOCK_SPEED"] ?? 1);
const origin = Number(process.env["CLOCK_ORIGIN"] ?? RealDate.now());
const file = process.env["CLOCK_FILE"];
let offsetMs = 0;

function wallNow(): number {
  return Math.floor(origin + (RealDate.now() - origin) * speed + offsetMs);
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [wallNow()] : args, newTarget) as Date,
  apply: () => new RealDate(wallNow()).toString(),
  get: (target, property, receiver) =>
    property === "now" ? wallNow : (Reflect.get(target, property, receiver) as unknown),
});
RealDate.prototype.constructor = globalThis.Date;

if (speed !== 1) {
  performance.now = () => monotonic() * speed;
  AbortSignal.timeout = (ms) => timeout.call(AbortSignal, Math.ceil(ms / speed));
  globalThis.setTimeout = timers.setTimeout = withShorterDelay(timers.setTimeout, 1);
  globalThis.setInterval = timers.setInterval = withShorterDelay(timers.setInterval, 1);
  timersPromises.setTimeout = withShorterDelay(timersPromises.setTimeout, 0);
  timersPromises.setInterval = withShorterDelay(timersPromises.setInterval, 0);
  syncBuiltinESMExports();
}

/** `start` with the delay at this place of its arguments shortened; all else of it, such as what `promisify` makes of it, stays. */
function withShorterDelay<Start extends object>(start: Start, place: number): Start {
  return new Proxy(start, {
    apply(target, self, args: unknown[]) {
      const ms = args[place];
      const shorter = typeof ms === "number" ? args.with(place, ms / speed) : args;
      return Reflect.apply(target as () => unknown, self, shorter);
    },
  });
}

if (file !== undefined) {
  const follow = () => {
    const wanted = Number(readFileSync(file, "utf8"));
    if (wanted === offsetMs) return;
    offsetMs = wanted;
    process.stderr.write(`${JSON.stringify({ clockOffsetMs: offsetMs })}\n`);
  };
  follow();
  watchFile(file, { interval: POLL_MS, persistent: false }, follow);
}

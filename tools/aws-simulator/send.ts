/** How answers get onto the wire. */
import type { ServerResponse } from "node:http";
import type { FaultRule } from "./faults.ts";
import type { Reply } from "./respond.ts";

const DEFAULT_INTERVAL_MS = 1000;

/** Sends the reply, in one piece unless a fault makes it drip. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  const { answer, requestId, clockSkewMs, retryAfterSeconds, drip } = reply;
  const bytes = Buffer.byteLength(answer.body);
  const headers = [
    "content-type",
    answer.contentType,
    "content-length",
    String(bytes),
    "x-amzn-requestid",
    requestId,
    // Node's own would go by the machine's clock, even where this process has been given another.
    "date",
    new Date(Date.now() + clockSkewMs).toUTCString(),
  ];
  if (retryAfterSeconds !== undefined) headers.push("retry-after", String(retryAfterSeconds));
  response.writeHead(answer.status, headers);
  if (drip) sendDrops(response, Buffer.from(answer.body), drip);
  // Pure ASCII, as nearly all are, is written faster as such.
  else response.end(answer.body, bytes === answer.body.length ? "latin1" : "utf8");
}

/** Headers and the first drop at once, the others one by one; where `pieces` is missing, the last byte never comes. */
function sendDrops(response: ServerResponse, body: Buffer, { pieces, latencyMs }: FaultRule): void {
  const size = pieces === undefined ? 1 : Math.max(1, Math.ceil(body.length / pieces));
  const end = pieces === undefined ? body.length - 1 : body.length;
  let sent = 0;
  const drop = () => {
    response.write(body.subarray(sent, Math.min(sent + size, end)));
    sent += size;
    if (sent < end) return;
    clearInterval(timer);
    if (end === body.length) response.end();
  };
  const timer = setInterval(drop, latencyMs ?? DEFAULT_INTERVAL_MS);
  response.once("close", () => clearInterval(timer));
  drop();
}

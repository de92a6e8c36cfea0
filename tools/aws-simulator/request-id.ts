import { randomUUID } from "node:crypto";

/** All but the last group of a UUID, which counts: drawing one anew for each request costs more than it is worth. */
const PREFIX = randomUUID().slice(0, -12);
let given = 0;

/** An id in the form that AWS gives, unlike every other. */
export function nextRequestId(): string {
  return PREFIX + (++given).toString(16).padStart(12, "0");
}

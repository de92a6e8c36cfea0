/** What was asked, without secrets: neither keys nor tokens nor bodies. */
import type { ServiceName } from "./errors.ts";
import { isReading } from "./tallies.ts";

/** One request as the log keeps it. */
export interface LoggedRequest {
  readonly requestId: string;
  /** When it was answered, RFC 3339. */
  readonly time: string;
  /** Undefined where the request was of no simulated service. */
  readonly service: ServiceName | undefined;
  readonly operation: string;
  /** The account that is asked; of AssumeRole and AssumeRoleWithWebIdentity the role's. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** The name, id or ARN that is asked about. */
  readonly resource: string | undefined;
  /** ARN of the caller. */
  readonly caller: string | undefined;
  /** Of requests to assume a role. */
  readonly roleSessionName: string | undefined;
  readonly externalId: string | undefined;
  readonly durationSeconds: number | undefined;
  readonly userAgent: string | undefined;
  /** `success`, the error's code, or what a fault did to the connection: `reset`, `hang`, `drip`, `malformed`. */
  readonly outcome: string;
  /** Whether it would have changed something in AWS. */
  readonly mutating: boolean;
}

/** A request as it is written down: what can be worked out later is not. */
export interface LogEntry extends Omit<LoggedRequest, "time" | "mutating"> {
  /** Epoch milliseconds. */
  readonly timeMs: number;
}

/** The last requests, oldest first. */
export class RequestLog {
  readonly #capacity: number;
  #entries: LogEntry[] = [];

  /** Of capacity 0 it keeps nothing. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** False where adding is for nothing. */
  get isKept(): boolean {
    return this.#capacity > 0;
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    // In bulk, since taking off the front of an array costs its length.
    if (this.#entries.length > 2 * this.#capacity) this.#entries = this.#last();
  }

  /** Those whose fields equal all that `where` names. */
  requests(where: Readonly<Record<string, string>> = {}): readonly LoggedRequest[] {
    const fields = Object.entries(where) as [keyof LoggedRequest, string][];
    return this.#last()
      .map(({ timeMs, ...entry }) => {
        return { ...entry, time: new Date(timeMs).toISOString(), mutating: !isReading(entry.operation) };
      })
      .filter((request) => fields.every(([field, value]) => String(request[field]) === value));
  }

  clear(): void {
    this.#entries = [];
  }

  #last(): LogEntry[] {
    return this.#capacity === 0 ? [] : this.#entries.slice(-this.#capacity);
  }
}

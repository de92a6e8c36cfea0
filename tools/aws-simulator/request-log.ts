/** What was asked, without secrets: neither keys nor tokens nor bodies. */
import type { ServiceName } from "./errors.ts";

/** One request as the log keeps it. */
export interface LoggedRequest {
  readonly requestId: string;
  /** RFC 3339 */
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
  readonly userAgent: string | undefined;
  /** `success`, the error's code, or what a fault did to the connection: `reset`, `hang`, `malformed`. */
  readonly outcome: string;
  /** Whether it would have changed something in AWS. */
  readonly mutating: boolean;
}

/** Counts since the start or the last clearing; the log is bounded, they are not. */
export interface Counters {
  readonly total: number;
  /** Requests that would have changed something in AWS, known or not, allowed or not. */
  readonly mutations: number;
  /** Requests of operations that are not simulated. */
  readonly unknownOperations: number;
  /** By `service:operation`, then by outcome. */
  readonly operations: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The most requests that were under way at one time. */
  readonly maxConcurrent: number;
}

/** The last requests, oldest first, and the counters of all. */
export class RequestLog {
  readonly #capacity: number;
  #requests: LoggedRequest[] = [];
  #total = 0;
  #mutations = 0;
  #unknownOperations = 0;
  #operations: Record<string, Record<string, number>> = {};
  #concurrent = 0;
  #maxConcurrent = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** A request has come; it must be followed by one {@link leave}. */
  enter(): void {
    this.#maxConcurrent = Math.max(this.#maxConcurrent, ++this.#concurrent);
  }

  /** A request has gone, answered or not. */
  leave(): void {
    this.#concurrent--;
  }

  add(request: LoggedRequest, isUnknownOperation: boolean): void {
    this.#requests.push(request);
    // In bulk, since taking off the front of an array costs its length.
    if (this.#requests.length > 2 * this.#capacity) this.#requests = this.#requests.slice(-this.#capacity);
    this.#total++;
    if (request.mutating) this.#mutations++;
    if (isUnknownOperation) this.#unknownOperations++;
    const key = `${request.service ?? "unknown"}:${request.operation}`;
    const outcomes = this.#operations[key] ?? {};
    this.#operations[key] = { ...outcomes, [request.outcome]: (outcomes[request.outcome] ?? 0) + 1 };
  }

  /** Those whose fields equal all that `where` names. */
  requests(where: Readonly<Record<string, string>> = {}): readonly LoggedRequest[] {
    const fields = Object.entries(where) as [keyof LoggedRequest, string][];
    const kept = this.#requests.slice(-this.#capacity);
    return kept.filter((request) => fields.every(([field, value]) => String(request[field]) === value));
  }

  counters(): Counters {
    return {
      total: this.#total,
      mutations: this.#mutations,
      unknownOperations: this.#unknownOperations,
      operations: this.#operations,
      maxConcurrent: this.#maxConcurrent,
    };
  }

  clear(): void {
    this.#requests = [];
    this.#total = this.#mutations = this.#unknownOperations = 0;
    this.#operations = {};
    this.#maxConcurrent = this.#concurrent;
  }
}

/** Whether an operation of this name only reads; roles are assumed without changing anything. */
export function isReading(operation: string): boolean {
  return /^(List|Describe|Get|Search|Query|BatchGet|BatchDescribe|AssumeRole)/.test(operation);
}

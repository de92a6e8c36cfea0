import { createHash } from "node:crypto";
import type { Logger } from "pino";
import { safeText } from "../../api/safe-text.ts";
import type { AccessDecision, KubeUser } from "../../kube/reviews.ts";
import { Answers, TooManyQuestions } from "./answers.ts";
import { bearerToken } from "./bearer.ts";

/** Who is asked. What rejects is no answer: the door stays shut. */
export interface Reviewer {
  /** Undefined: nobody known. */
  userOf(token: string): Promise<KubeUser | undefined>;
  mayAccess(user: KubeUser, verb: string, path: string): Promise<AccessDecision>;
}

/** Undefined: come in. */
export type Refusal =
  | { readonly status: 401 | 403 | 500 | 503; readonly message: string; readonly challenge?: string }
  | undefined;

export interface GateOptions {
  readonly reviewer: Reviewer;
  /** What a user must be allowed to `get`. */
  readonly path: string;
  readonly log: Logger;
  /** In milliseconds, never set back, and above 0. */
  readonly now: () => number;
}

// As controller-runtime's WithAuthenticationAndAuthorization: pkg/metrics/filters/filters.go.
const KNOWN_MS = 60_000;
const ALLOWED_MS = 5 * 60_000;
const DENIED_MS = 30_000;

const UNAUTHORIZED = (message: string): Refusal => ({ status: 401, message, challenge: "Bearer" });

/**
 * Lets in whom the API server knows by his token and allows to get one path. Of tokens it remembers their SHA-256 alone;
 * it logs none, and nothing that somebody says who is not known.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #users: Answers<{ readonly user: KubeUser | undefined }>;
  readonly #decisions: Answers<AccessDecision>;
  /** Whether the last question was answered, so that the log tells of an outage once. */
  #answered = true;

  constructor(options: GateOptions) {
    this.#options = options;
    const { now } = options;
    const isKnown = ({ user }: { readonly user: KubeUser | undefined }) => user !== undefined;
    this.#users = new Answers({ isYes: isKnown, yesMs: KNOWN_MS, noMs: KNOWN_MS, now });
    this.#decisions = new Answers({
      isYes: ({ allowed }) => allowed,
      yesMs: ALLOWED_MS,
      noMs: DENIED_MS,
      now,
    });
  }

  /** Judges a request by the values of its Authorization headers. Never rejects. */
  async judge(headers: readonly string[]): Promise<Refusal> {
    const token = bearerToken(headers);
    if (token === undefined) return UNAUTHORIZED("send one Authorization header: Bearer and a token");
    try {
      const user = await this.#userOf(token);
      if (user === undefined) return UNAUTHORIZED("the API server does not know this token");
      const { allowed, reason } = await this.#mayGet(user);
      return allowed ? undefined : { status: 403, message: this.#deniedText(user, reason) };
    } catch (error) {
      if (error instanceof TooManyQuestions) {
        return { status: 503, message: "too many tokens are being reviewed, try again" };
      }
      this.#failed(error);
      return { status: 500, message: "the API server could not be asked: see the operator's log" };
    }
  }

  async #userOf(token: string): Promise<KubeUser | undefined> {
    const { reviewer } = this.#options;
    const { user } = await this.#users.get(digest(token), async () => {
      const known = await reviewer.userOf(token);
      this.#succeeded();
      return { user: known };
    });
    return user;
  }

  #mayGet(user: KubeUser): Promise<AccessDecision> {
    const { reviewer, path, log } = this.#options;
    return this.#decisions.get(digest(JSON.stringify(user)), async () => {
      const decision = await reviewer.mayAccess(user, "get", path);
      this.#succeeded();
      // Of somebody the cluster knows, and not more often than he is forgotten.
      if (!decision.allowed) log.info({ path }, this.#deniedText(user, decision.reason));
      return decision;
    });
  }

  #deniedText({ username }: KubeUser, reason: string): string {
    const { path } = this.#options;
    const why =
      reason === "" ? `no ClusterRole allows it the verb get on the nonResourceURL ${path}` : reason;
    return safeText(`${JSON.stringify(username)} may not get ${path}: ${why}`);
  }

  #succeeded(): void {
    if (!this.#answered) this.#options.log.info("the API server answers questions about tokens again");
    this.#answered = true;
  }

  #failed(error: unknown): void {
    const hint =
      "The operator needs the verb create on tokenreviews.authentication.k8s.io and " +
      "subjectaccessreviews.authorization.k8s.io.";
    const level = this.#answered ? "warn" : "debug";
    this.#answered = false;
    this.#options.log[level]({ err: error, hint }, "the API server could not be asked about a token");
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

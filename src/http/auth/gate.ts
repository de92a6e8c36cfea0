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

const HINT =
  "The operator needs the verb create on tokenreviews.authentication.k8s.io and " +
  "subjectaccessreviews.authorization.k8s.io.";

/** What the API server is asked to create. */
type Kind = "TokenReview" | "SubjectAccessReview";

const UNAUTHORIZED = (message: string): Refusal => ({ status: 401, message, challenge: "Bearer" });

/**
 * Lets in whom the API server knows by his token and allows to get one path. Of tokens it remembers their SHA-256 alone;
 * it logs none, and nothing that somebody says who is not known.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #users: Answers<{ readonly user: KubeUser | undefined }>;
  readonly #decisions: Answers<AccessDecision>;
  /** Kinds of questions whose last one was not answered, so that the log tells of an outage once. */
  readonly #unanswered = new Set<Kind>();

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
      const { allowed, reason } = await this.#mayGet(user, token);
      return allowed ? undefined : { status: 403, message: this.#deniedText(user, reason) };
    } catch (error) {
      if (error instanceof TooManyQuestions) {
        return { status: 503, message: "too many tokens are being reviewed, try again" };
      }
      return { status: 500, message: "the API server could not be asked: see the operator's log" };
    }
  }

  async #userOf(token: string): Promise<KubeUser | undefined> {
    const { reviewer } = this.#options;
    const { user } = await this.#users.get(digest(token), async () => {
      return { user: await this.#asked("TokenReview", token, () => reviewer.userOf(token)) };
    });
    return user;
  }

  #mayGet(user: KubeUser, token: string): Promise<AccessDecision> {
    const { reviewer, path, log } = this.#options;
    return this.#decisions.get(digest(JSON.stringify(user)), async () => {
      const decision = await this.#asked("SubjectAccessReview", token, () =>
        reviewer.mayAccess(user, "get", path),
      );
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

  /** The answer to one question, of which the log holds no token: an API server's message may quote what it was sent. */
  async #asked<T>(kind: Kind, token: string, ask: () => Promise<T>): Promise<T> {
    const { log } = this.#options;
    try {
      const answer = await ask();
      if (this.#unanswered.delete(kind))
        log.info({ kind }, "the API server answers questions about tokens again");
      return answer;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const why = safeText(message.replaceAll(token, "[token]"));
      const level = this.#unanswered.has(kind) ? "debug" : "warn";
      this.#unanswered.add(kind);
      log[level]({ kind, why, hint: HINT }, "the API server could not be asked about a token");
      throw error;
    }
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

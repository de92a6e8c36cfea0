import { safeText } from "../api/safe-text.ts";
import type { KubeStatus } from "./types.ts";

/** A request that the API server refused or did not answer. Its message names the request and what was said to it. */
export class KubeError extends Error {
  override readonly name = "KubeError";
  /** The HTTP status; 0 where no usable answer came. */
  readonly status: number;
  /**
   * The server's own word (`NotFound`, `AlreadyExists`, `Expired`), or ours: `Timeout`, `NoAnswer`, `IdleWatch`,
   * `MalformedAnswer`, `AnswerTooLarge`, `Configuration`, `NotLeading`.
   */
  readonly reason: string;
  /** How long the server asks to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    facts: {
      readonly status: number;
      readonly reason: string;
      readonly retryAfterMs?: number | undefined;
      readonly cause?: unknown;
    },
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = facts.status;
    this.reason = facts.reason;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/**
 * The refusal of `request` ("get configmaps team/settings") with an HTTP status, which the API server expressed as
 * `answer`. Whoever stands between may have written that, and it decides nothing: not what the status is either.
 */
export function refusal(
  request: string,
  status: number,
  answer: KubeStatus,
  retryAfterMs?: number,
): KubeError {
  const reason = textOf(answer.reason, 128) || `HTTP${status}`;
  const seconds: unknown = answer.details?.retryAfterSeconds;
  const isDelay = typeof seconds === "number" && Number.isFinite(seconds) && seconds >= 0;
  return new KubeError(
    `${request}: ${status} ${reason}: ${textOf(answer.message) || "no message from the server"}`,
    { status, reason, retryAfterMs: retryAfterMs ?? (isDelay ? seconds * 1_000 : undefined) },
  );
}

function textOf(field: unknown, maxLength?: number): string {
  return typeof field === "string" ? safeText(field, maxLength) : "";
}

/** The object does not exist. */
export function isNotFound(error: unknown): boolean {
  return hasStatus(error, 404);
}

/** The object was changed by someone else, or a precondition (the uid of a delete) does not hold. */
export function isConflict(error: unknown): boolean {
  return hasStatus(error, 409) && !isAlreadyExists(error);
}

/** A create found an object of that name. */
export function isAlreadyExists(error: unknown): boolean {
  return hasStatus(error, 409) && error.reason === "AlreadyExists";
}

/** A position or a continue token is too old: list anew. */
export function isGone(error: unknown): boolean {
  return hasStatus(error, 410);
}

/** RBAC does not allow it. */
export function isForbidden(error: unknown): boolean {
  return hasStatus(error, 403);
}

function hasStatus(error: unknown, status: number): error is KubeError {
  return error instanceof KubeError && error.status === status;
}

const HINTS: Readonly<Record<number, string>> = {
  401: "The API server does not know this identity: check the kubeconfig, or the ServiceAccount's token.",
  403: "This identity lacks the permission: see deploy/rbac.yaml.",
  404: "The API server does not serve this resource: install the CustomResourceDefinitions of deploy/crds.",
};

/** What somebody who reads the log may do about a collection that cannot be listed; undefined: wait. */
export function hintOf(error: unknown): string | undefined {
  return error instanceof KubeError ? HINTS[error.status] : undefined;
}

/** What the API server says to a manifest, and what is said to it offline, in one form to compare them by. */
import { fetch } from "undici";
import { onTestFinished } from "vitest";
import { Connection } from "../../../src/kube/connection.ts";
import { parseManifests } from "../../../src/manifest/manifests.ts";
import type { Problem } from "../../../src/manifest/problem.ts";
import { adminKubeConfig } from "../../support/kube-client-harness.ts";

export interface Answer {
  /** The stored spec, defaults and all; undefined where the manifest is refused. */
  readonly spec: unknown;
  /** Names of fields that are unknown or stand twice. */
  readonly names: readonly string[];
  /** What else is wrong, `field: words`, in order of the alphabet. */
  readonly errors: readonly string[];
}

/** The API server stops at a `metadata` that it cannot read, in words of Go's decoder. */
const UNREADABLE: Answer = { spec: undefined, names: [], errors: ["metadata is unreadable"] };

export type Format = "yaml" | "json";

interface Status {
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly field?: string; readonly message?: string }[] };
  readonly spec?: unknown;
}

/** Asks the API server to create what `text` says in `namespace`, without storing it. */
export function apiServer(namespace: string): (text: string, format: Format) => Promise<Answer> {
  const connection = new Connection(adminKubeConfig());
  onTestFinished(() => connection.close());
  return async (text, format) => {
    const strict = await post(text, format, "Strict");
    const message = strict.body.message ?? "";
    if (strict.status === 400 && /cannot unmarshal .* Go .*ObjectMeta/.test(message)) return UNREADABLE;
    if (strict.status !== 400 || !message.includes("strict decoding error")) return answerOf(strict, []);
    const names = [
      ...message.matchAll(/(?:unknown|duplicate) field "((?:[^"\\]|\\.)*)"|key "([^"]*)" already set/g),
    ];
    return answerOf(
      await post(text, format, "Ignore"),
      names.map(([, field, key]) => field ?? `${key} twice`),
    );
  };

  async function post(text: string, format: Format, fieldValidation: string) {
    const { dispatcher, origin, headers } = await connection.access();
    const path = `/apis/awsaccountscan.dev/v1alpha1/namespaces/${namespace}/awsaccountscans`;
    const answer = await fetch(`${origin}${path}?dryRun=All&fieldValidation=${fieldValidation}`, {
      method: "POST",
      dispatcher,
      headers: { ...headers, "content-type": `application/${format}`, accept: "application/json" },
      body: text,
    });
    return { status: answer.status, body: (await answer.json()) as Status };
  }
}

function answerOf({ status, body }: { status: number; body: Status }, names: readonly string[]): Answer {
  if (status === 201)
    return { spec: names.length > 0 ? undefined : body.spec, names: names.toSorted(), errors: [] };
  // The cause without a field tells that rules were left out.
  const causes = (body.details?.causes ?? []).filter(({ field }) => field !== "<nil>");
  const errors = causes.map(({ field, message }) => `${field}: ${message}`);
  return {
    spec: undefined,
    names: names.toSorted(),
    errors: (status === 422 ? errors : [`${status}: ${body.message}`]).toSorted(),
  };
}

/** What is said offline. Throws where `text` is more than one document. */
export function offline(text: string): Answer {
  const { scans, problems } = parseManifests(text, "scan");
  if (scans.length > 1) throw new Error("the manifest holds several scans");
  const isUnreadable = ({ error }: Problem) =>
    error?.reason === "FieldValueTypeInvalid" && error.path[0] === "metadata";
  if (problems.some(isUnreadable)) return UNREADABLE;
  const isOfName = (reason: string | undefined) => reason === "UnknownField" || reason === "DuplicateField";
  return {
    spec: scans[0]?.spec,
    names: problems
      .filter(({ error }) => isOfName(error?.reason))
      .map(({ field, error }) =>
        error?.reason === "DuplicateField" ? `${error.path.at(-1)} twice` : `${field}`,
      )
      .toSorted(),
    errors: problems
      .filter(({ error }) => !isOfName(error?.reason))
      .map(({ field, message }) => `${field ?? "document"}: ${message}`)
      .toSorted(),
  };
}

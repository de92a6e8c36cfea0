import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { afterAll, expect, it } from "vitest";
import { fuzz } from "../../test/support/fuzz.ts";
import { damagedText } from "../../test/support/mutations.ts";
import { loadKubeConfig } from "./config.ts";

const SECRETS = ["t0ken-of-the-user", "passw0rd-of-the-user", "S0VZLW9mLXRoZS11c2Vy"];
const [TOKEN, PASSWORD, KEY] = SECRETS;
const VALID = `apiVersion: v1
kind: Config
current-context: here
clusters:
- name: here
  cluster: {server: "https://127.0.0.1:6443"}
contexts:
- name: here
  context: {cluster: here, user: me, namespace: team}
users:
- name: me
  user:
    token: ${TOKEN}
    client-key-data: ${KEY}
- {name: other, user: {username: you, password: "${PASSWORD}"}}
`;

const dir = mkdtempSync(join(tmpdir(), "kubeconfig-"));
const file = join(dir, "config");
afterAll(() => rmSync(dir, { recursive: true }));

/** What loading `text` fails with; undefined where it is a kubeconfig. */
function failure(text: string): Error | undefined {
  writeFileSync(file, text);
  try {
    expect(loadKubeConfig({ kubeconfig: file, env: {} })).toBeInstanceOf(KubeConfig);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error;
  }
}

function expectHarmless(text: string): void {
  const error = failure(text);
  if (error === undefined) return;
  expect(error.constructor).toBe(Error);
  expect(error.message).toContain(file);
  expect(error.message).not.toMatch(/\p{Cc}/u);
  // The log takes causes too.
  for (let told: unknown = error; told instanceof Error; told = told.cause)
    for (const secret of SECRETS) expect(`${told.message} ${told.stack}`).not.toContain(secret);
}

it.each([
  ["a context that obeys terminals", VALID.replace("current-context: here", 'current-context: "\\e[2J"')],
  ["an indentation that is off", VALID.replace("    client-key-data", "   client-key-data")],
  ["brackets that do not end", VALID.replace('"}}', '"}')],
  ["a token that is an alias", VALID.replace("token: ", "token: *")],
  ["a tag that nobody knows", VALID.replace("token: ", "token: !secret ")],
  ["nothing", "null"],
  ["a text", TOKEN ?? ""],
])("a kubeconfig with %s is refused with its place, and without what it holds", (_what, text) => {
  expect(failure(text)?.message).toMatch(/^The (?:kubeconfig|context)/);
  expectHarmless(text);
});

fuzz(
  "however a kubeconfig is damaged, the refusal names the file and none of its secrets",
  300,
  damagedText([VALID]),
  expectHarmless,
);

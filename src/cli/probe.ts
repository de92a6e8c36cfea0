import { setTimeout as sleep } from "node:timers/promises";
import { visibleText } from "../api/visible-text.ts";
import type { ProbeOptions } from "../config/probe-options.ts";
import { write } from "./output.ts";
import { EXIT } from "./program.ts";

/** What one question came to. */
interface Answer {
  readonly ok: boolean;
  /** In a line. */
  readonly said: string;
}

const PAUSE_MS = 500;
/** A server that takes a connection and never answers must not use up the whole time with one question. */
const QUESTION_MS = 5_000;
/** The last question gets a fair chance too, though the time is over a moment later. */
const SHORTEST_QUESTION_MS = 1_000;
/** Of a refusal: red checks come first, and a page of metrics is no message. */
const MAX_CHARACTERS = 500;

/**
 * `awsscan probe`: asks each endpoint until it answers 200 or the time is over, and prints what each said last. The
 * exit code is 0 where all are well.
 */
export async function probeCommand(urls: readonly URL[], { timeout }: ProbeOptions): Promise<void> {
  const deadlineMs = performance.now() + timeout;
  const answers = await Promise.all(urls.map((url) => untilWell(url, deadlineMs)));
  await write(answers.map(({ said }, index) => `${urls[index]?.href}: ${said}\n`));
  if (answers.some(({ ok }) => !ok)) process.exitCode = EXIT.usage;
}

async function untilWell(url: URL, deadlineMs: number): Promise<Answer> {
  for (;;) {
    const leftMs = deadlineMs - performance.now();
    const answer = await ask(url, Math.ceil(Math.max(SHORTEST_QUESTION_MS, Math.min(leftMs, QUESTION_MS))));
    if (answer.ok || performance.now() + PAUSE_MS >= deadlineMs) return answer;
    await sleep(PAUSE_MS);
  }
}

async function ask(url: URL, timeoutMs: number): Promise<Answer> {
  try {
    // A redirection is no answer of ours: who asks would learn of another server's health.
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
    if (response.status === 200) {
      await response.body?.cancel();
      return { ok: true, said: "200" };
    }
    return { ok: false, said: `${response.status} ${await beginning(response)}`.trim() };
  } catch (error) {
    const { message, cause } = error as Error & { readonly cause?: NodeJS.ErrnoException };
    // A host of several addresses that all refuse leaves a code, and no message.
    return { ok: false, said: visibleText(cause?.message || cause?.code || message) };
  }
}

/** The first characters of the body, on one line; the rest is not read. */
async function beginning(response: Response): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= MAX_CHARACTERS) break;
  }
  return visibleText(
    text
      .slice(0, MAX_CHARACTERS)
      .trim()
      .replace(/\s*\n\s*/g, "; "),
  );
}

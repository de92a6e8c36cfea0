/** Where progress is told, one line at a time, without line breaks. */
export type Tell = (line: string) => void;

/** Tells progress on stderr, so that stdout stays free for what a caller wants to read. */
export const tellStderr: Tell = (line) => {
  process.stderr.write(`control plane: ${line}\n`);
};

const EVERY_MS = 15_000;

/** Tells what is being done now, every 15 s how long it has taken so far, and at the end the total. */
export async function withProgress<T>(tell: Tell, doing: string, work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const elapsed = () => `${Math.round((performance.now() - startedMs) / 1000)} s`;
  tell(`${doing}…`);
  const ticker = setInterval(() => tell(`${doing}… ${elapsed()}`), EVERY_MS);
  try {
    const result = await work();
    tell(`${doing}: done in ${elapsed()}`);
    return result;
  } finally {
    clearInterval(ticker);
  }
}

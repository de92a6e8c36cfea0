import { get } from "node:https";

/** An answer of the API server. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** Reads `path` of the API server as the bearer of `token`, trusting only `ca` (PEM). Throws when there is no answer in 5 s. */
export function apiGet(
  server: { readonly url: string; readonly ca: string; readonly token: string },
  path: string,
): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const request = get(
      new URL(path, server.url),
      // No agent: a connection kept alive would belong to the server before a restart.
      { ca: server.ca, agent: false, timeout: 5_000, headers: { authorization: `Bearer ${server.token}` } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
        );
      },
    );
    request.on("timeout", () => request.destroy(new Error(`${server.url}${path} gave no answer in 5 s`)));
    request.on("error", reject);
  });
}

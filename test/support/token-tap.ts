/** A way to AWS that keeps the web identity tokens which go along it, as a thief on the network would. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { request } from "undici";

export interface TokenTap {
  /** In place of the simulator's own. */
  readonly url: string;
  /** Every token that AssumeRoleWithWebIdentity was sent so far, oldest first. */
  readonly tokens: readonly string[];
  stop(): Promise<void>;
}

/** Starts one on a free port before the simulator at `upstream`, and changes nothing of what passes. */
export async function startTokenTap(upstream: string): Promise<TokenTap> {
  const tokens: string[] = [];
  const pass = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await text(incoming);
    // Bodies of SageMaker are JSON: they have no such parameter.
    const token = new URLSearchParams(body).get("WebIdentityToken");
    if (token !== null) tokens.push(token);
    // The host stays: requests are signed for the one that they were sent to.
    const { connection: _, ...headers } = incoming.headers;
    const method = incoming.method ?? "GET";
    const answer = await request(new URL(incoming.url ?? "/", upstream), { method, headers, body });
    response.writeHead(answer.statusCode, answer.headers).end(await answer.body.text());
  };
  const server = createServer((incoming, response) => {
    pass(incoming, response).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokens,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

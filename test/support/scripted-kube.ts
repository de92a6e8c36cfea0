/** An API server that says whatever a test wants it to, over a real connection. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { afterAll } from "vitest";
import { KubeClient } from "../../src/kube/client.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Ends with the tests of the calling file. */
export async function startScriptedKube(): Promise<{
  readonly client: KubeClient;
  use(handler: Handler): void;
}> {
  let handler: Handler = (_request, response) => response.end("{}");
  const server = createServer((request, response) => handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = new KubeConfig();
  // client-node takes plain HTTP only with skipTLSVerify. There is no TLS here to verify.
  config.loadFromClusterAndUser({ name: "scripted", server: url, skipTLSVerify: true }, { name: "test" });
  const client = new KubeClient(config, { requestTimeoutMs: 10_000 });
  afterAll(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
  });
  return {
    client,
    use: (next) => {
      handler = next;
    },
  };
}

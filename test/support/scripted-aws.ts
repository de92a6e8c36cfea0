/** AWS as a table of answers: what it says is up to the test, down to the last byte. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll } from "vitest";

/** The answer to one call, as it goes into the HTTP body: JSON of SageMaker and Organizations, XML of STS and EC2. */
export interface Answer {
  readonly status?: number;
  readonly body: string;
}

/** A call: its operation, its input, and the id of the key that it is signed with; empty where it is not. */
export interface Asked {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly keyId: string;
}

/** The calling file's own AWS, which the SDK's clients find by AWS_ENDPOINT_URL. Answers by what `use` was given last. */
export function useScriptedAws(): { use(answer: (asked: Asked) => Answer): void } {
  let answer: (asked: Asked) => Answer = () => ({ status: 500, body: "" });
  const server = createServer(async (request, response) => {
    const { status = 200, body } = answer(askedBy(request, await text(request)));
    response.writeHead(status, { "x-amzn-requestid": "r-1" }).end(body);
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    process.env["AWS_ENDPOINT_URL"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    delete process.env["AWS_ENDPOINT_URL"];
    server.closeAllConnections();
    server.close();
  });
  return {
    use: (next) => {
      answer = next;
    },
  };
}

function askedBy({ headers }: IncomingMessage, body: string): Asked {
  const keyId = /Credential=([^/]+)/.exec(headers.authorization ?? "")?.[1] ?? "";
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    return { operation: target.replace(/^.*\./, ""), input: JSON.parse(body) as Asked["input"], keyId };
  }
  const input = Object.fromEntries(new URLSearchParams(body));
  return { operation: input["Action"] ?? "", input, keyId };
}

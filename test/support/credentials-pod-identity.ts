/** The EKS Pod Identity agent of a node. https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { fromSts } from "./aws-clients.ts";

/** An agent that runs on the loopback. */
export interface PodIdentityAgent {
  /** What EKS sets in a pod that has an association. */
  readonly env: Readonly<Record<string, string>>;
  /** The status of every answer so far. */
  readonly answers: readonly number[];
  /** Writes the pod's token anew, as the kubelet does; from now on the agent takes `accepted`, by default the same. */
  rotate(accepted?: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an agent that gives what `session` resolves to to whoever shows the token, which is a file in `folder`. */
export async function startPodIdentityAgent(
  folder: string,
  session: () => Promise<ReturnType<typeof fromSts>>,
): Promise<PodIdentityAgent> {
  const tokenFile = join(folder, `pod-identity-${randomUUID()}`);
  const answers: number[] = [];
  let accepted = "";
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request.headers.authorization);
    answers.push(status);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  const answer = async (shown: string | undefined) => {
    if (shown !== accepted) return { status: 401, body: { message: "this token is not accepted" } };
    try {
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = await session();
      const body = { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken };
      return { status: 200, body: { ...body, Expiration: expiration.toISOString() } };
    } catch (error) {
      return { status: 500, body: { message: String(error) } };
    }
  };
  const rotate = async (other?: string) => {
    const token = `pod-${randomUUID()}`;
    accepted = other ?? token;
    await writeFile(tokenFile, token);
  };
  await rotate();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
    },
    answers,
    rotate,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

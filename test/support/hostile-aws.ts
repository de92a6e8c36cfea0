/** AWS as somebody would answer in its place who means harm. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";

/** What to answer to one operation: a body, or whatever the function does to the response. */
export type HostileAnswer =
  | string
  | ((response: ServerResponse, input: Readonly<Record<string, unknown>>) => void);

export interface HostileAws {
  /** Good from `beforeAll` on. */
  readonly url: string;
  /** By operation; what is not here is answered as an account with one closed notebook would be. */
  answers: Readonly<Record<string, HostileAnswer>>;
}

const ACCOUNT = "111111111111";
export const ARN = `arn:aws:sagemaker:us-east-1:${ACCOUNT}:notebook-instance/closed`;

const TIMES = { CreationTime: 1_767_225_600, LastModifiedTime: 1_767_225_600 };
const NOTEBOOK = { NotebookInstanceName: "closed", NotebookInstanceArn: ARN, ...TIMES };

const HONEST: Readonly<Record<string, string>> = {
  GetCallerIdentity: caller(ACCOUNT),
  DescribeRegions: regions("us-east-1"),
  ListNotebookInstances: JSON.stringify({ NotebookInstances: [NOTEBOOK] }),
  DescribeNotebookInstance: JSON.stringify({ ...NOTEBOOK, DirectInternetAccess: "Disabled" }),
  ListDomains: JSON.stringify({ Domains: [] }),
  ListTags: JSON.stringify({ Tags: [] }),
};

/** STS's answer to who the caller is. */
export function caller(account: string): string {
  return (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
    `<Arn>arn:aws:iam::${ACCOUNT}:user/ci</Arn><UserId>AIDATEST</UserId><Account>${account}</Account>` +
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
  );
}

/** EC2's answer to which regions are enabled. */
export function regions(...names: readonly string[]): string {
  const items = names.map((name) => `<item><regionName>${name}</regionName></item>`).join("");
  return `<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><regionInfo>${items}</regionInfo></DescribeRegionsResponse>`;
}

/** Gives the calling file one in this process. */
export function useHostileAws(): HostileAws {
  const server = createServer((request, response) => {
    askedBy(request)
      .then(({ operation, input }) => {
        const answer = aws.answers[operation] ?? HONEST[operation];
        if (typeof answer === "function") answer(response, input);
        else if (answer === undefined) response.writeHead(400).end("{}");
        else response.writeHead(200).end(answer);
      })
      .catch(() => response.destroy());
  });
  const aws: HostileAws & { url: string } = { url: "", answers: {} };
  beforeAll(async () => {
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    aws.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return aws;
}

async function askedBy(request: IncomingMessage) {
  const target = request.headers["x-amz-target"];
  let body = "";
  for await (const chunk of request) body += String(chunk);
  if (typeof target === "string") {
    const input = JSON.parse(body) as Readonly<Record<string, unknown>>;
    return { operation: target.slice(target.lastIndexOf(".") + 1), input };
  }
  const form = new URLSearchParams(body);
  return { operation: form.get("Action") ?? "", input: Object.fromEntries(form) };
}

import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { EC2Client } from "@aws-sdk/client-ec2";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { isRegionName } from "../api/arn.ts";
import { collectAnswer } from "./answer-body.ts";
import type { Session } from "./session.ts";

/** To one endpoint: more than the requests that may be under way at once. */
const MAX_SOCKETS = 2_048;
const CONNECT_TIMEOUT_MS = 5_000;
/** Clients kept for the next scan, about 40 kB each. */
const MAX_CLIENTS = 256;

/** The AWS APIs that are asked, by the names of their endpoints. */
const CLIENTS = {
  sagemaker: SageMakerClient,
  sts: STSClient,
  ec2: EC2Client,
  organizations: OrganizationsClient,
} as const;

export type Service = keyof typeof CLIENTS;
export type ClientOf<S extends Service> = InstanceType<(typeof CLIENTS)[S]>;

/**
 * Makes and keeps SDK clients, which share one pool of keep-alive connections. Endpoints are the SDK's own affair
 * (`AWS_ENDPOINT_URL`, `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT`); credentials never are: every client
 * gets its session's, so that the SDK's default chain is not asked. Retries are the caller's.
 */
export class AwsClients {
  readonly #userAgent: string;
  readonly #kept = new Map<string, { readonly session: Session; readonly client: ClientOf<Service> }>();
  readonly #agents = {
    // The connection used last first: idle ones get to close.
    http: new HttpAgent({ keepAlive: true, maxSockets: MAX_SOCKETS, scheduling: "lifo" }),
    https: new HttpsAgent({ keepAlive: true, maxSockets: MAX_SOCKETS, scheduling: "lifo" }),
  };
  readonly #handler = new NodeHttpHandler({
    httpAgent: this.#agents.http,
    httpsAgent: this.#agents.https,
    connectionTimeout: CONNECT_TIMEOUT_MS,
  });

  /** `userAgent` identifies the operator in CloudTrail. */
  constructor(userAgent: string) {
    this.#userAgent = userAgent;
  }

  /** A client of `service` in `region` that signs with the session's credentials. */
  get<S extends Service>(service: S, region: string, session: Session): ClientOf<S> {
    const key = `${service} ${region} ${session.key}`;
    const kept = this.#kept.get(key);
    // A session of the same key may have taken the place of one that was forgotten.
    const client = kept?.session === session ? kept.client : this.#make(service, region, session);
    this.#kept.delete(key);
    this.#kept.set(key, { session, client });
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > MAX_CLIENTS && oldest !== undefined) this.#kept.delete(oldest);
    return client as ClientOf<S>;
  }

  /** Closes every connection. No client may be used afterwards. */
  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  #make(service: Service, region: string, session: Session): ClientOf<Service> {
    // The endpoint's host is made of it. The schema has asked too; this is where it counts.
    if (!isRegionName(region)) throw new TypeError(`${JSON.stringify(region)} is no name of a region`);
    const client = new CLIENTS[service]({
      region,
      // The caller has seen to it that there are some: a request that is under way must not wait for others, which need
      // requests of their own. Without the mark the SDK would remember them beyond their renewal.
      credentials: Object.assign(async () => session.latest ?? session.credentials(), { memoized: true }),
      requestHandler: this.#handler,
      streamCollector: collectAnswer,
      maxAttempts: 1,
      // Resolved anew, the stack costs more than signing.
      cacheMiddleware: true,
      customUserAgent: this.#userAgent,
    });
    withoutIdleSteps(client);
    return client;
  }
}

/**
 * Takes the steps out of a client's requests that do nothing here, a tenth of what a request costs: logging without a
 * log, retries that are another's affair, and the header by which a Lambda function recognises its own calls.
 */
function withoutIdleSteps(client: ClientOf<Service>): void {
  // The stacks differ in the types of inputs and outputs alone.
  const stack = client.middlewareStack as SageMakerClient["middlewareStack"];
  for (const name of ["loggerMiddleware", "recursionDetectionMiddleware"]) stack.remove(name);
  // By its name, since the signing step stands behind it.
  stack.add((next) => next, {
    step: "finalizeRequest",
    name: "retryMiddleware",
    priority: "high",
    override: true,
  });
}

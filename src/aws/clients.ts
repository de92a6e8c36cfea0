import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { EC2Client } from "@aws-sdk/client-ec2";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { type FailureKind, toAwsCallError } from "./errors.ts";

/** Credentials of one session, and when they end. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Yields credentials that are good now; rejects with an `AwsCallError` where there are none. */
export type CredentialProvider = () => Promise<Credentials>;

/** What one attempt at an AWS request came to. */
export type RequestOutcome = "success" | FailureKind;

export interface AwsClientsOptions {
  /** Identifies the operator in CloudTrail's `userAgent`. */
  readonly userAgent: string;
  /** Called once for every attempt, retries included. */
  onRequest?(service: string, operation: string, outcome: RequestOutcome): void;
}

/**
 * To one endpoint. Far above what scans have under way, since a request that waits for a socket waits for the scan
 * that holds it; a connection costs about 30 kB.
 */
const MAX_SOCKETS = 1_024;
const CONNECT_TIMEOUT_MS = 5_000;
/** SageMaker's slowest answers (100 summaries) take well under a second; a socket silent this long is dead. */
const REQUEST_TIMEOUT_MS = 20_000;
/** With the SDK's exponential backoff and full jitter, some 20 s of patience. */
const MAX_ATTEMPTS = 6;

/**
 * Builds SDK clients that share one pool of keep-alive connections. Endpoints are the SDK's own affair
 * (`AWS_ENDPOINT_URL`, FIPS and dual-stack settings); credentials never are: every client gets its provider, so
 * that the SDK's default chain is not asked.
 */
export class AwsClients {
  readonly #options: AwsClientsOptions;
  readonly #agents = {
    http: new HttpAgent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
    https: new HttpsAgent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
  };
  readonly #handler = new NodeHttpHandler({
    httpAgent: this.#agents.http,
    httpsAgent: this.#agents.https,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  });

  constructor(options: AwsClientsOptions) {
    this.#options = options;
  }

  sagemaker(region: string, credentials: CredentialProvider): SageMakerClient {
    return this.#observed(new SageMakerClient(this.#config(region, credentials)), "sagemaker");
  }

  sts(region: string, credentials: CredentialProvider): STSClient {
    return this.#observed(new STSClient(this.#config(region, credentials)), "sts");
  }

  ec2(region: string, credentials: CredentialProvider): EC2Client {
    return this.#observed(new EC2Client(this.#config(region, credentials)), "ec2");
  }

  organizations(region: string, credentials: CredentialProvider): OrganizationsClient {
    return this.#observed(new OrganizationsClient(this.#config(region, credentials)), "organizations");
  }

  /** Closes every connection. No client may be used afterwards. */
  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  #config(region: string, credentials: CredentialProvider) {
    return {
      region,
      credentials,
      requestHandler: this.#handler,
      maxAttempts: MAX_ATTEMPTS,
      customUserAgent: this.#options.userAgent,
    };
  }

  #observed<Client extends { readonly middlewareStack: unknown }>(client: Client, service: string): Client {
    const { onRequest } = this.#options;
    if (onRequest === undefined) return client;
    // The clients' stacks differ in the types of inputs and outputs alone, which this middleware does not touch.
    const stack = client.middlewareStack as SageMakerClient["middlewareStack"];
    stack.add(
      (next, context) => async (args) => {
        const operation = String(context["commandName"] ?? "").replace(/Command$/, "");
        try {
          const result = await next(args);
          onRequest(service, operation, "success");
          return result;
        } catch (error) {
          onRequest(service, operation, toAwsCallError(error, operation).kind);
          throw error;
        }
      },
      // Outermost of the step that runs once an attempt, behind the retries.
      { step: "deserialize", priority: "high", name: "observeRequest" },
    );
    return client;
  }
}

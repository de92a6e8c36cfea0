/** Which service and operation a request is for. All services share one address, as under AWS_ENDPOINT_URL. */
import type { IncomingHttpHeaders } from "node:http";
import { ec2 } from "./ec2.ts";
import { organizations } from "./organizations.ts";
import { sagemaker } from "./sagemaker.ts";
import type { Service } from "./service.ts";
import { sts } from "./sts.ts";

/** By what comes before the operation in `X-Amz-Target`. */
const BY_TARGET: Readonly<Record<string, Service>> = {
  SageMaker: sagemaker,
  AWSOrganizationsV20161128: organizations,
};

/** By the `Version` of the query protocols. */
const BY_VERSION: Readonly<Record<string, Service>> = {
  "2011-06-15": sts,
  "2016-11-15": ec2,
};

/** `service` is undefined where it is none that is simulated. */
export interface Route {
  readonly service: Service | undefined;
  readonly operation: string;
}

/** Reads the route off the headers, and off the body in the query protocols. */
export function route(headers: IncomingHttpHeaders, body: string): Route {
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    const [prefix = "", operation = ""] = target.split(".");
    return { service: BY_TARGET[prefix], operation };
  }
  const form = new URLSearchParams(body);
  return { service: BY_VERSION[form.get("Version") ?? ""], operation: form.get("Action") ?? "unknown" };
}

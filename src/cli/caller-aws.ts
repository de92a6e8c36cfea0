import { userInfo } from "node:os";
import { Aws } from "../aws/aws.ts";
import { roleSessionName } from "../aws/credentials.ts";
import { operatorIdentity, profileSession } from "../aws/operator-identity.ts";
import type { Session } from "../aws/session.ts";
import { DEFAULT_CACHE_BYTES, DEFAULT_LIMITS } from "../config/defaults.ts";
import { BUILD } from "./build-info.ts";
import { UsageError } from "./usage-error.ts";

/** AWS as whoever calls the command. */
export interface CallerAws {
  readonly aws: Aws;
  /** The default chain's credentials: environment, profile, SSO, the container's or the node's role. */
  readonly base: Session;
  /** Of the environment: where STS and EC2 are asked. */
  readonly region: string | undefined;
  /** Names the caller in the CloudTrail of every account that a role is assumed in. */
  readonly sessionName: string;
}

/** `profile`: before whatever else the environment offers. */
export function openCallerAws(profile: string | undefined, env: NodeJS.ProcessEnv = process.env): CallerAws {
  const aws = new Aws({
    userAgent: `awsscan/${BUILD.version}`,
    limits: DEFAULT_LIMITS,
    maxCacheBytes: DEFAULT_CACHE_BYTES,
  });
  const sessionName = roleSessionName("cli", userName());
  const base =
    profile === undefined
      ? operatorIdentity({ env, aws, sessionName, allowAmbient: true })
      : profileSession(aws, profile);
  if (base === undefined) throw new UsageError("error: there are no AWS credentials.");
  return { aws, base, region: env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"], sessionName };
}

/** A container's user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}

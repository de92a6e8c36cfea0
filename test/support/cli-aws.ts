/** A simulator for commands that run in processes of their own, with the caller's keys in their environment. */
import { afterAll, beforeAll } from "vitest";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { type RunningSimulator, type SimulatorAdmin, startSimulator } from "./aws.ts";

export const CALLER = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  user: "security-engineer",
} as const;

/** What a command needs to find it. */
export function awsEnvironment(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: CALLER.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CALLER.secretAccessKey,
  };
}

/** The calling file's own simulator; good from `beforeAll` on. */
export function useCliAws(fleet: Fleet): {
  readonly env: Record<string, string>;
  readonly admin: SimulatorAdmin;
} {
  let running: RunningSimulator | undefined;
  const started = () => {
    if (!running) throw new Error("the simulator starts in beforeAll; ask for it in a hook or a test");
    return running;
  };
  beforeAll(async () => {
    running = await startSimulator({ fleet });
  });
  afterAll(() => running?.stop());
  return {
    get env() {
      return awsEnvironment(started().url);
    },
    get admin() {
      return started().client;
    },
  };
}

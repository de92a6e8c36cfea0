import { eventually } from "../../support/cluster.ts";
import type { FaultProxy } from "../../support/fault-proxy.ts";
import type { SupervisedOperator } from "../../support/kubelet.ts";
import type { World } from "./world.ts";

/** Leases that run out soon. */
export const FAST_LEASES = [
  "--leader-elect-lease-duration=3s",
  "--leader-elect-renew-deadline=2s",
  "--leader-elect-retry-period=500ms",
];

const SETTLED_MS = 60_000;

/** Whether it says that it leads; rejects where it says nothing. */
export async function leads(operator: SupervisedOperator): Promise<boolean> {
  const [sample] = await operator.scrape("awsaccountscan_leader");
  return sample?.value === 1;
}

/** Resolves when `operator` says so. */
export async function untilLeads(operator: SupervisedOperator, expected = true): Promise<void> {
  await eventually(
    async () => {
      if ((await leads(operator)) !== expected) throw new Error("not yet");
    },
    { describe: expected ? "it leads" : "it does not lead", timeoutMs: SETTLED_MS },
  );
}

/** Resolves when the process that runs now has ended by itself, to its exit code. */
export async function endOf(operator: SupervisedOperator, pid: number | undefined): Promise<number | null> {
  return await eventually(
    () => {
      const end = operator.ends.find((each) => each.pid === pid);
      if (end === undefined) throw new Error(`process ${pid} still runs`);
      return end.code;
    },
    { describe: "it ends", timeoutMs: SETTLED_MS },
  );
}

/** Which of two operators leads, by which way it reaches the API server, and which waits; once that is settled. */
export async function roles({ operators, proxies }: World): Promise<{
  readonly leader: SupervisedOperator;
  readonly way: FaultProxy;
  readonly standby: SupervisedOperator;
}> {
  return await eventually(
    async () => {
      const leading = await Promise.all(operators.map(leads));
      const at = leading.indexOf(true);
      const [leader, way, standby] = [operators[at], proxies[at], operators[leading.indexOf(false)]];
      if (leader === undefined || way === undefined || standby === undefined)
        throw new Error(`leading: ${leading.join()}`);
      return { leader, way, standby };
    },
    { describe: "one of two leads", timeoutMs: SETTLED_MS },
  );
}

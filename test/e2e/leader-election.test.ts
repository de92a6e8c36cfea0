import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RunningSimulator, startSimulator } from "../support/aws.ts";
import { eventually, getJson, ownControlPlane, useNamespace } from "../support/cluster.ts";
import { OPEN_NOTEBOOK } from "../support/open-notebook.ts";
import { type OperatorProcess, startOperator } from "../support/operator.ts";
import { scansIn, settled } from "../support/scans.ts";
import { serviceAccountFor } from "../support/tenant.ts";

const REGION = OPEN_NOTEBOOK.region;

const cluster = ownControlPlane();
const namespace = useNamespace({ prefix: "ha", cluster });
const kubeconfig = () => cluster().adminKubeconfigPath;
const scans = scansIn(namespace, kubeconfig);
const spec = {
  credentials: { serviceAccountName: "scanner" },
  regions: { include: [REGION] },
  interval: "1h",
};

let aws: RunningSimulator;
const running = new Set<OperatorProcess>();

beforeAll(async () => {
  const { jwksPath, issuer } = cluster();
  aws = await startSimulator({ fleet: OPEN_NOTEBOOK.fleet(namespace), jwksPath, issuer });
  const account = { namespace, name: "scanner", kubeconfig: kubeconfig() };
  await serviceAccountFor(account, OPEN_NOTEBOOK.roleArn, namespace);
});
afterEach(() => Promise.all([...running].map((operator) => operator.stop("SIGKILL"))));
afterAll(() => aws?.stop());

async function start(args: readonly string[] = []): Promise<OperatorProcess> {
  const env = { AWS_ENDPOINT_URL: aws.url, AWS_REGION: REGION };
  const operator = await startOperator({ kubeconfig: kubeconfig(), env, args });
  running.add(operator);
  return operator;
}

const leads = async (operator: OperatorProcess) => (await operator.scrape("awsaccountscan_leader"))[0]?.value;
const series = (operator: OperatorProcess) => operator.scrape(undefined, { scan: "steady" });
/** What the record says: how late a scan began is known where it did. */
const results = async (operator: OperatorProcess) =>
  (await series(operator)).filter(({ name }) => name !== "awsaccountscan_schedule_lag_seconds");
const isReady = async (operator: OperatorProcess) => {
  const answer = await fetch(`${operator.healthUrl}/readyz`);
  if (!answer.ok) throw new Error(await answer.text());
};

/** Who leads of two, and who does not, once that is settled. */
async function roles(one: OperatorProcess, other: OperatorProcess) {
  return eventually(
    async () => {
      const both = [await leads(one), await leads(other)];
      if (both[0] === both[1]) throw new Error(`leaders: ${both.join(" and ")}`);
      return both[0] === 1 ? { leader: one, standby: other } : { leader: other, standby: one };
    },
    { describe: "one of the two leads", timeoutMs: 60_000 },
  );
}

const until = (operator: OperatorProcess, value: number) =>
  eventually(async () => expect(await leads(operator)).toBe(value), {
    describe: `leader is ${value}`,
    timeoutMs: 60_000,
  });
/** Lists of notebooks: one is made for each scan. */
const listings = async () => (await aws.client.requests({ operation: "ListNotebookInstances" })).length;
const answered = (token: string) =>
  scans.until("steady", "scanned", (scan) => {
    expect(scan.status?.lastHandledReconcileAt).toBe(token);
    settled(scan);
  });

describe("two operators with the flags' defaults", () => {
  it("share one Lease: one scans, and the other goes on where it was killed, without a scan that is not due", async () => {
    const { leader, standby } = await roles(await start(), await start());
    await scans.apply({ name: "steady", spec });
    const before = await scans.until("steady", "scanned", settled);
    expect(before.status?.violations).toHaveLength(1);
    expect(await listings()).toBe(1);
    await Promise.all([leader, standby].map((operator) => eventually(() => isReady(operator))));
    expect(await series(standby)).toEqual([]);
    const known = await results(leader);

    await leader.stop("SIGKILL");
    await until(standby, 1);
    await eventually(async () => {
      const [restored] = await standby.scrape("awsaccountscan_restored");
      expect(restored?.value).toBe(1);
    });
    expect(await results(standby)).toEqual(known);
    expect(await scans.get("steady")).toEqual(before);
    expect(await listings()).toBe(1);

    const after = await answered(await scans.request("steady"));
    expect(await listings()).toBe(2);
    expect(after.status?.violations?.[0]?.firstSeen).toBe(before.status?.violations?.[0]?.firstSeen);
    expect(after.status?.owner?.epoch).toBe(2);
    await standby.stop();
  });

  it("hand over at once where one is told to end", async () => {
    const { leader, standby } = await roles(await start(), await start());
    await leader.stop("SIGTERM");
    const holder = await getJson<{ spec: { holderIdentity: string } }>(
      ["lease", "aws-account-scan-operator"],
      { namespace: "default", kubeconfig: kubeconfig() },
    );
    // Given back before it ended, or taken by now: it did not run out.
    expect(leader.lines.some((line) => line.includes("the Lease is released"))).toBe(true);
    expect(leader.lines.some((line) => line.includes(`"identity":"${holder.spec.holderIdentity}"`))).toBe(
      false,
    );
    await until(standby, 1);
    await standby.stop();
  });
});

/** Fast, for what must run out. */
const FAST = [
  "--leader-elect-lease-duration=3s",
  "--leader-elect-renew-deadline=2s",
  "--leader-elect-retry-period=500ms",
];

describe("a leader that was stopped for longer than its Lease", () => {
  it("ends when it wakes up, and cannot write what it had found", async () => {
    const { leader, standby } = await roles(await start(FAST), await start(FAST));
    await answered(await scans.request("steady"));
    await aws.client.setFaults({ kind: "hang", operation: "ListDomains" });
    const token = await scans.request("steady");
    const late = await scans.until("steady", "running", ({ status }) =>
      expect(status?.currentScan).toBeDefined(),
    );
    leader.kill("SIGSTOP");
    await until(standby, 1);
    await scans.until("steady", "claimed", ({ status }) => {
      expect(status?.owner?.identity).not.toBe(late.status?.owner?.identity);
    });
    // From now on both could end their scans.
    await aws.client.setFaults();
    leader.kill("SIGCONT");
    expect(await leader.exited()).toBe(1);
    const after = await answered(token);
    expect(after.status?.lastScan?.id).not.toBe(late.status?.currentScan?.id);
    expect(after.status?.owner?.epoch).toBe((late.status?.owner?.epoch ?? 0) + 1);
    expect(leader.lines.filter((line) => line.includes("a defect of the operator"))).toEqual([]);
    await standby.stop();
  });

  it("goes on where nobody has taken its place", async () => {
    const only = await start(FAST);
    await until(only, 1);
    await answered(await scans.request("steady"));
    const { status } = await scans.get("steady");
    await cluster().stopApiServer("SIGKILL");
    await until(only, 0);
    expect(await series(only)).toEqual([]);
    expect((await fetch(`${only.healthUrl}/livez`)).status).toBe(200);
    await cluster().startApiServer();
    await until(only, 1);
    const after = await answered(await scans.request("steady"));
    expect(after.status?.owner).toEqual(status?.owner);
    expect(await only.stop()).toBe(0);
  });
});

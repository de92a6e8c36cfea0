import { expect, it } from "vitest";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { eventually } from "../support/cluster.ts";
import { expectPassed, rescanned, scanned } from "../support/credentials-scan.ts";
import { deployedProbes, probe } from "../support/probes.ts";
import { lines, rawConnection } from "../support/raw-http.ts";
import { useStack } from "../support/stack.ts";

const ACCOUNT = "111111111111";
const NOTEBOOKS = 200;

const stack = useStack({
  fleet: (namespace): Fleet => ({
    accounts: [
      {
        id: ACCOUNT,
        name: "one",
        enabledRegions: ["us-east-1"],
        roles: [
          {
            name: "Hub",
            trust: { webIdentity: { subjects: [`system:serviceaccount:${namespace}:scanner`] } },
          },
        ],
        regions: {
          "us-east-1": {
            notebooks: Array.from({ length: NOTEBOOKS }, (_, at) => ({
              name: `notebook-${at}`,
              directInternetAccess: "Disabled",
            })),
          },
        },
      },
    ],
  }),
});

const portOf = (url: string) => Number(new URL(url).port);

/** One of each attack, as fast as the connections are accepted. Resolves when all are open. */
async function attack(metrics: number, health: number): Promise<void> {
  const scrape = lines("GET /metrics HTTP/1.1", "Host: localhost");
  for (let at = 0; at < 200; at += 1) {
    await rawConnection(metrics);
    await rawConnection(health);
    await rawConnection(metrics, "GET /metrics HTTP/1.1\r\nX");
    await rawConnection(health, lines("GET /livez HTTP/1.1", "Host: a", "Content-Length: 1000"));
    await rawConnection(metrics, scrape, "nothing");
    await rawConnection(metrics, scrape.replace("GET", "HEAD").repeat(50), "nothing");
    await rawConnection(metrics, lines(`GET /${"%2e%2e/".repeat(1_000)} HTTP/1.1`, "Host: a"));
    await rawConnection(health, Buffer.alloc(20_000, 0xff));
  }
}

it("an operator under attack answers its probes and scans on, and keeps no descriptor of it", async () => {
  const { aws, operator, scans, serviceAccount } = stack();
  await serviceAccount("scanner", `arn:aws:iam::${ACCOUNT}:role/Hub`);
  const spec = { credentials: { serviceAccountName: "scanner" }, regions: { include: ["us-east-1"] } };
  expectPassed(await scanned(scans, { name: "under-attack", spec }), [ACCOUNT], NOTEBOOKS);
  const descriptors = async () => (await operator.scrape("process_open_fds"))[0]?.value ?? Number.NaN;
  const before = await descriptors();
  // Long enough that the attack is under way while the scan is.
  await aws.setFaults({ kind: "latency", operation: "ListNotebookInstances", latencyMs: 2_000 });
  const { livenessProbe, readinessProbe } = await deployedProbes();
  let isOver = false;
  const probes: boolean[] = [];
  const probing = (async () => {
    while (!isOver) {
      probes.push(await probe(operator.healthUrl, livenessProbe));
      probes.push(await probe(operator.healthUrl, readinessProbe));
    }
  })();
  const attacking = (async () => {
    while (!isOver) await attack(portOf(operator.metricsUrl), portOf(operator.healthUrl));
  })();
  expectPassed(await rescanned(scans, "under-attack"), [ACCOUNT], NOTEBOOKS);
  isOver = true;
  await Promise.all([probing, attacking]);
  expect(probes.length).toBeGreaterThan(0);
  expect(probes).not.toContain(false);
  // What was left open is closed by time, which the attackers do not wait for.
  await eventually(async () => expect(await descriptors()).toBeLessThanOrEqual(before + 8), {
    timeoutMs: 120_000,
  });
  expect(operator.lines.join("\n")).not.toMatch(/"level":"(error|fatal)"|%2e/);
});

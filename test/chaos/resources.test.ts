import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { AwsAccountScanStatus } from "../../src/api/generated/awsaccountscan.ts";
import type { AwsAccountScanReport } from "../../src/api/generated/awsaccountscanreport.ts";
import { REPORT, SCAN, SCAN_LABEL } from "../../src/api/names.ts";
import { eventually, sharedCluster } from "../support/cluster.ts";
import { SCANS } from "./harness/fleet.ts";
import { removeNamespace } from "./harness/namespaces.ts";
import type { ChaosScans } from "./harness/scans.ts";
import { FORGED } from "./harness/status-audit.ts";
import { inWorld, SCENARIO_MS } from "./harness/world.ts";

const FORGER = { fieldManager: "forger", force: true };
const FORGERIES = 12;
const REPLACEMENTS = 6;
const CROWD = 40;
const PATIENCE = { timeoutMs: 240_000 };

/** That all is well, by a scan that never was; and what nobody takes back but who knows it for a forgery. */
function forgeryOf(status: AwsAccountScanStatus | undefined): AwsAccountScanStatus {
  const compliant = { type: "Compliant", status: "True", reason: "AllCompliant" } as const;
  const stalled = { type: "Stalled", status: "True", reason: "Forged" } as const;
  const others = status?.conditions?.filter(({ type }) => type !== "Compliant" && type !== "Stalled") ?? [];
  const said = { message: FORGED, lastTransitionTime: "2026-01-01T00:00:00Z", observedGeneration: 1 };
  return {
    ...status,
    currentScan: { id: "f0f0f0f0f0f0f0f0", trigger: "Scheduled", startTime: "2026-01-01T00:00:00Z" },
    conditions: [...others, { ...compliant, ...said }, { ...stalled, ...said }],
    violations: [],
  };
}

/** Resolves when a scan runs, or has ended before anybody looked. */
async function begun(scans: ChaosScans, namespace: string, name: string): Promise<void> {
  await eventually(async () => {
    const status = (await scans.get(namespace, name))?.status;
    expect(status?.currentScan ?? status?.lastScan).toBeDefined();
  }, PATIENCE);
}

describe.concurrent("operators whose resources", { timeout: SCENARIO_MS }, () => {
  it("are rewritten by somebody else say the truth in the end", async () => {
    await inWorld({}, async ({ admin, scans, namespace, operator, random }) => {
      const names = Object.keys(SCANS);
      for (let count = 0; count < FORGERIES; count += 1) {
        const name = names[Math.floor(random() * names.length)] ?? "";
        const scan = await scans.get(namespace, name);
        const { apiVersion, kind, status } = scan ?? {};
        const forged = forgeryOf(status);
        const body = { apiVersion, kind, metadata: { name, namespace }, status: forged };
        await admin.apply(SCAN, { namespace, name, subresource: "status" }, body, FORGER);
        const annotations = { "example.com/count": String(count) };
        await admin.mergePatch(SCAN, { namespace, name }, { metadata: { annotations } });
        if (count % 3 === 0) await scans.request(namespace, name);
        const { items } = await admin.list<AwsAccountScanReport>(REPORT, { namespace });
        for (const report of items) {
          const labels = {
            [SCAN_LABEL]: count % 2 === 0 ? null : "another",
            "example.com/count": String(count),
          };
          await admin.mergePatch(REPORT, { namespace, name: report.metadata.name }, { metadata: { labels } });
        }
        await sleep(200 * random());
      }
      // What was forged must not outlive a restart either.
      operator.kill("SIGKILL");
    });
  });

  it("are deleted and made anew under the same name while they are scanned never show what was before", async () => {
    await inWorld({}, async ({ scans, namespace, aws, random }) => {
      const name = "twin";
      const specs = [SCANS.violating, SCANS.compliant, SCANS.unknown];
      await aws.setSettings({ latencyMs: 60 });
      for (let count = 0; count < REPLACEMENTS; count += 1) {
        await scans.create(namespace, name, specs[count % specs.length] ?? SCANS.mixed);
        if (count % 2 === 0) await begun(scans, namespace, name);
        await sleep(400 * random());
        if (count < REPLACEMENTS - 1) await scans.delete(namespace, name);
      }
      await aws.setSettings({ latencyMs: 0 });
    });
  });

  it("go with their namespace leave nothing, and are scanned where it comes back", async () => {
    await inWorld({ withAnnex: true }, async ({ scans, admin, annex, admit, aws, operator }) => {
      await scans.create(annex, "short-lived", SCANS.violating);
      await aws.setSettings({ latencyMs: 100 });
      await begun(scans, annex, "short-lived");
      await removeNamespace(admin, sharedCluster().adminKubeconfigPath, annex);
      await aws.setSettings({ latencyMs: 0 });
      await eventually(async () => {
        const samples = await operator.scrape(undefined, { namespace: annex });
        expect(samples.map((sample) => sample.name)).toEqual([]);
      }, PATIENCE);
      await admit(annex);
      await scans.create(annex, "short-lived", SCANS.compliant);
    });
  });

  it("come and go by the dozen keep those that stay", async () => {
    await inWorld({}, async ({ scans, namespace, random }) => {
      const specs = Object.values(SCANS);
      await Promise.all(
        Array.from({ length: CROWD }, async (_, at) => {
          const name = `crowd-${at}`;
          await scans.create(namespace, name, specs[at % specs.length] ?? SCANS.mixed);
          await sleep(1_500 * random());
          if (at % 5 !== 0) await scans.delete(namespace, name);
        }),
      );
    });
  });
});

/** What tests of credentials ask of a scan. */
import { expect } from "vitest";
import type { AwsAccountScan } from "../../src/api/generated/awsaccountscan.ts";
import type { LoggedRequest } from "../../tools/aws-simulator/request-log.ts";
import type { SimulatorAdmin } from "./aws.ts";
import { fluxFailures } from "./flux-consistency.ts";
import { condition, type ScanManifest, type scansIn, settled } from "./scans.ts";

type Scans = ReturnType<typeof scansIn>;

/** Applies a scan and resolves to it when it has been scanned, or found that it cannot be. */
export async function scanned(scans: Scans, manifest: ScanManifest): Promise<AwsAccountScan> {
  await scans.apply(manifest);
  return scans.until(manifest.name, "scanned", settled);
}

/** Requests a scan of a resource that is there, and resolves to the resource when that scan has ended. */
export async function rescanned(scans: Scans, name: string): Promise<AwsAccountScan> {
  const token = await scans.request(name);
  return scans.until(name, "rescanned", ({ status }) => expect(status?.lastHandledReconcileAt).toBe(token));
}

/** Asserts that the scan waits for somebody to mend what `reason` and `message` say, and claims nothing else. */
export function expectStalled(scan: AwsAccountScan, reason: string, message: string): void {
  const told = { reason, message: expect.stringContaining(message) as unknown };
  expect(condition(scan, "Stalled")).toMatchObject({ status: "True", ...told });
  expect(condition(scan, "Ready")).toMatchObject({ status: "False", ...told });
  expect(condition(scan, "Compliant").status).toBe("Unknown");
  expectConsistent(scan);
}

/** Asserts that AWS refused the scan's credentials at `operation`, and that the scan says so and claims nothing. */
export function expectRefused(scan: AwsAccountScan, operation: string): void {
  expect(condition(scan, "Ready")).toMatchObject({ status: "False", reason: "ScanFailed" });
  expect(condition(scan, "Compliant").status).toBe("Unknown");
  expect(condition(scan, "Complete")).toMatchObject({ status: "False", reason: "AccessDenied" });
  expect(scan.status?.failures).toMatchObject([{ operation, reason: "AccessDenied" }]);
  expectConsistent(scan);
}

/** Asserts that everything was read and nothing violates, and that it is `resources` notebooks and domains of `accounts`. */
export function expectPassed(scan: AwsAccountScan, accounts: readonly string[], resources: number): void {
  expect(condition(scan, "Ready")).toMatchObject({ status: "True", reason: "Succeeded" });
  expect(condition(scan, "Complete").status).toBe("True");
  expect(condition(scan, "Compliant").status).toBe("True");
  expect(accountsOf(scan)).toEqual(accounts);
  expect(scan.status?.summary).toMatchObject({ resources, compliant: resources });
  expectConsistent(scan);
}

/** The ids of the accounts that the status tells of, sorted. */
export function accountsOf(scan: AwsAccountScan): string[] {
  return (scan.status?.accounts ?? []).map(({ id }) => id).sort();
}

/** What AWS was asked by or for the sessions of the scan `name`: others of the same operator may run beside it. */
export async function requestsOf(aws: SimulatorAdmin, name: string): Promise<LoggedRequest[]> {
  const requests = await aws.requests();
  return requests.filter(({ caller, roleSessionName }) =>
    [roleSessionName, caller?.split("/").at(-1)].some(
      (session) => session?.startsWith("awsscan-") && session.endsWith(`.${name}`),
    ),
  );
}

function expectConsistent({ metadata, status }: AwsAccountScan): void {
  const { observedGeneration = 0, conditions = [] } = status ?? {};
  expect(fluxFailures({ generation: metadata.generation ?? 0, observedGeneration, conditions })).toEqual([]);
}

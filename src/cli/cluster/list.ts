import type { AwsAccountScan } from "../../api/generated/awsaccountscan.ts";
import { safeText } from "../../api/safe-text.ts";
import type { ClusterOptions } from "../../config/cluster-options.ts";
import { type Column, grid } from "../../formats/table/grid.ts";
import { note } from "../note.ts";
import { outputColumns, write } from "../output.ts";
import { listScans, withCluster } from "./cluster.ts";

/** `kubectl awsscan list`: the scans, what they came to, and why where that is not well. */
export async function listCommand(options: ClusterOptions): Promise<void> {
  const scans = await withCluster(options, listScans);
  if (scans.length === 0) {
    note("There is no AwsAccountScan here. -A looks in every namespace.");
    return;
  }
  const lines = grid(scans, columns(Date.now()), outputColumns());
  await write(Iterator.from(lines).map((line) => `${line}\n`));
}

/** `now`: ms since the epoch. */
function columns(now: number): readonly Column<AwsAccountScan>[] {
  return [
    { header: "NAMESPACE", text: ({ metadata }) => metadata.namespace ?? "" },
    { header: "NAME", text: ({ metadata }) => metadata.name },
    { header: "COMPLIANT", text: (scan) => condition(scan, "Compliant")?.status ?? "Unknown" },
    { header: "COMPLETE", text: (scan) => condition(scan, "Complete")?.status ?? "Unknown" },
    { header: "VIOLATIONS", text: ({ status }) => String(status?.summary?.violations ?? "-") },
    { header: "UNKNOWN", text: ({ status }) => String(status?.summary?.unknown ?? "-") },
    { header: "RESOURCES", text: ({ status }) => String(status?.summary?.resources ?? "-") },
    { header: "LAST SCAN", text: ({ status }) => age(status?.lastScan?.completionTime, now) },
    { header: "WHY", text: why, least: 20, dispensable: true },
  ];
}

function condition({ status }: AwsAccountScan, type: string) {
  return status?.conditions?.find((entry) => entry.type === type);
}

/** The first condition that is not as it should be, in the order in which they hinder each other. */
function why(scan: AwsAccountScan): string {
  const found = ["Ready", "Compliant", "Complete"]
    .map((type) => condition(scan, type))
    .find((entry) => entry !== undefined && entry.status !== "True");
  return found === undefined ? "" : safeText(`${found.reason}: ${found.message}`, 200);
}

/** As kubectl writes ages: the two largest units at most. */
function age(time: string | undefined, now: number): string {
  if (time === undefined) return "never";
  const seconds = Math.max(0, Math.floor((now - Date.parse(time)) / 1_000));
  if (seconds < 120) return `${seconds}s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes}m ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h ago` : `${Math.floor(hours / 24)}d ago`;
}

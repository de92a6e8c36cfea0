import type { AwsAccountScan } from "../../api/generated/awsaccountscan.ts";
import { safeText } from "../../api/safe-text.ts";
import type { ClusterOptions } from "../../config/cluster-options.ts";
import { type Column, grid } from "../../formats/table/grid.ts";
import { note } from "../note.ts";
import { outputColumns, write } from "../output.ts";
import { listScans, withCluster } from "./cluster.ts";
import { doubtOf, haltOf } from "./doubt.ts";

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

/** `now`: ms since the epoch. What is doubted is shown as Unknown, whatever the operator said of it last. */
function columns(now: number): readonly Column<AwsAccountScan>[] {
  const claim = (type: string) => (scan: AwsAccountScan) => {
    const status = condition(scan, type)?.status ?? "Unknown";
    return status === "True" && doubtOf(scan, now) !== undefined ? "Unknown" : status;
  };
  return [
    { header: "NAMESPACE", text: ({ metadata }) => metadata.namespace ?? "" },
    { header: "NAME", text: ({ metadata }) => metadata.name },
    { header: "COMPLIANT", text: claim("Compliant") },
    { header: "COMPLETE", text: claim("Complete") },
    { header: "VIOLATIONS", text: ({ status }) => String(status?.summary?.violations ?? "-") },
    { header: "UNKNOWN", text: ({ status }) => String(status?.summary?.unknown ?? "-") },
    { header: "RESOURCES", text: ({ status }) => String(status?.summary?.resources ?? "-") },
    { header: "LAST SCAN", text: ({ status }) => age(status?.lastScan?.completionTime, now) },
    { header: "WHY", text: (scan) => why(scan, now), least: 20, dispensable: true },
  ];
}

function condition({ status }: AwsAccountScan, type: string) {
  return status?.conditions?.find((entry) => entry.type === type);
}

/** Why no scan runs; else why the result is not of today; else the first condition that is not as it should be. */
function why(scan: AwsAccountScan, now: number): string {
  const found =
    haltOf(scan) ??
    doubtOf(scan, now) ??
    ["Compliant", "Complete"]
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

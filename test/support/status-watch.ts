import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { AwsAccountScan, AwsAccountScanStatus } from "../../src/api/generated/awsaccountscan.ts";

/** A status as one reconcile wrote it, and the generation that the resource had then. */
export interface WrittenStatus {
  readonly name: string;
  readonly generation: number;
  readonly status: AwsAccountScanStatus;
}

/** Every status that is written to the scans of a namespace, in order, as a watch of the API server tells them. */
export interface StatusWatch {
  readonly written: readonly WrittenStatus[];
  stop(): void;
}

interface WatchEvent {
  readonly object: AwsAccountScan;
}

export function watchStatuses(namespace: string, kubeconfig: string): StatusWatch {
  const path = `/apis/awsaccountscan.dev/v1alpha1/namespaces/${namespace}/awsaccountscans?watch=true`;
  const child = spawn("kubectl", ["get", `--kubeconfig=${kubeconfig}`, "--raw", path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const written: WrittenStatus[] = [];
  const last = new Map<string, string>();
  createInterface(child.stdout).on("line", (line) => {
    const { metadata, status } = (JSON.parse(line) as WatchEvent).object;
    const text = JSON.stringify(status);
    // A changed spec is an event too; it is no reconcile's doing.
    if (status === undefined || last.get(metadata.name) === text) return;
    last.set(metadata.name, text);
    written.push({ name: metadata.name, generation: metadata.generation ?? 0, status });
  });
  return { written, stop: () => child.kill() };
}

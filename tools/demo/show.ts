/** Where the demo's parts are. */
export interface Addresses {
  kubectl(...args: string[]): Promise<string>;
  readonly kubeconfig: string;
  readonly metrics: string;
  readonly health: string;
  readonly aws: string;
  /** The operator's log file. */
  readonly log: string;
}

const SHOWN_METRICS =
  /^awsaccountscan_(resources\{.*verdict="(violation|unknown|exempt)"\} [1-9]|last_success|next_scan|scans_total|coverage\{.*denied|build_info)/;

const CONDITIONS =
  '{range .items[*]}{.metadata.name}{"\\n"}{range .status.conditions[*]}  {.type}={.status} {.reason}: {.message}{"\\n"}{end}{end}';

/** Prints what a user would look at first. */
export async function showResults({
  kubectl,
  kubeconfig,
  metrics,
  health,
  aws,
  log,
}: Addresses): Promise<void> {
  show("kubectl get awsaccountscans -A", await kubectl("get", "awsaccountscans", "-A"));
  show(
    "kubectl get awsaccountscans -n team-ml -o wide",
    await kubectl("get", "aas", "-n", "team-ml", "-o", "wide"),
  );
  show("The conditions", await kubectl("get", "aas", "-n", "team-ml", "-o", `jsonpath=${CONDITIONS}`));
  show("The violations of ml-platform (.status.violations)", await violations(kubectl));
  show("kubectl get events -n team-ml", await kubectl("get", "events", "-n", "team-ml"));
  show("kubectl get awsaccountscanreports -n team-ml", await kubectl("get", "aasr", "-n", "team-ml"));
  const text = await (await fetch(metrics)).text();
  show(
    `Some metrics (${metrics})`,
    text
      .split("\n")
      .filter((line) => SHOWN_METRICS.test(line))
      .join("\n"),
  );
  show(
    "To look at",
    [
      `export KUBECONFIG=${kubeconfig}`,
      "kubectl describe aas -n team-ml ml-platform",
      "kubectl explain awsaccountscan.spec",
      'kubectl annotate aas -n team-ml ml-platform awsaccountscan.dev/requestedAt="$(date +%s)" --overwrite',
      `tail -f ${log}    # the operator's`,
      `curl ${metrics}`,
      `curl ${health}`,
      `curl ${aws}/_simulator/requests    # what AWS was asked`,
    ].join("\n"),
  );
}

async function violations(kubectl: Addresses["kubectl"]): Promise<string> {
  const { status } = JSON.parse(
    await kubectl("get", "aas", "-n", "team-ml", "ml-platform", "-o", "json"),
  ) as {
    status: { violations: Record<string, string>[] };
  };
  const columns = ["account", "region", "type", "name", "reason", "firstSeen"];
  const rows = [columns, ...status.violations.map((row) => columns.map((column) => row[column] ?? ""))];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function show(title: string, text: string): void {
  console.log(`\n\x1b[1m# ${title}\x1b[0m\n${text.trimEnd()}`);
}

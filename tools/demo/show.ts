import { fileURLToPath } from "node:url";
import type { Notification } from "../monitoring/webhook.ts";
import { pageText } from "./page.ts";

/** Where the demo's parts are. */
export interface Addresses {
  kubectl(...args: string[]): Promise<string>;
  /** What `kubectl awsscan` prints. */
  plugin(...args: string[]): Promise<string>;
  readonly kubeconfig: string;
  readonly metrics: string;
  readonly health: string;
  readonly aws: string;
  /** The operator's log file. */
  readonly log: string;
}

/** The kubectl plugin, as it is built. */
export const PLUGIN = fileURLToPath(new URL("../../dist/kubectl-awsscan.js", import.meta.url));

const SHOWN_METRICS =
  /^awsaccountscan_(resources\{.*verdict="(violation|unknown|exempt)".*\} [1-9]|last_success|next_scan|scans_total|coverage\{.*denied|build_info)/;

const CONDITIONS =
  '{range .items[*]}{.metadata.name}{"\\n"}{range .status.conditions[*]}  {.type}={.status} {.reason}: {.message}{"\\n"}{end}{end}';

/** Prints what a user would look at first. */
export async function showResults({
  kubectl,
  plugin,
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
  show("kubectl awsscan list -n team-ml", await plugin("list", "-n", "team-ml"));
  show(
    "kubectl awsscan violations ml-platform -n team-ml",
    await plugin("violations", "ml-platform", "-n", "team-ml"),
  );
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
      `node ${PLUGIN} now ml-platform -n team-ml`,
      `node ${PLUGIN} violations -n team-ml -o html > report.html`,
      `tail -f ${log}    # the operator's`,
      `curl ${metrics}`,
      `curl ${health}`,
      `curl ${aws}/_simulator/requests    # what AWS was asked`,
    ].join("\n"),
  );
}

/** Prints the page that somebody would have got, and where to ask what sent it. */
export function showPage(
  page: Notification | undefined,
  { prometheus, alertmanager }: { readonly prometheus: string; readonly alertmanager: string },
): void {
  show("The page that would have been sent", page === undefined ? "none came in time" : pageText(page));
  show(
    "To ask (these builds have APIs and no pages)",
    [
      `curl ${prometheus}/api/v1/alerts`,
      `curl '${prometheus}/api/v1/query?query=awsaccountscan_violation_info'`,
      `curl ${alertmanager}/api/v2/alerts`,
    ].join("\n"),
  );
}

function show(title: string, text: string): void {
  console.log(`\n\x1b[1m# ${title}\x1b[0m\n${text.trimEnd()}`);
}

import type { Notification } from "../monitoring/webhook.ts";

/** Told by the title, or the same for all of a notification. */
const TITLE_LABELS = new Set(["alertname", "severity"]);

/** A notification as whoever is paged would read it. */
export function pageText({ receiver, status, alerts }: Notification): string {
  const [first] = alerts;
  if (first === undefined) return `An empty page to ${receiver}`;
  const { alertname, severity } = first.labels;
  const { summary, runbook_url } = first.annotations;
  const count = alerts.length === 1 ? "" : `, ${alerts.length} alerts`;
  return [
    `[${status.toUpperCase()}] ${alertname} (${severity}${count}) to ${receiver}`,
    summary ?? "",
    ...alerts.flatMap(({ labels, annotations }) => [
      "",
      `  ${labelText(labels)}`,
      `  ${annotations["description"] ?? ""}`,
    ]),
    "",
    `Runbook: ${runbook_url ?? "none"}`,
  ].join("\n");
}

/** The labels in PromQL's words, in which nothing can control a terminal. */
function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .filter(([name]) => !TITLE_LABELS.has(name))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(" ");
}

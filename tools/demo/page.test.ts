import { describe, expect, it } from "vitest";
import type { Notification, NotifiedAlert } from "../monitoring/webhook.ts";
import { pageText } from "./page.ts";

const alert = (region: string): NotifiedAlert => ({
  status: "firing",
  labels: { alertname: "NotebookDirectInternetAccess", severity: "critical", namespace: "team-ml", region },
  annotations: {
    summary: "Notebooks have internet access.",
    description: `1 notebook in ${region}.`,
    runbook_url: "https://example.com/notebookdirectinternetaccess",
  },
  startsAt: "2026-01-01T00:00:00Z",
  endsAt: "0001-01-01T00:00:00Z",
});
const notification = (...alerts: NotifiedAlert[]): Notification => ({
  receiver: "security-pager",
  status: "firing",
  groupKey: "{}",
  groupLabels: {},
  alerts,
});

describe("pageText", () => {
  it("has what somebody needs who was woken by it", () => {
    expect(pageText(notification(alert("us-east-1"), alert("eu-west-1")))).toBe(
      `[FIRING] NotebookDirectInternetAccess (critical, 2 alerts) to security-pager
Notebooks have internet access.

  namespace="team-ml" region="us-east-1"
  1 notebook in us-east-1.

  namespace="team-ml" region="eu-west-1"
  1 notebook in eu-west-1.

Runbook: https://example.com/notebookdirectinternetaccess`,
    );
  });

  it("lets no label control the terminal", () => {
    expect(pageText(notification(alert("\u001b[2J")))).toContain('region="\\u001b[2J"');
  });
});

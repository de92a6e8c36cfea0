import { describe, expect, it } from "vitest";
import { withPasses, written } from "../../test/support/report-cases.ts";
import { scanResult } from "../../test/support/scan-result.ts";
import type { ScanResult } from "../report/result.ts";
import { ocsf } from "./ocsf.ts";

interface Event {
  readonly activity_id: number;
  readonly type_uid: number;
  readonly severity_id: number;
  readonly status_id: number;
  readonly compliance: {
    readonly status_id: number;
    readonly requirements: readonly string[];
    readonly status_details: readonly string[];
  };
  readonly finding_info: {
    readonly uid: string;
    readonly created_time: number;
    readonly first_seen_time?: number;
  };
  readonly remediation?: { readonly desc: string };
}

const eventsOf = (result: ScanResult): Event[] => JSON.parse(written(ocsf, result));
const aboutResources = (result: ScanResult) =>
  eventsOf(result).filter(({ finding_info }) => !finding_info.uid.startsWith("awsscan/coverage/"));
const aboutPlaces = (result: ScanResult) =>
  eventsOf(result).filter(({ finding_info }) => finding_info.uid.startsWith("awsscan/coverage/"));

describe("ocsf", () => {
  it("has for each verdict an activity, a status, a check's status and a severity; an unknown never passes", () => {
    const standings = aboutResources(scanResult).map((event) => [
      event.activity_id,
      event.status_id,
      event.compliance.status_id,
      event.severity_id,
    ]);
    expect(standings).toEqual([
      [2, 1, 3, 3],
      [1, 1, 3, 3],
      [2, 1, 3, 3],
      [2, 1, 3, 3],
      [2, 3, 3, 3],
      [1, 1, 0, 3],
      [1, 1, 0, 3],
      [3, 4, 99, 3],
    ]);
    expect(aboutResources(withPasses)[0]).toMatchObject({ compliance: { status_id: 1 }, severity_id: 1 });
  });

  it("tells each place: unknown where it was not read, passed where it was", () => {
    const statuses = aboutPlaces(scanResult).map((event) => [
      event.finding_info.uid,
      event.compliance.status_id,
    ]);
    expect(statuses).toContainEqual(["awsscan/coverage/444455556666/us-west-2", 0]);
    expect(statuses).toContainEqual(["awsscan/coverage/777788889999/", 0]);
    expect(statuses).toContainEqual(["awsscan/coverage/111122223333/eu-central-1", 1]);
    expect(statuses.filter(([, status]) => status === 0)).toHaveLength(4);
  });

  it("says which exemption covers what is suppressed", () => {
    const details = aboutResources(scanResult)[4]?.compliance.status_details.join(" ");
    expect(details).toContain("The exemption workshop-until-june covers it.");
  });

  it("keeps when a violation was first seen, in milliseconds", () => {
    const first = Date.parse("2026-02-20T04:00:00Z");
    expect(aboutResources(scanResult)[0]?.finding_info).toMatchObject({
      created_time: first,
      first_seen_time: first,
    });
  });

  it("names requirements with their frameworks, and what to do", () => {
    const [event] = aboutResources(scanResult);
    expect(event?.compliance.requirements).toContain("NIST SP 800-53 Rev. 5: SC-7");
    expect(event?.remediation?.desc).toMatch(/^awsscan plan arn:\S+ makes a plan\. By hand: /);
  });

  it("speaks of a resource once, though it was resolved and is listed as a pass", () => {
    const [first] = scanResult.findings;
    const resolved = first === undefined ? [] : [first];
    const events = aboutResources({ ...withPasses, baseline: { new: 0, unchanged: 0, resolved } });
    expect(new Set(events.map(({ finding_info }) => finding_info.uid)).size).toBe(events.length);
  });
});

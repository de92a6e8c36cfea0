import { RECORDS } from "../../rules/recordings.ts";
import type { Row } from "../dashboard.ts";
import { BLUE, GREY, ORANGE, RED, TEAL, VERDICT_COLOURS } from "../palette.ts";
import { stat, trend } from "../panels.ts";
import { COMPLIANCE_RATIO, countOf, HOLE_COUNT, RESOURCES } from "../queries.ts";

const ONCE = "A resource that several scans read counts once.";

export function complianceRow(): Row {
  return {
    title: "How compliant is the fleet?",
    panels: [
      stat({
        title: "Compliant of what was read",
        description: `Compliant notebook instances and domains among all that no exemption covers; unknown ones count against it. Rounded down: 100 % means every one. It says nothing of places that were not read. ${ONCE}`,
        expr: COMPLIANCE_RATIO,
        unit: "percentunit",
        decimals: 2,
        steps: [
          [0, RED],
          [1, TEAL],
        ],
        noValue: "Unknown: nothing judged",
        span: 8,
        height: 5,
      }),
      stat({
        title: "Violations",
        description: `Resources with direct internet access, also those that were seen violating and cannot be read now. ${ONCE}`,
        expr: countOf("violation"),
        unit: "short",
        steps: [
          [0, TEAL],
          [1, RED],
        ],
        noValue: "Unknown: nothing read",
        span: 4,
        height: 5,
      }),
      stat({
        title: "Unknown",
        description: `Resources that exist and could not be judged. They are no pass. ${ONCE}`,
        expr: countOf("unknown"),
        unit: "short",
        steps: [
          [0, TEAL],
          [1, ORANGE],
        ],
        noValue: "Unknown: nothing read",
        span: 4,
        height: 5,
      }),
      stat({
        title: "Exempt",
        description: `Resources that violate and are covered by an exemption in force. ${ONCE}`,
        expr: countOf("exempt"),
        unit: "short",
        steps: [
          [0, GREY],
          [1, BLUE],
        ],
        noValue: "Unknown: nothing read",
        span: 4,
        height: 5,
      }),
      stat({
        title: "Compliant",
        description: `Resources that were read and are as they should be. ${ONCE}`,
        expr: countOf("compliant"),
        unit: "short",
        noValue: "Unknown: nothing read",
        span: 4,
        height: 5,
      }),
      trend({
        title: "Compliance over time",
        description:
          "The ratio above, over time, and that of the whole fleet, whatever is chosen above, as the recording rules of `deploy/prometheus` keep it. A gap is a time of which nothing is known: the operator was away or its records were not restored.",
        queries: [
          { expr: COMPLIANCE_RATIO, legend: "compliant" },
          { expr: `min(${RECORDS.compliance})`, legend: "whole fleet" },
        ],
        unit: "percentunit",
        max: 1,
        colours: { compliant: VERDICT_COLOURS.compliant, "whole fleet": GREY },
        noValue: "Nothing judged in this time: compliance is unknown",
        span: 8,
        height: 8,
      }),
      trend({
        title: "Resources by verdict",
        description: `How many resources had which verdict. ${ONCE}`,
        queries: [{ expr: `sum by (verdict) (${RESOURCES})`, legend: "{{verdict}}" }],
        unit: "short",
        stacked: true,
        colours: VERDICT_COLOURS,
        noValue: "Nothing judged in this time: compliance is unknown",
        span: 8,
        height: 8,
      }),
      trend({
        title: "Violations, unknown and not read",
        description:
          "The three numbers that should be 0, on a scale of their own. A line that ends has ended with the data, not with the violations.",
        queries: [
          { expr: countOf("violation"), legend: "violations" },
          { expr: countOf("unknown"), legend: "unknown resources" },
          { expr: HOLE_COUNT, legend: "places not read" },
        ],
        unit: "short",
        colours: { violations: RED, "unknown resources": ORANGE, "places not read": GREY },
        noValue: "Nothing read in this time: violations are unknown",
        span: 8,
        height: 8,
      }),
    ],
  };
}

import type { Installation } from "./alert.ts";
import { exemptionGroup } from "./exemption-alerts.ts";
import { operatorGroup } from "./operator-alerts.ts";
import { fleetRecordings } from "./recordings.ts";
import type { RuleFile } from "./rule-file.ts";
import { scanGroup } from "./scan-alerts.ts";
import { violationGroup } from "./violation-alerts.ts";

/** Every rule that is shipped, in the order in which people read them. */
export function ruleFile(installation: Installation): RuleFile {
  return {
    groups: [
      violationGroup(installation),
      scanGroup(installation),
      exemptionGroup(installation),
      operatorGroup(installation),
      fleetRecordings(),
    ],
  };
}

import type { ScanResult } from "../../report/result.ts";
import { harmlessFailures, unreadOf } from "../../report/unread.ts";
import { conclude } from "../conclusion.ts";
import { failureSentence, placeText, unreadSentence } from "../unread-text.ts";
import { sarifMessage } from "./message.ts";

interface Place {
  readonly account: string;
  readonly region: string;
}

/** The run of the program. Successful only where all in scope was read and judged: that is what CIs look at. */
export function sarifInvocation(result: ScanResult): object {
  const { startTime, completionTime, outcome, interrupted } = result.scan;
  const holes = unreadOf(result).map((hole) =>
    notification("error", hole.state, hole, `${placeText(hole)}: ${unreadSentence(hole)}`),
  );
  const harmless = harmlessFailures(result).map((failure) =>
    notification("warning", "harmless", failure, `${placeText(failure)}: ${failureSentence(failure)}`),
  );
  return {
    executionSuccessful: conclude(result).reservations.length === 0,
    startTimeUtc: startTime,
    endTimeUtc: completionTime,
    ...(interrupted ? { exitCodeDescription: "The scan was ended before it was done." } : {}),
    toolExecutionNotifications: [...holes, ...harmless],
    properties: { outcome, interrupted },
  };
}

function notification(level: "error" | "warning", id: string, place: Place, text: string): object {
  const fullyQualifiedName = [place.account, place.region].filter(Boolean).join("/");
  return {
    descriptor: { id },
    level,
    message: sarifMessage(text),
    ...(fullyQualifiedName === ""
      ? {}
      : { locations: [{ logicalLocations: [{ fullyQualifiedName, kind: "namespace" }] }] }),
  };
}

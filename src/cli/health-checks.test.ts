import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { formatDuration } from "../api/duration.ts";
import { HEALTH_BOUNDS } from "../controller/health.ts";
import { operatorChecks } from "./health-checks.ts";

const docs = await readFile(new URL("../../docs/health.md", import.meta.url), "utf8");
const idle = { workers: 1, alive: 1, running: [], ignoredMs: 0 };
const ended = { ...idle, alive: 0 };

/** The checks of an operator of which every part is dead. */
const dead = (isStopping: boolean) =>
  operatorChecks({
    controller: { state: () => ended, unrestored: () => [] },
    runner: { state: () => ended, timeoutMs: () => 0 },
    reportExport: { state: () => ended },
    informer: {
      synced: false,
      states: () => [
        {
          what: "scans",
          running: false,
          silentMs: 0,
          unheardMs: Number.POSITIVE_INFINITY,
          lastFailure: undefined,
        },
      ],
    },
    isStopping: () => isStopping,
  });

it("docs/health.md explains every check, and no other", () => {
  const [live = "", ready = ""] = docs.split("## What turns `/readyz` red besides");
  const explained = (text: string) => [...text.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  const { live: liveChecks, ready: readyChecks } = dead(false);
  expect(explained(live)).toEqual(liveChecks.map(({ name }) => name));
  expect(explained(ready)).toEqual(readyChecks.map(({ name }) => name));
});

it("docs/health.md has the bounds that are in force", () => {
  const { reconcileMs, scanGraceMs, exportMs, informerSilenceMs, unheardMs } = HEALTH_BOUNDS;
  expect(
    [reconcileMs, scanGraceMs, exportMs, informerSilenceMs, unheardMs].map((ms) => formatDuration(ms)),
  ).toEqual(["20m", "5m", "15m", "16m30s", "5m"]);
  for (const bound of ["for 20 min", "for 5 min", "for 15 min", "for 16.5 min"])
    expect(docs).toContain(bound);
});

it("whatever has died, /livez is green while the operator ends", () => {
  expect(dead(false).live.map(({ failure }) => typeof failure())).toEqual(Array(4).fill("string"));
  expect(dead(true).live.map(({ failure }) => failure())).toEqual(Array(4).fill(undefined));
  const ending = dead(true).ready.find(({ name }) => name === "shutting-down");
  expect(ending?.failure()).toBe("the operator was told to end");
});

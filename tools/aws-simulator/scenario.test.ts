import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Faults } from "./armed-faults.ts";
import { RequestCounters } from "./counters.ts";
import { seededRandom } from "./random.ts";
import { RequestLog } from "./request-log.ts";
import { type Scenario, toScenario } from "./scenario.ts";
import { ScenarioRun } from "./scenario-run.ts";
import { Sessions } from "./sessions.ts";
import { defaultSettings } from "./settings.ts";
import type { Responder } from "./understand.ts";
import { World } from "./world.ts";

const FOLDER = fileURLToPath(new URL("scenarios/", import.meta.url));
const ACCOUNT = "111111111111";
const REGION = "us-east-1";
const fleet = { accounts: [{ id: ACCOUNT, name: "hub" }] };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each(readdirSync(FOLDER))("the example %s can be begun", (file) => {
  const scenario = toScenario(JSON.parse(readFileSync(FOLDER + file, "utf8")));
  const { run } = idle();
  run.begin(scenario);
  expect(run.progress().steps).toBe(scenario.steps?.length ?? 0);
  run.end();
});

test("the same seed makes the same world and strikes the same requests", () => {
  const struck = (seed: number) => {
    const { run, responder } = idle();
    const generate = {
      accounts: 1,
      regions: [REGION],
      notebooksPerRegion: 20,
      domainsPerRegion: 0,
      violatingRatio: 0.5,
    };
    run.begin({ seed, generate, faults: [{ kind: "reset", probability: 0.5 }] });
    const target = { service: "sts", operation: "X", account: "", region: "", name: "" } as const;
    const strikes = Array.from({ length: 50 }, () =>
      responder.faults.strike({ ...target, hasPageToken: false, signedAtMs: undefined }),
    );
    return [strikes, responder.world.region("100000000001", REGION)?.notebooks.all()];
  };
  expect(struck(7)).toEqual(struck(7));
  expect(struck(7)).not.toEqual(struck(8));
});

test("steps are taken when their time has come or enough requests have", () => {
  const { run, responder } = idle();
  run.begin({
    fleet,
    settings: { latencyMs: 5 },
    steps: [
      { atMs: 500, settings: { latencyMs: 50 } },
      { afterRequests: 2, faults: [{ kind: "hang" }], edits: [put("a")] },
    ],
  });
  const seen = () => [responder.settings.latencyMs, responder.faults.list().length, names(responder)];
  run.countRequest();
  run.countRequest();
  expect(seen()).toEqual([5, 0, []]);
  run.countRequest();
  expect(seen()).toEqual([5, 1, ["a"]]);
  vi.advanceTimersByTime(500);
  expect(seen()).toEqual([50, 1, ["a"]]);
  expect(run.progress()).toMatchObject({ requests: 3, steps: 2, stepsTaken: 2, failures: [] });
});

test("another scenario ends the steps of the one before", () => {
  const { run, responder } = idle();
  run.begin({
    fleet,
    steps: [
      { atMs: 10, faults: [{ kind: "hang" }] },
      { afterRequests: 1, edits: [put("a")] },
    ],
  });
  run.begin({ fleet });
  vi.advanceTimersByTime(10);
  run.countRequest();
  run.countRequest();
  expect([responder.faults.list(), names(responder)]).toEqual([[], []]);
});

test("what a step cannot do is told, and the rest of it done", () => {
  const { run, responder } = idle();
  const gone = { ...put("gone"), do: "delete" } as const;
  run.begin({ fleet, steps: [{ atMs: 1, edits: [gone, put("a")] }] });
  vi.advanceTimersByTime(1);
  expect(run.progress().failures).toEqual(["steps[0]: there is no gone to delete"]);
  expect(names(responder)).toEqual(["a"]);
});

describe("a scenario is refused with what is wrong and where:", () => {
  const edit = { do: "put", account: ACCOUNT, region: REGION };
  test.each<[string, unknown, string]>([
    ["no object", [], "scenario is [], not an object"],
    ["an unknown key", { fault: [] }, 'scenario has no "fault"; there are about, seed'],
    ["a step at no time", { steps: [{}] }, 'scenario.steps[0] must have "atMs" or "afterRequests"'],
    [
      "a bad fault in a step",
      { steps: [{ atMs: 1, faults: [{ kind: "x" }] }] },
      "steps[0].faults[0].kind: no such",
    ],
    ["an unknown setting", { settings: { latency: 1 } }, 'scenario.settings has no "latency"'],
    ["two fleets", { fleet, generate: generated() }, 'has both "fleet" and "generate"'],
    ["a fleet with a typo", { fleet: { accounts: [{ id: "1", nam: "x" }] } }, 'accounts[0] has no "nam"'],
    ["half a fleet", { generate: { ...generated(), regions: undefined } }, "generate.regions is missing"],
    ["an edit of nothing", { steps: [{ atMs: 1, edits: [edit] }] }, 'must have "notebook" or "domain"'],
    [
      "an edit with a typo",
      { steps: [{ atMs: 1, edits: [{ ...edit, notebook: "a", spec: { colour: 1 } }] }] },
      'scenario.steps[0].edits[0].spec has no "colour"',
    ],
  ])("%s", (_, value, message) => {
    expect(() => toScenario(value)).toThrow(message);
  });

  test("an edit where nothing can be, which changes nothing", () => {
    const { run } = idle();
    run.begin({ about: "before", fleet });
    const steps = [{ atMs: 1, edits: [{ ...put("a"), region: "me-south-1" }] }];
    expect(() => run.begin({ fleet, steps })).toThrow("scenario.steps[0].edits[0]: account");
    expect(run.progress().about).toBe("before");
  });
});

function idle(): { run: ScenarioRun; responder: Responder } {
  const responder: Responder = {
    world: new World({ accounts: [] }),
    sessions: new Sessions(Date.now),
    settings: defaultSettings(),
    identityProvider: undefined,
    now: Date.now,
    faults: new Faults(seededRandom(1), Date.now),
    log: new RequestLog(10),
    counters: new RequestCounters(),
  };
  return { run: new ScenarioRun(responder), responder };
}

function put(notebook: string) {
  return { do: "put", account: ACCOUNT, region: REGION, notebook } as const;
}

function names({ world }: Responder): string[] | undefined {
  return world
    .region(ACCOUNT, REGION)
    ?.notebooks.all()
    .map(({ name }) => name);
}

function generated(): Scenario["generate"] {
  return { accounts: 1, regions: [REGION], notebooksPerRegion: 1, domainsPerRegion: 0, violatingRatio: 0 };
}

/** The simulator's admin API as functions. */
import type { CounterGroup, Counters, Grouping } from "../../tools/aws-simulator/counters.ts";
import type { FaultRule } from "../../tools/aws-simulator/faults.ts";
import type { DomainSpec, Fleet, NotebookSpec } from "../../tools/aws-simulator/fleet.ts";
import type { LoggedRequest } from "../../tools/aws-simulator/request-log.ts";
import type { Scenario } from "../../tools/aws-simulator/scenario.ts";
import type { ScenarioProgress } from "../../tools/aws-simulator/scenario-run.ts";
import type { Settings } from "../../tools/aws-simulator/settings.ts";

/** A region of an account. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** What tests change and ask while the simulator runs. Every call throws with the simulator's words if refused. */
export interface SimulatorAdmin {
  /** Replaces all faults; none clears them. */
  setFaults(...rules: readonly FaultRule[]): Promise<void>;
  faults(): Promise<readonly (FaultRule & { readonly hits: number })[]>;
  /** The world anew, as the scenario says; the log and the counters begin with it. */
  beginScenario(scenario: Scenario): Promise<void>;
  /** How far the scenario has come. */
  scenario(): Promise<ScenarioProgress>;
  setSettings(changes: Partial<Settings>): Promise<void>;
  /** Everything that exists, anew. */
  setFleet(fleet: Fleet): Promise<void>;
  /** Creates or re-creates; its times are now unless it says others. */
  putNotebook(place: Place, notebook: NotebookSpec): Promise<void>;
  /** Changes what is named, and its last modification. */
  patchNotebook(place: Place, name: string, changes: Partial<NotebookSpec>): Promise<void>;
  deleteNotebook(place: Place, name: string): Promise<void>;
  putDomain(place: Place, domain: DomainSpec): Promise<void>;
  patchDomain(place: Place, id: string, changes: Partial<DomainSpec>): Promise<void>;
  deleteDomain(place: Place, id: string): Promise<void>;
  /** Ends every session that STS has given. */
  expireSessions(): Promise<void>;
  /** The log, oldest first; of those alone whose fields are as `where` says. */
  requests(where?: Partial<Record<keyof LoggedRequest, string>>): Promise<readonly LoggedRequest[]>;
  counters(): Promise<Counters>;
  /** The counters of each combination of what they are grouped by, which is to be named. */
  countersBy(...by: readonly Grouping[]): Promise<readonly CounterGroup[]>;
  /** Clears the log and the counters. */
  clearRequests(): Promise<void>;
}

/** The admin API of the simulator at `url`. */
export function simulatorAdmin(url: string): SimulatorAdmin {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${url}/_simulator/${path}`, init);
    const answer = await response.text();
    if (!response.ok) throw new Error(`the simulator refuses ${method} ${path}: ${answer}`);
    return JSON.parse(answer) as T;
  };
  const at = ({ account, region }: Place, type: "notebooks" | "domains", key: string) =>
    `accounts/${account}/regions/${region}/${type}/${encodeURIComponent(key)}`;
  return {
    setFaults: (...rules) => call("PUT", "faults", rules),
    faults: () => call("GET", "faults"),
    beginScenario: (scenario) => call("PUT", "scenario", scenario),
    scenario: () => call("GET", "scenario"),
    setSettings: (changes) => call("PUT", "settings", changes),
    setFleet: (fleet) => call("PUT", "fleet", fleet),
    putNotebook: (place, notebook) => call("PUT", at(place, "notebooks", notebook.name), notebook),
    patchNotebook: (place, name, changes) => call("PATCH", at(place, "notebooks", name), changes),
    deleteNotebook: (place, name) => call("DELETE", at(place, "notebooks", name)),
    putDomain: (place, domain) => call("PUT", at(place, "domains", domain.id), domain),
    patchDomain: (place, id, changes) => call("PATCH", at(place, "domains", id), changes),
    deleteDomain: (place, id) => call("DELETE", at(place, "domains", id)),
    expireSessions: () => call("POST", "sessions/expire"),
    requests: (where = {}) => call("GET", `requests?${new URLSearchParams(where)}`),
    counters: () => call("GET", "counters"),
    countersBy: (...by) => call("GET", `counters?by=${by.join(",")}`),
    clearRequests: () => call("DELETE", "requests"),
  };
}

/**
 * The admin API, JSON under `/_simulator/`: what tests and the demo change and ask while the simulator runs.
 *
 * | request | does |
 * |---|---|
 * | `GET health` | answers `{ "ready": true }` |
 * | `PUT faults` (a list of rules), `GET`, `DELETE` | replaces the faults, lists them with their hits, clears them |
 * | `PUT settings` (those to change), `GET` | latency of every answer, longest session |
 * | `PUT scenario` (a whole one), `GET` | begins it, see scenario.ts; how far it has come |
 * | `PUT fleet` (a whole fleet) | everything that exists, anew |
 * | `PUT accounts/<id>/regions/<region>/notebooks/<name>` | creates or re-creates, as old as the request unless dated |
 * | `PATCH` of the same | changes what is named, and `lastModifiedTime` |
 * | `DELETE` of the same | deletes |
 * | the same under `domains/<id>` | likewise |
 * | `POST sessions/expire` | ends every session that STS has given |
 * | `GET requests` (`?operation=…&account=…`: any field of the log), `DELETE` | the log; clears it and the counters |
 * | `GET counters` | how many requests, by operation and outcome, how many mutations, and each operation's busiest second |
 * | `GET counters?by=account,region` (of `account`, `region`, `operation`) | the same by these, a list |
 */

import type { RequestCounters } from "./counters.ts";
import { applyEdit, type Edit, NotThereError } from "./edits.ts";
import type { FaultRule } from "./faults.ts";
import type { Fleet } from "./fleet.ts";
import { toScenario } from "./scenario.ts";
import type { ScenarioRun } from "./scenario-run.ts";
import { applySettings } from "./settings.ts";
import type { Responder } from "./understand.ts";

/** Every path of the admin API begins with it. */
export const ADMIN_PREFIX = "/_simulator/";

/** A request of the admin API; `path` without the prefix. */
export interface AdminRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** `body` becomes JSON. */
export interface AdminAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What is changed and asked. */
export interface Administered extends Responder {
  readonly scenario: ScenarioRun;
}

const DONE: AdminAnswer = { status: 200, body: {} };

/** Does what is asked; what cannot be done is an answer of status 400 or 404 that says why. */
export function administer(request: AdminRequest, responder: Administered): AdminAnswer {
  try {
    return perform(request, responder) ?? refuse(404, `nothing answers ${request.method} ${request.path}`);
  } catch (error) {
    const status = error instanceof NotThereError ? 404 : 400;
    return refuse(status, error instanceof Error ? error.message : String(error));
  }
}

function perform(
  { method, path, query, body }: AdminRequest,
  responder: Administered,
): AdminAnswer | undefined {
  const { faults, settings, world, sessions, log, counters, scenario } = responder;
  switch (`${method} ${path}`) {
    case "GET health":
      return { status: 200, body: { ready: true } };
    case "GET faults":
      return { status: 200, body: faults.list() };
    case "PUT faults":
      faults.replace(JSON.parse(body) as FaultRule[]);
      return DONE;
    case "DELETE faults":
      faults.replace([]);
      return DONE;
    case "GET settings":
      return { status: 200, body: settings };
    case "PUT settings":
      applySettings(settings, JSON.parse(body) as Record<string, unknown>);
      return DONE;
    case "GET scenario":
      return { status: 200, body: scenario.progress() };
    case "PUT scenario":
      scenario.begin(toScenario(JSON.parse(body)));
      return DONE;
    case "PUT fleet":
      world.replace(JSON.parse(body) as Fleet);
      return DONE;
    case "POST sessions/expire":
      sessions.endAll();
      return DONE;
    case "GET requests":
      return { status: 200, body: log.requests(Object.fromEntries(query)) };
    case "DELETE requests":
      log.clear();
      counters.clear();
      return DONE;
    case "GET counters":
      return { status: 200, body: counted(counters, query.get("by")) };
    default:
      return editResource(method, path, body, responder);
  }
}

function counted(counters: RequestCounters, by: string | null) {
  return by === null ? counters.totals() : counters.groups(by.split(","));
}

const RESOURCE = /^accounts\/(\d{12})\/regions\/([a-z0-9-]+)\/(notebooks|domains)\/([^/]+)$/;
const EDITS: Readonly<Record<string, Edit["do"]>> = { PUT: "put", PATCH: "patch", DELETE: "delete" };

function editResource(
  method: string,
  path: string,
  body: string,
  { world, now }: Responder,
): AdminAnswer | undefined {
  const [, account, region, type, encodedKey] = RESOURCE.exec(path) ?? [];
  const what = EDITS[method];
  if (!account || !region || !encodedKey || !what) return undefined;
  const key = decodeURIComponent(encodedKey);
  const identity = type === "notebooks" ? { name: key } : { id: key };
  const spec = what === "delete" ? {} : { ...(JSON.parse(body) as object), ...identity };
  const resource = type === "notebooks" ? { notebook: key } : { domain: key };
  applyEdit(world, { do: what, account, region, ...resource, spec }, new Date(now()).toISOString());
  return DONE;
}

function refuse(status: number, error: string): AdminAnswer {
  return { status, body: { error } };
}

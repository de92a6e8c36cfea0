/**
 * The admin API, JSON under `/_simulator/`: what tests and the demo change and ask while the simulator runs.
 *
 * | request | does |
 * |---|---|
 * | `GET health` | answers `{ "ready": true }` |
 * | `PUT faults` (a list of rules), `GET`, `DELETE` | replaces the faults, lists them with their hits, clears them |
 * | `PUT settings` (those to change), `GET` | latency of every answer, longest session |
 * | `PUT fleet` (a whole fleet) | everything that exists, anew |
 * | `PUT accounts/<id>/regions/<region>/notebooks/<name>` | creates or re-creates, as old as the request unless dated |
 * | `PATCH` of the same | changes what is named, and `lastModifiedTime` |
 * | `DELETE` of the same | deletes |
 * | the same under `domains/<id>` | likewise |
 * | `POST sessions/expire` | ends every session that STS has given |
 * | `GET requests` (`?operation=…&account=…`: any field of the log), `DELETE` | the log; clears it and the counters |
 * | `GET counters` | how many requests, by operation and outcome, and how many mutations |
 */

import type { FaultRule } from "./faults.ts";
import type { DomainSpec, Fleet, NotebookSpec } from "./fleet.ts";
import type { Responder } from "./respond.ts";
import { applySettings } from "./settings.ts";
import { type Domain, dated, type Notebook, type Shelf } from "./world.ts";

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

const DONE: AdminAnswer = { status: 200, body: {} };

/** Does what is asked; what cannot be done is an answer of status 400 or 404 that says why. */
export function administer(request: AdminRequest, responder: Responder): AdminAnswer {
  try {
    return perform(request, responder) ?? refuse(404, `nothing answers ${request.method} ${request.path}`);
  } catch (error) {
    return refuse(400, error instanceof Error ? error.message : String(error));
  }
}

function perform({ method, path, query, body }: AdminRequest, responder: Responder): AdminAnswer | undefined {
  const { faults, settings, world, sessions, log } = responder;
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
      return DONE;
    case "GET counters":
      return { status: 200, body: log.counters() };
    default:
      return editResource(method, path, body, responder);
  }
}

const RESOURCE = /^accounts\/(\d{12})\/regions\/([a-z0-9-]+)\/(notebooks|domains)\/([^/]+)$/;

function editResource(
  method: string,
  path: string,
  body: string,
  { world, now }: Responder,
): AdminAnswer | undefined {
  const [, account, regionName, type, encodedKey] = RESOURCE.exec(path) ?? [];
  if (!account || !regionName || !encodedKey) return undefined;
  const region = world.region(account, regionName);
  if (!region) return refuse(404, `account ${account} does not exist or has not enabled ${regionName}`);
  const key = decodeURIComponent(encodedKey);
  const edit = { method, key, body, time: new Date(now()).toISOString() };
  return type === "notebooks"
    ? editShelf<NotebookSpec, Notebook>(region.notebooks, { ...edit, identity: { name: key } })
    : editShelf<DomainSpec, Domain>(region.domains, { ...edit, identity: { id: key } });
}

interface Edit<Spec> {
  readonly method: string;
  readonly key: string;
  readonly body: string;
  readonly time: string;
  /** What of the spec the path says. */
  readonly identity: Partial<Spec>;
}

type Timed = { readonly creationTime?: string; readonly lastModifiedTime?: string };

function editShelf<Spec extends Timed, Item extends Spec>(
  shelf: Shelf<Item>,
  { method, key, body, time, identity }: Edit<Spec>,
): AdminAnswer | undefined {
  const current = shelf.get(key);
  switch (method) {
    case "PUT":
      shelf.put(key, dated({ ...(JSON.parse(body) as Spec), ...identity }, time) as Spec as Item);
      return DONE;
    case "PATCH": {
      if (!current) return refuse(404, `there is no ${key} to change`);
      const changes = JSON.parse(body) as Partial<Spec>;
      shelf.put(key, { ...current, lastModifiedTime: time, ...changes, ...identity });
      return DONE;
    }
    case "DELETE":
      return shelf.remove(key) ? DONE : refuse(404, `there is no ${key} to delete`);
    default:
      return undefined;
  }
}

function refuse(status: number, error: string): AdminAnswer {
  return { status, body: { error } };
}

/**
 * The shipped rules and routes at durations that nobody minds to wait for. What decides whether an alert fires stays
 * as it is: only how long it is waited for is less.
 */
import { parse, stringify } from "yaml";

const RULE_DURATIONS = ["for", "keep_firing_for"] as const;
const GROUP_DURATIONS = ["interval"] as const;
/** Not `repeat_interval`: a page that comes again would look like one that was sent twice. */
const ROUTE_DURATIONS = ["group_wait", "group_interval"] as const;
/** Alertmanager's own, which a configuration need not say. */
const ROUTE_DEFAULTS = { group_wait: "30s", group_interval: "5m" };

/** A rule file, YAML, whose waits last one part in `divisor` of what they did. */
export function shortenedRules(rules: string, divisor: number): string {
  const { groups, ...rest } = parse(rules) as RuleFile;
  return stringify({
    ...rest,
    groups: groups.map((group) => ({
      ...divided(group, GROUP_DURATIONS, divisor),
      rules: group.rules.map((rule) => divided(rule, RULE_DURATIONS, divisor)),
    })),
  });
}

/** Alertmanager's configuration, YAML, whose routes gather alerts for one part in `divisor` of the time. */
export function shortenedRoutes(config: string, divisor: number): string {
  const { route, ...rest } = parse(config) as { readonly route: Route };
  return stringify({ ...rest, route: shortenedRoute({ ...ROUTE_DEFAULTS, ...route }, divisor) });
}

function shortenedRoute(route: Route, divisor: number): Route {
  const { routes, ...own } = divided(route, ROUTE_DURATIONS, divisor);
  return { ...own, ...(routes && { routes: routes.map((child) => shortenedRoute(child, divisor)) }) };
}

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly object[] }[];
}

interface Route {
  readonly routes?: readonly Route[];
}

function divided<T extends object>(object: T, keys: readonly string[], divisor: number): T {
  const changed = Object.entries(object).map(([key, value]) => [
    key,
    keys.includes(key) ? dividedDuration(String(value), divisor) : value,
  ]);
  return Object.fromEntries(changed) as T;
}

const UNITS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;

/** A duration in Prometheus' words, `1h30m`, divided: in whole milliseconds, 0 only where it was. */
function dividedDuration(text: string, divisor: number): string {
  if (!/^(0|(\d+(w|d|h|ms|m|s))+)$/.test(text))
    throw new Error(`${text} is no duration that can be shortened`);
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(w|d|h|ms|m|s)/g)) {
    total += Number(count) * UNITS[unit as keyof typeof UNITS];
  }
  return `${Math.ceil(total / divisor)}ms`;
}

import type { GoProgram } from "../machine/go-program.ts";

const PROMETHEUS_MODULE = { module: "github.com/prometheus/prometheus", version: "v0.316.0" } as const;
// Not the newest: 0.34.2 embeds built web pages that its module lacks, and cannot be built from it.
const ALERTMANAGER_MODULE = { module: "github.com/prometheus/alertmanager", version: "v0.31.0" } as const;

/** Prometheus 3.16.0. Its modules lack the built web pages: it has its APIs and no pages. */
export const PROMETHEUS: GoProgram = {
  ...PROMETHEUS_MODULE,
  name: "prometheus",
  package: "cmd/prometheus",
  takes: "about 5 minutes",
};

/** Checks and unit tests of rules, and the lint of an exposition. */
export const PROMTOOL: GoProgram = {
  ...PROMETHEUS_MODULE,
  name: "promtool",
  package: "cmd/promtool",
  takes: "about 3 minutes",
};

export const ALERTMANAGER: GoProgram = {
  ...ALERTMANAGER_MODULE,
  name: "alertmanager",
  package: "cmd/alertmanager",
  takes: "about 2 minutes",
};

/** Checks of Alertmanager's configuration, and of the routes that alerts take in it. */
export const AMTOOL: GoProgram = {
  ...ALERTMANAGER_MODULE,
  name: "amtool",
  package: "cmd/amtool",
  takes: "about a minute",
};

/** What `make monitoring` fetches. */
export const PROGRAMS: readonly GoProgram[] = [PROMETHEUS, PROMTOOL, ALERTMANAGER, AMTOOL];

import packageJson from "../../package.json" with { type: "json" };
import type { Build } from "../metrics/process-metrics.ts";

/** Replaced by the bundler; see tools/build. */
declare const AWSSCAN_REVISION: string | undefined;

export const BUILD: Build = {
  version: packageJson.version,
  revision: typeof AWSSCAN_REVISION === "string" ? AWSSCAN_REVISION : "unknown",
};

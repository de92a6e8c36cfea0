import { inject } from "vitest";
import type { ClusterAccess } from "../../tools/control-plane/control-plane.ts";
import "./cluster-provided.ts";

/** The control plane that all cluster tests share, started by `global-setup.ts`. */
export function sharedCluster(): ClusterAccess {
  return inject("cluster");
}

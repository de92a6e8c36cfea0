import type { ClusterAccess } from "../../tools/control-plane/control-plane.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** How test files reach the control plane that `global-setup.ts` started. */
    cluster: ClusterAccess;
  }
}

import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where our tools keep what takes minutes to get: outside the checkout, shared by all of them on this machine.
 * `AWSSCAN_CACHE_DIR` names another folder, `XDG_CACHE_HOME` another place for it.
 */
export function cacheFolder(env: NodeJS.ProcessEnv, tool: string): string {
  const folder =
    env["AWSSCAN_CACHE_DIR"] ||
    join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "aws-account-scan-operator");
  return join(folder, tool);
}

/** kubeconform: whether manifests are what schemas allow, without a cluster. */
import { type CommandResult, run } from "../machine/command.ts";
import { type GoProgram, goProgram } from "../machine/go-program.ts";

const KUBECONFORM: GoProgram = {
  name: "kubeconform",
  module: "github.com/yannh/kubeconform",
  version: "v0.8.0",
  package: "cmd/kubeconform",
  takes: "half a minute",
};

/** What kubeconform says of one object. */
export interface Verdict {
  /** The file's path as it was given; `stdin` where there was none. */
  readonly filename: string;
  readonly kind: string;
  readonly name: string;
  /** `statusSkipped` says that no schema was there. Files without objects come as `statusEmpty`. */
  readonly status: "statusValid" | "statusInvalid" | "statusError" | "statusSkipped" | "statusEmpty";
  readonly msg: string;
}

/** Finds kubeconform, or builds it. */
export function prepareKubeconform(): Promise<string> {
  return goProgram(KUBECONFORM);
}

/**
 * A verdict for every object in the files, or folders of them, as YAML. `schemas` is a folder as
 * `writeSchemas` makes it; no other is asked, least of all on the internet. Strict: an unknown field or a key that is
 * there twice is invalid. Throws where kubeconform itself fails.
 */
export async function kubeconform(schemas: string, paths: readonly string[]): Promise<readonly Verdict[]> {
  const location = `${schemas}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
  const args = ["-strict", "-verbose", "-output=json", `-schema-location=${location}`, ...paths];
  const result = await run(await prepareKubeconform(), args);
  return verdictsIn(result);
}

function verdictsIn({ stdout, stderr, code }: CommandResult): readonly Verdict[] {
  // 1 says that something is invalid, and that an argument is wrong as well.
  if (stdout === "" || stderr !== "") throw new Error(`kubeconform failed with code ${code}: ${stderr}`);
  return (JSON.parse(stdout) as { resources: Verdict[] }).resources;
}

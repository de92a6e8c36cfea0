/** The real Terraform, with a provider of ours in the place of AWS's. */
import { createHash, randomUUID } from "node:crypto";
import { access, cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../machine/cache-folder.ts";
import { type CommandResult, run, runOrThrow } from "../machine/command.ts";
import { withLock } from "../machine/lock.ts";
import { type Tell, withProgress } from "../machine/progress.ts";
import { providerSchema } from "./provider-schema.ts";
import { providerTypings } from "./provider-typings.ts";
import { tellStderr } from "./python.ts";

export interface Terraform {
  /** `terraform fmt -check -diff` of a folder. */
  format(folder: string): Promise<CommandResult>;
  /** `terraform validate` of a folder against the names and types of the AWS provider's schema. */
  validate(folder: string): Promise<CommandResult>;
  /** `terraform get`: finds the modules of a folder, which `init` would do too, and ask the registry for the provider. */
  modules(folder: string): Promise<CommandResult>;
  /** What Terraform computes for the outputs of a folder that needs no provider, by their names. */
  outputs(folder: string): Promise<Readonly<Record<string, unknown>>>;
}

const SOURCES = ["main.go", "go.mod", "go.sum"];

/**
 * Prepares what `validate` needs, in `scratch`: the stub provider, built once for this machine by Go, and the schema of
 * the AWS provider. Terraform itself must be in PATH.
 */
export async function prepareTerraform(
  scratch: string,
  processEnv: NodeJS.ProcessEnv = process.env,
  tell: Tell = tellStderr,
): Promise<Terraform> {
  const schemaFile = join(scratch, "schema.json");
  const configFile = join(scratch, "terraform.rc");
  await writeFile(schemaFile, JSON.stringify(providerSchema(await providerTypings(processEnv, tell))));
  const provider = await stubProvider(processEnv, tell);
  await writeFile(
    configFile,
    `provider_installation {\n  dev_overrides { "hashicorp/aws" = ${JSON.stringify(provider)} }\n}\n`,
  );
  // Nobody's own settings, and no question whether there is a newer version.
  const env = {
    PATH: processEnv["PATH"],
    HOME: scratch,
    TF_CLI_CONFIG_FILE: configFile,
    AWSSCAN_PROVIDER_SCHEMA: schemaFile,
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
  };
  return {
    format: (cwd) => run("terraform", ["fmt", "-check", "-diff"], { cwd, env }),
    validate: (cwd) => run("terraform", ["validate", "-no-color"], { cwd, env }),
    modules: (cwd) => run("terraform", ["get", "-no-color"], { cwd, env }),
    async outputs(cwd) {
      await runOrThrow("terraform", ["apply", "-auto-approve", "-no-color"], { cwd, env });
      const answer = await runOrThrow("terraform", ["output", "-json"], { cwd, env });
      const outputs = JSON.parse(answer) as Record<string, { value: unknown }>;
      return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
    },
  };
}

/** The folder that holds the stub as an executable. */
async function stubProvider(env: NodeJS.ProcessEnv, tell: Tell): Promise<string> {
  const cache = cacheFolder(env, "validators");
  await mkdir(cache, { recursive: true });
  const source = fileURLToPath(new URL("stub-provider", import.meta.url));
  const hash = createHash("sha256").update(await runOrThrow("go", ["version"]));
  for (const file of SOURCES) hash.update(await readFile(join(source, file)));
  const folder = join(cache, `stub-provider-${hash.digest("hex").slice(0, 16)}`);
  await withLock(`${folder}.lock`, tell, async () => {
    if (await exists(folder)) return;
    await withProgress(tell, "building a stub of Terraform's AWS provider, once for this machine", () =>
      build(source, folder),
    );
  });
  return folder;
}

/** In a copy: neither a workspace nor flags of the user's own shall change what is built. */
async function build(source: string, folder: string): Promise<void> {
  const draft = `${folder}.${randomUUID()}`;
  try {
    await cp(source, join(draft, "source"), { recursive: true });
    const args = ["build", "-trimpath", "-ldflags=-s -w", "-o", join(draft, "terraform-provider-aws"), "."];
    const env = { ...process.env, GOFLAGS: "", GOWORK: "off" };
    await runOrThrow("go", args, { cwd: join(draft, "source"), env });
    await rm(join(draft, "source"), { recursive: true });
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

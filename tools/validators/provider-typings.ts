/** The typings that a package on npm has of Terraform's AWS provider: the provider itself cannot be had there. */
import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../machine/cache-folder.ts";
import { runOrThrow } from "../machine/command.ts";
import { withLock } from "../machine/lock.ts";
import { type Tell, withProgress } from "../machine/progress.ts";

/** Generated from the schema of version 6.66.0 of hashicorp/aws, says its README. */
const PACKAGE = "@cdktn/provider-aws@25.7.0";
const INTEGRITY =
  "sha512-E/nhu0yVZE4mXMgIPuI8tEFt1BExLkA7ARjihdG+/HmfDfzLr+OEF3dkFRvI6glRt30lrrBWQLwXqCJBxcmyUg==";

const FILES = {
  provider: "package/lib/provider/index.d.ts",
  notebook: "package/lib/sagemaker-notebook-instance/index.d.ts",
  domain: "package/lib/sagemaker-domain/index.d.ts",
  role: "package/lib/iam-role/index.d.ts",
  rolePolicy: "package/lib/iam-role-policy/index.d.ts",
  callerIdentity: "package/lib/data-aws-caller-identity/index.d.ts",
  partition: "package/lib/data-aws-partition/index.d.ts",
} as const;

export type Typings = Readonly<Record<keyof typeof FILES, string>>;

/** Some files of the package, which has 46 MB: fetched once for a machine, the rest is thrown away. */
export async function providerTypings(env: NodeJS.ProcessEnv, tell: Tell): Promise<Typings> {
  const cache = cacheFolder(env, "validators");
  await mkdir(cache, { recursive: true });
  const files = createHash("sha256").update(Object.values(FILES).join()).digest("hex").slice(0, 8);
  const folder = join(cache, `${PACKAGE.replaceAll(/[^\w.-]/g, "_")}-${files}`);
  await withLock(`${folder}.lock`, tell, async () => {
    if (!(await exists(folder)))
      await withProgress(tell, `fetching typings of the AWS provider (${PACKAGE})`, () => fetchInto(folder));
  });
  const texts = Object.entries(FILES).map(
    async ([name, file]) => [name, await readFile(join(folder, file), "utf8")] as const,
  );
  return Object.fromEntries(await Promise.all(texts)) as Typings;
}

async function fetchInto(folder: string): Promise<void> {
  const draft = `${folder}.${randomUUID()}`;
  await mkdir(draft);
  try {
    const packed = await runOrThrow("npm", ["pack", "--json", "--ignore-scripts", PACKAGE], { cwd: draft });
    const [answer] = JSON.parse(packed) as { filename: string; integrity: string }[];
    if (answer?.integrity !== INTEGRITY)
      throw new Error(`${PACKAGE} is not what it was: ${answer?.integrity}`);
    const [archive] = answer.filename.split("/").slice(-1);
    if (archive === undefined) throw new Error(`npm does not say where ${PACKAGE} is`);
    await runOrThrow("tar", ["-xzf", archive, ...Object.values(FILES)], { cwd: draft });
    await rm(join(draft, archive));
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

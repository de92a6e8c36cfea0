/** The image's files, by the Dockerfile's last stage, without a container engine. */
import { cp, glob, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { debianPackages, unpack } from "./debian.ts";
import { DISTROLESS, DISTROLESS_PACKAGES, makeDistroless, named } from "./distroless.ts";
import { type FinalStage, finalStage, type StageCopy } from "./dockerfile.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What is in the official image node:*-bookworm-slim and the Dockerfile takes: Node.js and what it is linked to. */
const NODE_LIBRARY = "libatomic1";

export interface Rootfs {
  readonly root: string;
  readonly stage: FinalStage;
  /** Of Debian's packages in it: `libc6 2.36-9+deb12u14`. */
  readonly packages: readonly string[];
}

/** Reads the project's Dockerfile. */
export async function projectStage(): Promise<FinalStage> {
  return finalStage(await readFile(join(ROOT, "Dockerfile"), "utf8"));
}

/**
 * Makes the image's root filesystem in `folder`, which it empties. The base is made from Debian's packages, the stage
 * `node` from the Node.js that npm installed, `build` is `dist` as it is. Throws where the Dockerfile takes what is
 * not known here, and where a COPY finds nothing.
 */
export async function assemble(folder: string): Promise<Rootfs> {
  const stage = await projectStage();
  if (stage.base !== DISTROLESS)
    throw new Error(`the base is ${stage.base}, and only ${DISTROLESS} is known`);
  const packages = await debianPackages([...DISTROLESS_PACKAGES, NODE_LIBRARY]);
  await rm(folder, { recursive: true, force: true });
  const root = join(folder, "root");
  await mkdir(root, { recursive: true });
  await makeDistroless(packages, root);
  const node = join(folder, "stages", "node");
  await mkdir(join(node, "usr/local/bin"), { recursive: true });
  await unpack(named(packages, NODE_LIBRARY), node);
  await cp(join(ROOT, "node_modules/node/bin/node"), join(node, "usr/local/bin/node"));
  // npm's package of Node.js comes without; the official image has it.
  await writeFile(join(node, "usr/local/LICENSE"), "https://github.com/nodejs/node/blob/main/LICENSE\n");
  const build = join(folder, "stages", "build");
  await cp(join(ROOT, "dist"), join(build, "src/dist"), { recursive: true });
  const stages: Readonly<Record<string, string>> = { node, build };
  for (const copy of stage.copies) await copyInto(root, copy, stages);
  await mkdir(join(root, stage.workdir), { recursive: true });
  return { root, stage, packages: packages.map(({ name, version }) => `${name} ${version}`) };
}

/** COPY as BuildKit has it: a folder's content, not the folder; links stay links. */
async function copyInto(
  root: string,
  { from, sources, destination }: StageCopy,
  stages: Readonly<Record<string, string>>,
): Promise<void> {
  const stage = stages[from];
  if (stage === undefined) throw new Error(`COPY --from=${from}: there is no such stage here`);
  for (const source of sources) {
    const found = await Array.fromAsync(glob(source.replace(/^\//, ""), { cwd: stage }));
    if (found.length === 0) throw new Error(`COPY --from=${from} ${source} finds nothing`);
    for (const path of found) {
      const whole = join(stage, path);
      const isFolder = (await stat(whole)).isDirectory();
      const target = !isFolder && destination.endsWith("/") ? join(destination, basename(path)) : destination;
      await mkdir(join(root, target, ".."), { recursive: true });
      await cp(whole, join(root, target), { recursive: true, verbatimSymlinks: true });
    }
  }
}

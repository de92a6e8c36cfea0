/** Assembles the image of `dist` and prints how large it is and how fast it starts. As root: `npm run image`. */
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runContainer } from "./container.ts";
import { assemble, type Rootfs } from "./rootfs.ts";

const RUNS = 9;
const MB = 1024 * 1024;

const folder = await mkdtemp(join(tmpdir(), "image-"));
try {
  const image = await assemble(folder);
  const parts = {
    "Node.js": await bytes(image.root, (path) => path === "/usr/local/bin/node"),
    "our code and its licences": await bytes(image.root, (path) => path.startsWith("/app/")),
    all: await bytes(image.root, () => true),
  };
  for (const [part, size] of Object.entries(parts)) console.log(`${part}: ${(size / MB).toFixed(1)} MB`);
  for (const args of [["--help"], ["operator", "--help"], ["explain", "SageMaker-004"]])
    console.log(`${args.join(" ")}: ${await median(image, args)} ms`);
  console.log(image.packages.join(", "));
} finally {
  await rm(folder, { recursive: true });
}

async function bytes(root: string, counts: (path: string) => boolean): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && counts(path.slice(root.length))) sum += (await stat(path)).size;
  }
  return sum;
}

/** Of whole processes, from their start to their end, namespaces and mounts among it. */
async function median(image: Rootfs, args: readonly string[]): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const { child } = runContainer(image, { args });
    child.stdout.resume();
    child.stderr.pipe(process.stderr);
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
    times.push(performance.now() - start);
  }
  return Math.round(times.sort((a, b) => a - b)[(RUNS - 1) / 2] ?? Number.NaN);
}

/** The image's files, and processes in them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type ContainerOptions, runContainer } from "../../tools/image/container.ts";
import { assemble, type Rootfs } from "../../tools/image/rootfs.ts";

/** Assembles the image of `dist` for the calling file; good from `beforeAll` on. */
export function useImage(): () => Rootfs {
  let folder: string | undefined;
  let image: Rootfs | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "image-"));
    image = await assemble(folder);
  });
  afterAll(() => folder && rm(folder, { recursive: true }));
  return () => {
    if (!image) throw new Error("the image is assembled in beforeAll; ask for it in a hook or a test");
    return image;
  };
}

/** Runs to the end. */
export async function runInImage(image: Rootfs, options: ContainerOptions) {
  const { child } = runContainer(image, options);
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  return { code, ...output };
}

/** Runs moto until Ctrl-C, installing it first where need be; `--fleet <file>` seeds it. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Fleet } from "../aws-simulator/fleet.ts";
import { startMoto } from "./moto.ts";
import { seedMoto } from "./seed.ts";

const { values } = parseArgs({ options: { fleet: { type: "string" } } });

const moto = await startMoto();
const signal = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
try {
  if (values.fleet) await seedMoto(moto.url, JSON.parse(await readFile(values.fleet, "utf8")) as Fleet);
  console.log(JSON.stringify({ url: moto.url }));
  await signal;
} finally {
  await moto.stop();
}

/** Writes `deploy/install.yaml`. */
import { writeFile } from "node:fs/promises";
import { INSTALL_YAML, installYaml } from "./install.ts";

await writeFile(INSTALL_YAML, await installYaml());
console.log("wrote deploy/install.yaml");

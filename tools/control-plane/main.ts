/** Resolves the control plane's binaries or runs a control plane by hand; see `usage`. */
import { once } from "node:events";
import { resolveBinaries } from "./binaries.ts";
import { startControlPlane } from "./control-plane.ts";

const usage = `usage: node tools/control-plane/main.ts <command>

commands:
  binaries   finds, downloads or builds etcd and kube-apiserver and prints their folder
  run        runs a control plane until Ctrl-C and prints its kubeconfig and addresses`;

switch (process.argv[2]) {
  case "binaries":
    console.log(await resolveBinaries());
    break;
  case "run":
    await runUntilSignal();
    break;
  default:
    console.error(usage);
    process.exitCode = 2;
}

async function runUntilSignal(): Promise<void> {
  const controlPlane = await startControlPlane({ binaries: await resolveBinaries() });
  const signal = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  console.log(`kubeconfig  ${controlPlane.adminKubeconfigPath}`);
  console.log(`API server  ${controlPlane.url}`);
  console.log(`issuer      ${controlPlane.issuer}`);
  console.log(`JWKS        ${controlPlane.jwksPath}`);
  console.log(`logs        ${controlPlane.dataDir}`);
  console.log(
    `\nexport KUBECONFIG=${controlPlane.adminKubeconfigPath}\nCtrl-C ends it and removes its data.`,
  );
  await signal;
  await controlPlane.stop();
}

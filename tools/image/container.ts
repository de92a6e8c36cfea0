/** Runs a program in the image's files as a container runtime would with the Deployment's security context. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { DISTROLESS_ENV } from "./distroless.ts";
import type { Rootfs } from "./rootfs.ts";

/**
 * In a mount namespace of its own: the root read-only, /proc, the devices of every container, the ServiceAccount's token.
 * Then into the root as the user, in the folder; no capability is left, and none can be
 * won back.
 */
const START = `
set -eu
root=$1 wd=$2 uid=$3 gid=$4 token=$5
shift 5
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
if [ -n "$token" ]; then
  place=$root/var/run/secrets/kubernetes.io/serviceaccount
  mkdir -p "$place"
  mount --bind "$token" "$place"
  mount -o remount,bind,ro "$place"
fi
mount -o remount,ro "$root/dev"
mount -o remount,bind,ro "$root"
exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all,+setuid,+setgid,+sys_chroot \\
  unshare --root="$root" --wd="$wd" --setuid="$uid" --setgid="$gid" -- "$@"
`;

export interface ContainerOptions {
  /** In place of the image's CMD. */
  readonly args?: readonly string[];
  /** In place of the image's ENTRYPOINT. */
  readonly entrypoint?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that is mounted where a pod finds its ServiceAccount's token. */
  readonly serviceAccount?: string;
}

/** A process within, process 1 of its own PID namespace. It shares the network. Killing `child` ends all of it. */
export interface Container {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** The program's process id as the machine sees it. Throws until it has one. */
  pid(): Promise<number>;
}

/** Starts it. Throws where this is not root of a Linux, since only root may make such a root filesystem its own. */
export function runContainer({ root, stage }: Rootfs, options: ContainerOptions = {}): Container {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    throw new Error(
      "an image's root can be entered by root on Linux alone: run this with sudo, or in a virtual machine",
    );
  const { args = stage.command, entrypoint = stage.entrypoint, env = {}, serviceAccount = "" } = options;
  const place = [root, stage.workdir, `${stage.user.uid}`, `${stage.user.gid}`, serviceAccount];
  const command = ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", START, "sh", ...place];
  const child = spawn("unshare", [...command, ...entrypoint, ...args], {
    env: { ...DISTROLESS_ENV, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { child, pid: () => childOf(child.pid) };
}

async function childOf(parent: number | undefined): Promise<number> {
  const children = await readFile(`/proc/${parent}/task/${parent}/children`, "utf8");
  const pid = Number.parseInt(children, 10);
  if (Number.isNaN(pid)) throw new Error(`process ${parent} has no child`);
  return pid;
}

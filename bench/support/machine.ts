import { arch, cpus, platform, totalmem } from "node:os";

/** What figures were measured on, as one line. */
export function describeMachine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() || "unknown CPU";
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${model}, ${processors.length} cores, ${memory} GiB, ${platform()} ${arch()}, Node ${process.version}`;
}

/** What the operator holds of the machine; `bench/footprint` measures it, this keeps it from growing unseen. */
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { settled } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";

const ACCOUNT = "111111111111";
const NOTEBOOKS = 100;
/** A third more than the target of docs/benchmarks.md: what is resident depends on the machine's pages and threads. */
const CEILING_MIB = 130;

function fleet(namespace: string): Fleet {
  const subjects = [`system:serviceaccount:${namespace}:scanner`];
  const notebooks = Array.from({ length: NOTEBOOKS }, (_, n) => ({
    name: `n-${n}`,
    directInternetAccess: "Disabled" as const,
  }));
  return {
    accounts: [
      {
        id: ACCOUNT,
        name: "one",
        roles: [{ name: "Hub", trust: { webIdentity: { subjects } } }],
        regions: { "us-east-1": { notebooks } },
      },
    ],
  };
}

/** Has Node.js tell, when it ends, which of its own modules it has loaded. */
const TELL_MODULES = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => console.error(JSON.stringify({ builtins: process.moduleLoadList })))',
)}`;

const stack = useStack({ fleet, env: { NODE_OPTIONS: `--import=${TELL_MODULES}` } });

it("a scan fits into the memory that is promised, and needs nothing of Node's own fetch", async () => {
  const { scans, operator, serviceAccount } = stack();
  await serviceAccount("scanner", `arn:aws:iam::${ACCOUNT}:role/Hub`);
  const spec = { credentials: { serviceAccountName: "scanner" }, regions: { include: ["us-east-1"] } };
  await scans.apply({ name: "one", spec });
  const { status } = await scans.until("one", "scanned", settled);
  expect(status?.summary).toMatchObject({ compliant: NOTEBOOKS });
  expect(await operator.scrape("awsaccountscan_build_info")).toHaveLength(1);
  expect(await residentMiB(operator.pid)).toBeLessThan(CEILING_MIB);

  await operator.stop();
  const told = operator.lines.find((line) => line.includes('"builtins"')) ?? "{}";
  const { builtins = [] } = JSON.parse(told) as { builtins?: readonly string[] };
  expect(builtins).toContain("NativeModule http");
  expect(builtins).not.toContain("NativeModule internal/deps/undici/undici");
});

async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
}

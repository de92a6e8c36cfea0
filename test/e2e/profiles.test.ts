import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { afterAll, describe, expect, it } from "vitest";
import type { Fleet } from "../../tools/aws-simulator/fleet.ts";
import { eventually } from "../support/cluster.ts";
import { leaksIn } from "../support/credentials-secrets.ts";
import { settled } from "../support/scans.ts";
import { useStack } from "../support/stack.ts";

const A = "111111111111";
const HUB = `arn:aws:iam::${A}:role/Hub`;

const stack = useStack({
  fleet: (namespace): Fleet => ({
    accounts: [
      {
        id: A,
        name: "one",
        enabledRegions: ["us-east-1"],
        roles: [
          {
            name: "Hub",
            trust: { webIdentity: { subjects: [`system:serviceaccount:${namespace}:scanner`] } },
          },
        ],
        regions: {
          "us-east-1": {
            notebooks: Array.from({ length: 500 }, (_, n) => ({
              name: `notebook-${n}`,
              directInternetAccess: "Disabled",
            })),
          },
        },
      },
    ],
  }),
  args: ["--profiling-port=0"],
});

/** What V8 writes of a CPU profile: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
interface CpuProfile {
  readonly nodes: readonly { readonly callFrame: { readonly url: string; readonly functionName: string } }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
  readonly startTime: number;
  readonly endTime: number;
}

interface HeapProfile {
  readonly head: { readonly children: readonly unknown[] };
  readonly samples: readonly { readonly size: number }[];
}

function portOf(lines: readonly string[]): number {
  const line = lines.find((candidate) => candidate.includes('"server":"profiling"'));
  if (line === undefined) throw new Error("the log tells no port of profiles");
  return (JSON.parse(line) as { port: number }).port;
}

const get = (path: string, init: RequestInit = {}, host = "127.0.0.1") =>
  fetch(`http://${host}:${portOf(stack().operator.lines)}/debug/pprof/${path}`, init);

const impatience = new AbortController();
afterAll(() => impatience.abort());

/** Scans over and over, anew each time, until the returned function is called. */
async function keepScanning(): Promise<() => Promise<void>> {
  const { scans, serviceAccount } = stack();
  await serviceAccount("scanner", HUB);
  let isOver = false;
  const spec = {
    credentials: { serviceAccountName: "scanner" },
    regions: { include: ["us-east-1"] },
    interval: "1h",
  };
  await scans.apply({ name: "busy", spec });
  await scans.until("busy", "scanned", settled);
  const loop = (async () => {
    while (!isOver) {
      const token = await scans.request("busy");
      await scans.until("busy", "scanned again", ({ status }) =>
        expect(status?.lastHandledReconcileAt).toBe(token),
      );
    }
  })();
  return async () => {
    isOver = true;
    await loop;
  };
}

describe("profiles of the operator", () => {
  it("tell what the CPU's time went to and what memory is held, while it scans, and nothing secret", async () => {
    const stop = await keepScanning();
    try {
      const cpu = await get("profile?seconds=2");
      expect(cpu.status).toBe(200);
      expect(cpu.headers.get("content-type")).toMatch("application/json");
      expect(cpu.headers.get("content-disposition")).toMatch(
        /^attachment; filename="awsscan-[\dTZ-]+\.cpuprofile"$/,
      );
      const cpuText = await cpu.text();
      const { nodes, samples, timeDeltas, startTime, endTime } = JSON.parse(cpuText) as CpuProfile;
      expect(samples.length).toBeGreaterThan(10);
      expect(timeDeltas).toHaveLength(samples.length);
      expect(endTime).toBeGreaterThan(startTime);
      expect(nodes.some(({ callFrame }) => callFrame.url.includes("/dist/"))).toBe(true);

      // A sample is of what is still held at the end: a short profile of little work may have none.
      const heapText = await eventually(
        async () => {
          const heap = await get("heap?seconds=2");
          expect(heap.status).toBe(200);
          expect(heap.headers.get("content-disposition")).toMatch(/\.heapprofile"$/);
          const text = await heap.text();
          const { head, samples: allocations } = JSON.parse(text) as HeapProfile;
          expect(head.children.length).toBeGreaterThan(0);
          expect(allocations.reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(0);
          return text;
        },
        { describe: "a heap profile has samples", timeoutMs: 60_000 },
      );
      expect(leaksIn([cpuText, heapText], ["notebook-1"]).map(({ kind }) => kind)).toEqual([]);
    } finally {
      await stop();
    }
  });

  it.each([
    "seconds=0",
    "seconds=61",
    "seconds=1.5",
    "seconds=1e1",
    "seconds=",
    "seconds=1&seconds=2",
    "minutes=1",
  ])("are refused with %s, saying what is allowed", async (query) => {
    const answer = await get(`profile?${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toBe(
      "seconds must be a whole number from 1 to 60, and is the only parameter\n",
    );
  });

  it("are taken one at a time, and no longer than somebody waits for them", async () => {
    const abandoned = get("profile?seconds=60", { signal: impatience.signal }).catch(
      (error: unknown) => error,
    );
    await eventually(
      async () => {
        const answer = await get("heap?seconds=1");
        expect(await answer.text()).toBe("a profile is being taken; try again later\n");
        expect(answer.status).toBe(409);
      },
      { describe: "the second profile is refused" },
    );
    impatience.abort();
    expect(await abandoned).toMatchObject({ name: "AbortError" });
    await eventually(async () => expect((await get("heap?seconds=1")).status).toBe(200), {
      describe: "the next profile is taken",
    });
  });

  it("are to be had on the loopback's own address alone, and hold no snapshot of the heap", async () => {
    expect((await get("snapshot")).status).toBe(404);
    // The whole of 127.0.0.0/8 is this machine: a server on every address would answer.
    await expect(get("heap?seconds=1", {}, "127.0.0.2")).rejects.toThrow("fetch failed");
  });

  it.each([{ host: "evil.example" }, { origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }])(
    "are refused to a page that a browser has open: %o",
    async (headers) => {
      const url = new URL(`http://127.0.0.1:${portOf(stack().operator.lines)}/debug/pprof/heap?seconds=1`);
      const asked = request(url, { headers });
      asked.end();
      const [answer] = (await once(asked, "response")) as [IncomingMessage];
      answer.resume();
      expect(answer.statusCode).toBe(403);
    },
  );

  it("do not keep the operator from stopping", async () => {
    const { operator } = stack();
    const cut = get("profile?seconds=60").catch((error: unknown) => error);
    await eventually(async () => expect((await get("heap?seconds=1")).status).toBe(409));
    expect(await operator.stop()).toBe(0);
    expect(await cut).toBeInstanceOf(Error);
  });
});

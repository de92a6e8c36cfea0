import { pino } from "pino";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Check } from "./checks.ts";
import { healthServer } from "./health.ts";
import { listen } from "./server.ts";

/** A server on a port of its own, whose checks fail as `failures` says at the time. */
async function rig(failures: Record<string, string> = {}) {
  const logged: { level: number; msg: string; check?: string; reason?: string }[] = [];
  const log = pino({ level: "info" }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const check = (name: string): Check => ({ name, failure: () => failures[name] });
  const throwing: Check = {
    name: "informer",
    failure() {
      if (failures["informer"] === "throw") throw new Error("defect");
      return failures["informer"];
    },
  };
  const checks = { live: [check("reconciles"), throwing], ready: [check("api-server")] };
  const server = healthServer(checks, log);
  onTestFinished(() => server.close());
  const port = await listen(server, "health", 0, pino({ enabled: false }));
  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return [answer.status, await answer.text()] as const;
  };
  return { failures, logged, get };
}

describe("the health server", () => {
  it.each([
    ["/livez", "ok\n"],
    ["/healthz", "ok\n"],
    ["/readyz", "ok\n"],
    ["/livez/informer", "ok\n"],
    ["/livez?verbose", "[+]reconciles ok\n[+]informer ok\nlivez check passed\n"],
    ["/readyz?verbose", "[+]reconciles ok\n[+]informer ok\n[+]api-server ok\nreadyz check passed\n"],
    ["/readyz/api-server?verbose", "[+]api-server ok\nreadyz check passed\n"],
  ])("answers %s briefly, or at length where that is asked", async (path, body) => {
    const { get } = await rig();
    expect(await get(path)).toEqual([200, body]);
  });

  it("says why a check fails", async () => {
    const { get } = await rig({ reconciles: "reconcile of team/x has run for 7m12s" });
    const line = "[-]reconciles failed: reconcile of team/x has run for 7m12s\n";
    expect(await get("/livez")).toEqual([503, `${line}[+]informer ok\nlivez check failed\n`]);
    expect(await get("/readyz")).toEqual([
      503,
      `${line}[+]informer ok\n[+]api-server ok\nreadyz check failed\n`,
    ]);
    expect(await get("/livez/reconciles")).toEqual([503, `${line}livez check failed\n`]);
    expect((await get("/livez/informer"))[0]).toBe(200);
  });

  it("does not restart for what is only not ready", async () => {
    const { get } = await rig({ "api-server": "last heard of 6m ago" });
    expect((await get("/livez"))[0]).toBe(200);
    expect((await get("/readyz"))[0]).toBe(503);
    expect((await get("/livez/api-server"))[0]).toBe(404);
  });

  it("leaves out what it is told to, and says where there is no such check", async () => {
    const { get } = await rig({ reconciles: "a", informer: "b" });
    expect((await get("/livez?exclude=reconciles"))[0]).toBe(503);
    expect((await get("/livez?exclude=reconciles&exclude=informer"))[0]).toBe(200);
    const [status, body] = await get("/livez?verbose&exclude=%0A%5B%2B%5Dlies");
    expect(status).toBe(503);
    expect(body).toContain("warn: there is no check of some of the names to exclude\n");
    expect(body).not.toContain("lies");
  });

  it("keeps each check in one line, without secrets, and takes one that throws for failed", async () => {
    const { get } = await rig({ reconciles: "a\n[+]b token=abc", informer: "throw" });
    expect(await get("/livez")).toEqual([
      503,
      "[-]reconciles failed: a [+]b token=[redacted]\n" +
        "[-]informer failed: the check itself failed: Error: defect\nlivez check failed\n",
    ]);
  });

  it("logs each change of colour once, with the reason", async () => {
    const { get, failures, logged } = await rig({ "api-server": "not yet" });
    const told = () => logged.splice(0).map(({ level, check, reason }) => [level, check, reason]);
    await get("/readyz");
    await get("/readyz");
    expect(told()).toEqual([[30, "api-server", "not yet"]]);
    delete failures["api-server"];
    await get("/readyz");
    await get("/readyz");
    expect(told()).toEqual([[30, "api-server", undefined]]);
    failures["reconciles"] = "wedged for 7m";
    await get("/livez");
    failures["reconciles"] = "wedged for 8m";
    await get("/readyz");
    await get("/healthz");
    expect(told()).toEqual([[40, "reconciles", "wedged for 7m"]]);
    delete failures["reconciles"];
    await get("/livez");
    expect(told()).toEqual([[30, "reconciles", undefined]]);
  });

  it("warns of a process that should be restarted, though it was never seen healthy", async () => {
    const { get, logged } = await rig({ reconciles: "wedged for 7m" });
    await get("/livez");
    expect(logged.map(({ level, check }) => [level, check])).toEqual([[40, "reconciles"]]);
  });
});

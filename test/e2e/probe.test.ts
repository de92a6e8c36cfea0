import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { freePort } from "../../tools/machine/free-port.ts";
import { cli } from "../support/cli.ts";

const servers: ReturnType<typeof createServer>[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("awsscan probe", () => {
  it("ends well as soon as every endpoint has answered 200", async () => {
    let asked = 0;
    const url = await serving((request, response) => {
      const red = request.url === "/readyz" && asked++ < 2;
      response.writeHead(red ? 503 : 200).end("checks\n");
    });
    const { code, stdout, stderr } = await cli(["probe", `${url}/readyz`, `${url}/metrics`]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(`${url}/readyz: 200\n${url}/metrics: 200\n`);
    expect(asked).toBe(3);
  });

  it("fails with what each endpoint said last, on one line that controls no terminal", async () => {
    const url = await serving((request, response) => {
      if (request.url === "/well") response.end();
      else response.writeHead(503).end(`[-]informer failed\n[+]queue ok\u001b[2J ${"x".repeat(100_000)}`);
    });
    const { code, stdout } = await cli(["probe", "--timeout=1s", `${url}/red`, `${url}/well`]);
    expect(code).toBe(1);
    const [red = "", well] = stdout.split("\n");
    expect(red).toContain("/red: 503 [-]informer failed; [+]queue ok\\u001b[2J x");
    expect(red.length).toBeLessThan(700);
    expect(well).toBe(`${url}/well: 200`);
  });

  it("takes no redirection for an answer", async () => {
    const url = await serving((request, response) => {
      if (request.url === "/there") response.end();
      else response.writeHead(302, { Location: "/there" }).end();
    });
    expect(await cli(["probe", "--timeout=1s", url])).toMatchObject({ code: 1, stdout: `${url}/: 302\n` });
  });

  it("waits no longer than it may for an endpoint that never answers", async () => {
    const url = await serving(() => undefined);
    const { code, stdout } = await cli(["probe", "--timeout=1s", url]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/timeout/);
  });

  it("says why nobody is reached", async () => {
    const port = await freePort();
    const { code, stdout } = await cli(["probe", "--timeout=1s", `http://127.0.0.1:${port}/readyz`]);
    expect(code).toBe(1);
    expect(stdout).toContain(`:${port}/readyz: connect ECONNREFUSED`);
  });

  it.each(["readyz", "ftp://a/b", "http://user:secret@host/"])("refuses %s as no endpoint", async (url) => {
    const { code, stderr } = await cli(["probe", url]);
    expect(code).toBe(1);
    expect(stderr).toContain("Give a URL such as http://localhost:8081/readyz.");
  });
});

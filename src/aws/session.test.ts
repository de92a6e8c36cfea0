import { describe, expect, it } from "vitest";
import { Session, Sessions } from "./session.ts";

const MINUTE = 60_000;

describe("Session.credentials", () => {
  function rig() {
    let now = 0;
    let asked = 0;
    const session = new Session(
      "test",
      async () => {
        asked += 1;
        return { accessKeyId: String(asked), secretAccessKey: "", expiration: new Date(now + 60 * MINUTE) };
      },
      () => now,
    );
    return { session, asked: () => asked, pass: (ms: number) => (now += ms) };
  }

  it("asks once for all who ask at the same time", async () => {
    const { session, asked } = rig();
    await Promise.all([session.credentials(), session.credentials(), session.credentials()]);
    expect(asked()).toBe(1);
  });

  it("asks again five minutes before the end", async () => {
    const { session, asked, pass } = rig();
    await session.credentials();
    pass(54 * MINUTE);
    expect((await session.credentials()).accessKeyId).toBe("1");
    pass(MINUTE);
    // Nobody waits for that while what is held is still good.
    expect((await session.credentials()).accessKeyId).toBe("1");
    expect((await session.credentials()).accessKeyId).toBe("2");
    expect(asked()).toBe(2);
  });

  it("goes on with what is still good where a renewal fails, and no longer than that", async () => {
    let now = 0;
    let fail = false;
    const session = new Session(
      "test",
      async () => {
        if (fail) throw new Error("not now");
        return { accessKeyId: "1", secretAccessKey: "", expiration: new Date(60 * MINUTE) };
      },
      () => now,
    );
    await session.credentials();
    fail = true;
    now = 58 * MINUTE;
    expect((await session.credentials()).accessKeyId).toBe("1");
    now = 60 * MINUTE;
    await expect(session.credentials()).rejects.toThrow("not now");
  });

  it("does not ask for every request where sessions are short", async () => {
    let asked = 0;
    const session = new Session(
      "test",
      async () => {
        asked += 1;
        return { accessKeyId: "1", secretAccessKey: "", expiration: new Date(2 * MINUTE) };
      },
      () => 0,
    );
    await session.credentials();
    await session.credentials();
    expect(asked).toBe(1);
  });

  it("does not keep a failure", async () => {
    let fail = true;
    const session = new Session("test", async () => {
      if (fail) throw new Error("not now");
      return { accessKeyId: "1", secretAccessKey: "" };
    });
    await expect(session.credentials()).rejects.toThrow("not now");
    fail = false;
    expect((await session.credentials()).accessKeyId).toBe("1");
  });
});

describe("Session.renew", () => {
  it("gives up credentials that AWS refuses before their time", async () => {
    let asked = 0;
    const session = new Session("test", async () => ({ accessKeyId: String(++asked), secretAccessKey: "" }));
    await session.credentials();
    session.renew(await session.credentials());
    expect((await session.credentials()).accessKeyId).toBe("2");
  });
});

describe("Session.renew", () => {
  it("asks once however many requests were refused, and not for what is fresh", async () => {
    let asked = 0;
    let now = 0;
    const ask = async () => ({ accessKeyId: String(++asked), secretAccessKey: "" });
    const session = new Session("test", ask, () => now);
    const refused = await session.credentials();
    expect(session.renew(refused, MINUTE)).toBe(false);
    now = MINUTE;
    expect(session.renew(refused, MINUTE)).toBe(true);
    await session.credentials();
    // The answer to another request that was signed with the old ones comes late.
    expect(session.renew(refused)).toBe(true);
    expect((await session.credentials()).accessKeyId).toBe("2");
  });

  it("has nobody wait for it while what is held is good, and pauses where it fails", async () => {
    let now = 0;
    let asked = 0;
    const session = new Session(
      "test",
      () => {
        asked += 1;
        const fresh = { accessKeyId: "1", secretAccessKey: "", expiration: new Date(60 * MINUTE) };
        return asked === 1
          ? Promise.resolve(fresh)
          : new Promise((_, reject) => setImmediate(reject, new Error("no")));
      },
      () => now,
    );
    await session.credentials();
    now = 56 * MINUTE;
    for (let at = 0; at < 3; at++) expect((await session.credentials()).accessKeyId).toBe("1");
    expect(asked).toBe(2);
    await new Promise(setImmediate);
    await session.credentials();
    expect(asked).toBe(2);
    now += MINUTE;
    await session.credentials();
    expect(asked).toBe(3);
  });
});

describe("A session whose clock was set", () => {
  it("uses credentials that are over by a clock that is ahead, rather than ask for each request", async () => {
    let asked = 0;
    let now = 10 * 60 * MINUTE;
    const fresh = async () => ({
      accessKeyId: String(++asked),
      secretAccessKey: "",
      expiration: new Date(60 * MINUTE),
    });
    const session = new Session("test", fresh, () => now);
    for (let at = 0; at < 3; at++) expect((await session.credentials()).accessKeyId).toBe("1");
    now += 15 * MINUTE;
    expect((await session.credentials()).accessKeyId).toBe("2");
  });

  it("takes nothing for new, and no fact for known, by a clock that was set back", async () => {
    let asked = 0;
    let now = 60 * MINUTE;
    const ask = async () => ({ accessKeyId: String(++asked), secretAccessKey: "" });
    const session = new Session("test", ask, () => now);
    const refused = await session.credentials();
    const fact = () => session.fact("it", 30 * MINUTE, async () => ++asked, new AbortController().signal);
    expect([await fact(), await fact()]).toEqual([2, 2]);
    now = 0;
    expect(await fact()).toBe(3);
    expect(session.renew(refused, MINUTE)).toBe(true);
    expect(await session.credentials()).not.toBe(refused);
  });
});

describe("Session.fact", () => {
  const { signal } = new AbortController();

  function rig() {
    let now = 0;
    let asked = 0;
    const session = new Session(
      "test",
      async () => ({ accessKeyId: "1", secretAccessKey: "" }),
      () => now,
    );
    const ask = (lifetimeMs: number, by = signal) => session.fact("it", lifetimeMs, async () => ++asked, by);
    return { session, ask, pass: (ms: number) => (now += ms) };
  }

  it("is asked once for all, and again when its time is over", async () => {
    const { ask, pass } = rig();
    expect(await Promise.all([ask(MINUTE), ask(MINUTE)])).toEqual([1, 1]);
    pass(MINUTE);
    expect(await ask(MINUTE)).toBe(2);
  });

  it("is asked again of new credentials, which may be another's", async () => {
    const { session, ask } = rig();
    await ask(MINUTE);
    session.renew(await session.credentials());
    expect(await ask(MINUTE)).toBe(2);
  });

  it("is not remembered where it failed", async () => {
    const session = new Session("test", async () => ({ accessKeyId: "1", secretAccessKey: "" }));
    const failing = session.fact("it", MINUTE, () => Promise.reject(new Error("not now")), signal);
    await expect(failing).rejects.toThrow("not now");
    expect(await session.fact("it", MINUTE, async () => 1, signal)).toBe(1);
  });

  it("is given up by a scan that ends, and stays for the others", async () => {
    const session = new Session("test", async () => ({ accessKeyId: "1", secretAccessKey: "" }));
    const answer = Promise.withResolvers<number>();
    const ending = new AbortController();
    const given = session.fact("it", MINUTE, () => answer.promise, ending.signal);
    const kept = session.fact("it", MINUTE, () => answer.promise, signal);
    ending.abort(new Error("deadline"));
    await expect(given).rejects.toThrow("deadline");
    answer.resolve(7);
    expect(await kept).toBe(7);
  });
});

describe("Sessions", () => {
  it("keeps a session a key", () => {
    const sessions = new Sessions();
    const open = (key: string) => () =>
      new Session(key, async () => ({ accessKeyId: "", secretAccessKey: "" }));
    const first = sessions.get("a", open("a"));
    expect(sessions.get("a", open("a"))).toBe(first);
    expect(sessions.get("b", open("b"))).not.toBe(first);
  });
});

import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { electionOptions } from "./election-options.ts";
import { addOperatorOptions, type OperatorOptions } from "./operator-options.ts";

const FACTS = { namespace: "operators", hostname: "pod-1", uuid: "0f8e" };

function parse(...args: string[]) {
  let refusal = "";
  const command = addOperatorOptions(new Command("operator"))
    .exitOverride()
    .configureOutput({
      writeErr: (text) => {
        refusal += text;
      },
    })
    .action(() => undefined);
  try {
    command.parse(args, { from: "user" });
  } catch {
    return { refusal };
  }
  return { settings: electionOptions(command.opts<OperatorOptions>(), FACTS) };
}

describe("the flags of leader election", () => {
  it("have client-go's defaults, and a new identity for every process", () => {
    expect(parse().settings).toEqual({
      mode: "leader",
      timing: { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 },
      name: "aws-account-scan-operator",
      namespace: "operators",
      identity: "pod-1_0f8e",
    });
  });

  it.each([
    [[], "leader"],
    [["--leader-elect"], "leader"],
    [["--leader-elect=false"], "alone"],
    [["--sharding"], "shards"],
    [["--sharding", "--leader-elect"], "shards"],
    [["--sharding", "--leader-elect=false"], "shards"],
    [["--sharding=false", "--leader-elect=false"], "alone"],
  ])("%j: %s", (args, mode) => {
    expect(parse(...args).settings?.mode).toBe(mode);
  });

  it("name one Lease for one set of namespaces, in whatever order, and another for another", () => {
    const name = (...args: string[]) => parse(...args).settings?.name;
    expect(name("--watch-namespaces=b,a")).toMatch(/^aws-account-scan-operator-[0-9a-f]{8}$/);
    expect(name("--watch-namespaces=a,b,a")).toBe(name("--watch-namespaces=b,a"));
    expect(name("--watch-namespaces=a")).not.toBe(name("--watch-namespaces=b"));
    expect(name("--watch-namespaces=a", "--leader-elect-resource-name=team.lock")).toBe("team.lock");
    expect(parse("--leader-elect-resource-namespace=locks").settings?.namespace).toBe("locks");
  });

  it.each([
    ["--leader-elect-resource-name=Team", "Give a DNS-1123 name of at most 63 characters"],
    ["--leader-elect-resource-name=a..b", "Give a DNS-1123 name"],
    [`--leader-elect-resource-name=${"a".repeat(64)}`, "at most 63 characters"],
    ["--leader-elect-resource-namespace=a.b", "Give the name of a namespace"],
    ["--leader-elect-lease-duration=500ms", "at least 1s"],
    ["--leader-elect-retry-period=0s", "at least 100ms"],
    ["--sharding=maybe", "Give true or false"],
    [
      "--leader-elect-renew-deadline=15s",
      "--leader-elect-lease-duration (15s) must be longer than --leader-elect-renew-deadline (15s), and that longer than 1.2 times --leader-elect-retry-period (2s)",
    ],
    ["--leader-elect-retry-period=9s", "(15s) must be longer"],
  ])("refuse %s", (arg, message) => {
    expect(parse(arg).refusal).toContain(message);
  });
});

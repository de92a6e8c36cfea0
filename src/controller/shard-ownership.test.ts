import { describe, expect, it } from "vitest";
import type { AwsAccountScan, AwsAccountScanStatus } from "../api/generated/awsaccountscan.ts";
import { ownerOf } from "../election/ring.ts";
import { HAND_OVER_MS, ShardOwnership } from "./shard-ownership.ts";

const NOW = Date.UTC(2026, 0, 1);
const TIME = new Date(NOW).toISOString();
const MEMBERS = ["a", "b", "c"];
const RUNNING = { id: "1", trigger: "Scheduled", startTime: TIME } as const;

function scanOf(uid: string, status: AwsAccountScanStatus = {}): AwsAccountScan {
  return {
    apiVersion: "awsaccountscan.dev/v1alpha1",
    kind: "AwsAccountScan",
    metadata: {
      name: "scan",
      namespace: "team",
      uid,
      resourceVersion: "1",
      generation: 1,
      creationTimestamp: TIME,
    },
    spec: {},
    status,
  };
}

/** The UID of a scan that falls to `member`. */
function uidOf(member: string): string {
  const uid = Array.from({ length: 1_000 }, (_, n) => `uid-${n}`).find(
    (each) => ownerOf(MEMBERS, each) === member,
  );
  if (uid === undefined) throw new Error(`no scan falls to ${member}`);
  return uid;
}

function rig(members = { now: MEMBERS as readonly string[] }) {
  const ownership = new ShardOwnership("a", { members: () => members.now }, 4_000);
  const turn = (status?: AwsAccountScanStatus, ms = NOW, uid = uidOf("a")) =>
    ownership.turn(scanOf(uid, status), ms);
  return { members, turn, ownership };
}

const ownedBy = (identity: string) => ({ owner: { identity, epoch: 3 } });

describe("a scan that is shared", () => {
  it("is the one's to whom it falls, and nobody's while he does not take part", () => {
    const { members, turn } = rig();
    expect(turn()).toBe("ours");
    expect(turn({}, NOW, uidOf("b"))).toBe("theirs");
    members.now = [];
    expect(turn()).toBe("theirs");
  });

  it("is taken at once from who is dead, or is at rest with it", () => {
    const { turn } = rig();
    expect(turn({ ...ownedBy("dead"), currentScan: RUNNING })).toBe("ours");
    expect(turn(ownedBy("b"))).toBe("ours");
    expect(turn({ ...ownedBy("a"), currentScan: RUNNING })).toBe("ours");
  });

  it("is left to who scans it until that has ended, and no longer than is promised", () => {
    const { turn } = rig();
    const running = { ...ownedBy("b"), currentScan: RUNNING };
    expect(turn(running)).toEqual({ from: NOW + HAND_OVER_MS });
    expect(turn(running, NOW + HAND_OVER_MS - 1)).toEqual({ from: NOW + HAND_OVER_MS });
    expect(turn(running, NOW + HAND_OVER_MS)).toBe("ours");
    expect(turn(running, NOW + 1)).toEqual({ from: NOW + 1 + HAND_OVER_MS });
    expect(turn(ownedBy("b"), NOW + 2)).toBe("ours");
  });

  it("is taken back from one that lives once he must know better, and from one that does not at once", () => {
    const { ownership } = rig();
    expect([ownership.patienceMs("b"), ownership.patienceMs("dead")]).toEqual([4_000, 0]);
  });
});

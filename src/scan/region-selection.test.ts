import { describe, expect, it } from "vitest";
import {
  chooseRegions,
  literalRegions,
  needsLookUp,
  type RegionSelection,
  selects,
} from "./region-selection.ts";

describe("selects", () => {
  it.each<[RegionSelection, string, boolean]>([
    [{}, "us-east-1", true],
    [{ include: ["eu-*"] }, "eu-west-1", true],
    [{ include: ["eu-*"] }, "us-east-1", false],
    [{ exclude: ["eu-west-1"] }, "eu-west-1", false],
    [{ exclude: ["eu-west-1"] }, "eu-west-2", true],
    [{ include: ["eu-*"], exclude: ["*-west-*"] }, "eu-west-1", false],
    [{ include: ["eu-*"], exclude: ["*-west-*"] }, "eu-north-1", true],
    [{ include: ["eu-west-1"], exclude: ["eu-*"] }, "eu-west-1", false],
    [{ include: [] }, "us-east-1", false],
  ])("%j of %s: %s", (selection, region, expected) => {
    expect(selects(selection, region)).toBe(expected);
  });
});

describe("literalRegions", () => {
  it.each<[RegionSelection, string[]]>([
    [{}, []],
    [{ include: ["us-east-1", "eu-*", "us-east-1"] }, ["us-east-1"]],
    [{ include: ["us-east-1", "eu-west-1"], exclude: ["eu-*"] }, ["us-east-1"]],
  ])("of %j are %j", (selection, expected) => {
    expect(literalRegions(selection)).toEqual(expected);
  });
});

describe("needsLookUp", () => {
  it.each<[RegionSelection, boolean]>([
    [{}, true],
    [{ exclude: ["eu-west-1"] }, true],
    [{ include: ["us-east-1", "eu-*"] }, true],
    [{ include: ["us-east-1"], exclude: ["eu-*"] }, false],
  ])("for %j: %s", (selection, expected) => {
    expect(needsLookUp(selection)).toBe(expected);
  });
});

describe("chooseRegions", () => {
  const enabled = ["eu-north-1", "eu-west-1", "us-east-1"];

  it.each<[RegionSelection, readonly string[] | undefined, string[]]>([
    [{}, enabled, enabled],
    [{ exclude: ["eu-*"] }, enabled, ["us-east-1"]],
    [{ include: ["eu-*"], exclude: ["eu-west-1"] }, enabled, ["eu-north-1"]],
    [{ include: ["ap-south-1", "eu-*"], exclude: ["*-west-*"] }, enabled, ["ap-south-1", "eu-north-1"]],
    [{ include: ["us-east-1", "us-*"] }, enabled, ["us-east-1"]],
    [{ include: ["ap-south-1", "us-east-1"], exclude: ["us-*"] }, undefined, ["ap-south-1"]],
    // All that the glob means is left out on purpose, and something remains.
    [{ include: ["ap-south-1", "eu-*"], exclude: ["eu-*-1"] }, enabled, ["ap-south-1"]],
  ])("takes of %j where %j are enabled %j", (selection, here, expected) => {
    expect(chooseRegions(selection, here)).toEqual({ regions: expected });
  });

  it.each<[RegionSelection, readonly string[] | undefined, string[], string, string]>([
    [
      { include: ["ap-*"] },
      enabled,
      [],
      "not-enabled",
      "None of the 3 regions enabled in the account matches ap-*.",
    ],
    [
      { include: ["us-east-1", "ap-*"] },
      enabled,
      ["us-east-1"],
      "not-enabled",
      "None of the 3 regions enabled in the account matches ap-*.",
    ],
    [
      { include: ["eu-*"], exclude: ["eu-*-1"] },
      enabled,
      [],
      "failed",
      "spec.regions.exclude leaves nothing of eu-*.",
    ],
    [
      { exclude: ["*"] },
      enabled,
      [],
      "failed",
      "spec.regions.exclude leaves nothing of every enabled region.",
    ],
    [
      { include: ["us-east-1", "us-west-2"], exclude: ["us-*"] },
      undefined,
      [],
      "failed",
      "spec.regions.exclude leaves nothing of us-east-1, us-west-2.",
    ],
  ])("tells what %j lacks where %j are enabled", (selection, here, regions, kind, message) => {
    expect(chooseRegions(selection, here)).toEqual({ regions, lack: { kind, message } });
  });
});

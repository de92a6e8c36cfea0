/** What tenants write into specs: globs, regions, exemptions. */
import fc from "fast-check";
import { expect } from "vitest";
import { fuzz } from "../../test/support/fuzz.ts";
import { damagedText } from "../../test/support/mutations.ts";
import { NOTEBOOK_INSTANCE, type Resource } from "../rules/resource.ts";
import { candidates, expiriesOf, matchTags } from "./exemptions.ts";
import { matchesGlob } from "./glob.ts";
import { chooseRegions, selects } from "./region-selection.ts";

const RESOURCE: Resource = {
  type: NOTEBOOK_INSTANCE,
  arn: "arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/constructor",
  name: "constructor",
  account: "123456789012",
  region: "us-east-1",
  directInternetAccess: "Enabled",
};
const glob = damagedText(
  ["*", "con*", "*tor", "us-*", "123456789012", `${"*a".repeat(100)}*`, "__proto__"],
  2,
);
const globs = fc.option(fc.array(glob, { maxLength: 3 }), { nil: undefined });
const tags = fc.option(
  fc.dictionary(fc.constantFrom("__proto__", "constructor", "owner", ""), fc.constantFrom("", "x", "y")),
  { nil: undefined },
);
const times = fc.option(damagedText(["2027-01-31T00:00:00Z", "2020-01-01T00:00:00+99:99"], 1), {
  nil: undefined,
});

fuzz(
  "a resource is exempt only by an entry of every field, in time, and never by tags alone",
  500,
  fc.tuple(
    fc.record({ arns: globs, names: globs, accounts: globs, regions: globs, tags }),
    times,
    fc.dictionary(fc.string(), fc.string()),
  ),
  ([match, expiresAt, owned]) => {
    const exemption = { name: "e", reason: "r", match, expiresAt };
    const now = Date.parse("2026-06-01T00:00:00Z");
    const { certain, byTags } = candidates([exemption], RESOURCE, now);
    expect(expiriesOf([exemption]).every(Number.isFinite)).toBe(true);
    if (certain === undefined && byTags.length === 0) return;
    const fields = [
      [match.arns, RESOURCE.arn],
      [match.names, RESOURCE.name],
      [match.accounts, RESOURCE.account],
      [match.regions, RESOURCE.region],
    ] as const;
    expect(fields.some(([entries]) => entries !== undefined)).toBe(true);
    for (const [entries, text] of fields)
      if (entries !== undefined) expect(entries.some((entry) => matchesGlob(entry, text))).toBe(true);
    if (expiresAt !== undefined) expect(Date.parse(expiresAt)).toBeGreaterThan(now);
    if (byTags.length === 0) return;
    const found = matchTags(byTags, new Map(Object.entries(owned)));
    const isTagged = Object.entries(match.tags ?? {}).some(
      ([key, value]) => Object.hasOwn(owned, key) && owned[key] === value,
    );
    expect(found !== undefined).toBe(isTagged);
  },
);

const ENABLED = ["eu-west-1", "us-east-1", "us-west-2"];
fuzz(
  "the regions of a selection are those that it means, and none at all only with a reason",
  300,
  fc.record({ include: globs, exclude: globs }),
  (selection) => {
    const { regions, lack } = chooseRegions(selection, ENABLED);
    expect(regions.every((region) => selects(selection, region))).toBe(true);
    expect(
      ENABLED.filter((region) => selects(selection, region)).every((region) => regions.includes(region)),
    ).toBe(true);
    expect(new Set(regions).size).toBe(regions.length);
    if (regions.length === 0) expect(lack?.message).toBeTruthy();
  },
);

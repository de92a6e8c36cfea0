import { describe, expect, it } from "vitest";
import { domainSource, notebookSource } from "../../../test/support/remediation.ts";
import { choicesFor } from "./choices.ts";

const MANIFEST = { subnetId: "subnet-m", securityGroupIds: ["sg-m"] };
const FLAGS = { subnet: "subnet-f", securityGroup: ["sg-f"] };

describe("the network of a replacement", () => {
  it("is the manifest's, where the instance has none and no flag says otherwise", () => {
    expect(choicesFor(notebookSource(), {}, MANIFEST, false)).toMatchObject(MANIFEST);
    const attached = notebookSource({ subnetId: "subnet-own", securityGroupIds: ["sg-own"] });
    expect(choicesFor(attached, {}, MANIFEST, false)).toEqual({});
  });

  it("is the flags', whatever else there is", () => {
    const chosen = { subnetId: "subnet-f", securityGroupIds: ["sg-f"] };
    expect(choicesFor(notebookSource({ subnetId: "subnet-own" }), FLAGS, MANIFEST, false)).toMatchObject(
      chosen,
    );
  });

  it("has no groups of the manifest in another subnet than its own", () => {
    expect(
      choicesFor(notebookSource(), { subnet: "subnet-f" }, MANIFEST, true).securityGroupIds,
    ).toBeUndefined();
    expect(choicesFor(notebookSource(), { subnet: "subnet-m" }, MANIFEST, true)).toMatchObject(MANIFEST);
  });
});

describe("the security groups of a domain", () => {
  const groupsOf = (
    ...[flags, network, isAlone, subnetIds = ["subnet-own"]]: [object, object, boolean, string[]?]
  ) => choicesFor(domainSource({ subnetIds }), flags, network, isAlone).securityGroupIds;

  it("are the flags' where nothing else is planned for, or the subnet is the domain's", () => {
    expect(groupsOf(FLAGS, {}, true)).toEqual(["sg-f"]);
    expect(groupsOf(FLAGS, {}, false)).toBeUndefined();
    expect(groupsOf(FLAGS, {}, false, ["subnet-f"])).toEqual(["sg-f"]);
  });

  it("are the manifest's only where its subnet is the domain's", () => {
    expect(groupsOf({}, MANIFEST, true)).toBeUndefined();
    expect(groupsOf({}, MANIFEST, false, ["subnet-m"])).toEqual(["sg-m"]);
  });
});

/** EC2, as far as its regions. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html */
import { AwsError, problem } from "./errors.ts";
import { endpointSuffix, regionsOf } from "./regions.ts";
import type { Operation, Service } from "./service.ts";
import { ec2Query } from "./wire.ts";

const describeRegions: Operation = {
  answer({ input, world, caller }) {
    const account = world.account(caller.accountId);
    if (!account) throw problem("ec2", "unknown-key");
    const { enabledRegions, partition } = account;
    const { always, optIn } = regionsOf(partition);
    const names = input.numbered("RegionName");
    const unknown = names.filter((name) => !always.includes(name) && !optIn.includes(name));
    if (unknown.length > 0)
      throw new AwsError("InvalidParameterValue", `Invalid region names: [${unknown.join(", ")}]`);
    const all = input.text("AllRegions") === "true";
    const regions = [...always, ...optIn]
      .filter((name) => (all || enabledRegions.has(name)) && (names.length === 0 || names.includes(name)))
      .map((name) => ({
        regionName: name,
        regionEndpoint: `ec2.${name}.${endpointSuffix(partition)}`,
        optInStatus: optInStatus(always.includes(name), enabledRegions.has(name)),
      }));
    return { regionInfo: regions };
  },
};

/** Answers in every region that the caller's account can reach. */
export const ec2: Service = {
  name: "ec2",
  protocol: ec2Query("http://ec2.amazonaws.com/doc/2016-11-15/"),
  operations: { DescribeRegions: describeRegions },
  assertRegion(world, accountId, region) {
    if (!world.isReachable(accountId, region)) throw problem("ec2", "unknown-key");
  },
};

function optInStatus(always: boolean, enabled: boolean): string {
  if (always) return "opt-in-not-required";
  return enabled ? "opted-in" : "not-opted-in";
}

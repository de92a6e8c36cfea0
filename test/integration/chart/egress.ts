import { BlockList, isIPv6 } from "node:net";

/** The egress half of a NetworkPolicy, as far as our charts use it. */
export interface EgressRule {
  readonly to?: readonly {
    readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
    readonly namespaceSelector?: object;
    readonly podSelector?: object;
  }[];
  readonly ports?: readonly { readonly port: number; readonly protocol?: string }[];
}

/**
 * Whether a pod under these rules may open a connection to an address outside the cluster, as the API reference of
 * NetworkPolicy says: any rule will do; a rule without `to` or `ports` means every one; selectors of pods mean no
 * outside address.
 */
export function mayReach(
  rules: readonly EgressRule[],
  address: string,
  port: number,
  protocol = "TCP",
): boolean {
  return rules.some(({ to, ports }) => {
    const portMatches =
      ports?.some((entry) => entry.port === port && (entry.protocol ?? "TCP") === protocol) ?? true;
    const peerMatches =
      to?.some(({ ipBlock }) => {
        if (ipBlock === undefined) return false;
        return within(ipBlock.cidr, address) && !ipBlock.except?.some((cidr) => within(cidr, address));
      }) ?? true;
    return portMatches && peerMatches;
  });
}

function within(cidr: string, address: string): boolean {
  const [network = "", length = ""] = cidr.split("/");
  // Node takes IPv4 for a part of ::/0, which networks do not.
  if (isIPv6(network) !== isIPv6(address)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(length), isIPv6(network) ? "ipv6" : "ipv4");
  return list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

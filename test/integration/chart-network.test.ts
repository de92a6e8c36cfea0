import { describe, expect, it } from "vitest";
import { type Manifest, only, render, useHelm, type Values } from "../support/chart.ts";
import { type EgressRule, mayReach } from "./chart/egress.ts";

useHelm();

interface NetworkPolicy extends Manifest {
  readonly spec: {
    readonly podSelector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly ingress: readonly { readonly from?: readonly object[]; readonly ports: readonly object[] }[];
    readonly egress: readonly EgressRule[];
  };
}

describe("the network", () => {
  const policy = async (networkPolicy: Values = {}, more: Values = {}) =>
    only<NetworkPolicy>(
      await render({ networkPolicy: { enabled: true, ...networkPolicy }, ...more }),
      "NetworkPolicy",
    );

  it.each([
    { what: "AWS", address: "52.94.236.248", port: 443 },
    { what: "AWS by IPv6", address: "2600:1f18::1", port: 443 },
    { what: "a VPC endpoint", address: "10.1.2.3", port: 443 },
    { what: "the API server", address: "10.0.0.10", port: 6443 },
    { what: "EKS Pod Identity's agent", address: "169.254.170.23", port: 80 },
    { what: "its agent by IPv6", address: "fd00:ec2::23", port: 80 },
    { what: "a DNS cache on the node", address: "169.254.20.10", port: 53, protocol: "UDP" },
    { what: "DNS by TCP", address: "10.96.0.10", port: 53 },
  ])("is open to $what", async ({ address, port, protocol }) => {
    expect(mayReach((await policy()).spec.egress, address, port, protocol)).toBe(true);
  });

  it.each([
    { what: "the instance metadata service", address: "169.254.169.254", port: 80 },
    { what: "that by IPv6", address: "fd00:ec2::254", port: 80 },
    { what: "it by HTTPS", address: "169.254.169.254", port: 443 },
    { what: "ECS' credentials", address: "169.254.170.2", port: 80 },
    { what: "a web server", address: "93.184.216.34", port: 80 },
    { what: "the kubelet", address: "10.0.0.10", port: 10250 },
    { what: "QUIC", address: "52.94.236.248", port: 443, protocol: "UDP" },
  ])("is closed to $what", async ({ address, port, protocol }) => {
    expect(mayReach((await policy()).spec.egress, address, port, protocol)).toBe(false);
  });

  it("is open to what extraEgress says, and to API servers of these addresses alone", async () => {
    const { egress } = (
      await policy({
        apiServer: { cidrs: ["10.0.0.10/32"] },
        extraEgress: [{ to: [{ ipBlock: { cidr: "10.9.0.1/32" } }], ports: [{ port: 4318 }] }],
      })
    ).spec;
    expect(mayReach(egress, "10.9.0.1", 4318)).toBe(true);
    expect(mayReach(egress, "10.0.0.10", 6443)).toBe(true);
    expect(mayReach(egress, "10.0.0.11", 6443)).toBe(false);
  });

  it("lets nobody in but helm test, unless metricsFrom says who", async () => {
    expect((await policy({}, { tests: { enabled: false } })).spec.ingress).toEqual([]);
    expect((await policy()).spec.ingress).toHaveLength(1);
    const prometheus = { namespaceSelector: { matchLabels: { a: "b" } } };
    const { ingress } = (await policy({ metricsFrom: [prometheus] }, { ports: { metrics: 9090 } })).spec;
    expect(ingress[0]).toEqual({ from: [prometheus], ports: [{ port: 9090 }] });
  });

  it("is open to the given resolvers alone, where there are any", async () => {
    const { egress } = (await policy({ dns: { to: [{ ipBlock: { cidr: "10.96.0.10/32" } }] } })).spec;
    expect(mayReach(egress, "10.96.0.10", 53, "UDP")).toBe(true);
    expect(mayReach(egress, "8.8.8.8", 53, "UDP")).toBe(false);
  });

  it("is open to the API server's given ports, and then to no other", async () => {
    const { egress } = (await policy({ apiServer: { ports: [16443] } })).spec;
    expect(mayReach(egress, "10.0.0.10", 16443)).toBe(true);
    expect(mayReach(egress, "10.0.0.10", 6443)).toBe(false);
    expect(mayReach(egress, "169.254.169.254", 16443)).toBe(false);
  });

  it("is that of the operator's pod", async () => {
    const { spec } = await policy();
    const deployment = only<Manifest & { spec: { selector: object } }>(await render(), "Deployment");
    expect(spec.podSelector).toEqual(deployment.spec.selector);
  });
});

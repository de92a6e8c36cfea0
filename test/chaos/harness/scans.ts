import type { AwsAccountScan, AwsAccountScanSpec } from "../../../src/api/generated/awsaccountscan.ts";
import { API_VERSION, REQUESTED_AT, SCAN } from "../../../src/api/names.ts";
import type { KubeClient } from "../../../src/kube/client.ts";

/** What scenarios do to scans, as people would, and how often they did what calls for a scan. */
export class ChaosScans {
  readonly #client: KubeClient;
  /** By `namespace/name`. */
  readonly causes = new Map<string, { creations: number; requests: number }>();
  /** The last request of each. */
  readonly requested = new Map<string, string>();

  constructor(client: KubeClient) {
    this.#client = client;
  }

  async create(namespace: string, name: string, spec: AwsAccountScanSpec): Promise<AwsAccountScan> {
    this.#causesOf(namespace, name).creations += 1;
    this.requested.delete(`${namespace}/${name}`);
    const body = { apiVersion: API_VERSION, kind: SCAN.kind, metadata: { namespace, name }, spec };
    return await this.#client.create<AwsAccountScan>(SCAN, { namespace }, body);
  }

  async delete(namespace: string, name: string): Promise<void> {
    await this.#client.delete(SCAN, { namespace, name });
    this.requested.delete(`${namespace}/${name}`);
  }

  get(namespace: string, name: string): Promise<AwsAccountScan | undefined> {
    return this.#client.get<AwsAccountScan>(SCAN, { namespace, name });
  }

  async list(namespace: string): Promise<readonly AwsAccountScan[]> {
    return (await this.#client.list<AwsAccountScan>(SCAN, { namespace })).items;
  }

  /** Asks for a scan now; resolves to the token that `lastHandledReconcileAt` will echo. */
  async request(namespace: string, name: string): Promise<string> {
    const causes = this.#causesOf(namespace, name);
    causes.requests += 1;
    const token = `request-${causes.requests}`;
    await this.#client.mergePatch(
      SCAN,
      { namespace, name },
      { metadata: { annotations: { [REQUESTED_AT]: token } } },
    );
    this.requested.set(`${namespace}/${name}`, token);
    return token;
  }

  #causesOf(namespace: string, name: string) {
    const key = `${namespace}/${name}`;
    const causes = this.causes.get(key) ?? { creations: 0, requests: 0 };
    this.causes.set(key, causes);
    return causes;
  }
}

/** What keeps `scan` from being as the truth and `request` have it, in words; none: it has come to rest. */
export function unsettled(
  { metadata, status }: AwsAccountScan,
  expected: {
    readonly compliant: string;
    readonly violations: readonly string[];
    readonly complete: boolean;
  },
  request: string | undefined,
): string[] {
  const statusOf = (type: string) => status?.conditions?.find((condition) => condition.type === type)?.status;
  const arns = status?.violations?.map(({ arn }) => arn).sort();
  const facts: [string, unknown, unknown][] = [
    ["observedGeneration", status?.observedGeneration, metadata.generation],
    ["Ready", statusOf("Ready"), "True"],
    ["Compliant", statusOf("Compliant"), expected.compliant],
    ["Complete", statusOf("Complete"), expected.complete ? "True" : "False"],
    ["violations", JSON.stringify(arns), JSON.stringify(expected.violations)],
    ["currentScan", status?.currentScan?.id, undefined],
    ["Stalled", statusOf("Stalled"), undefined],
    ...(request === undefined
      ? []
      : [["lastHandledReconcileAt", status?.lastHandledReconcileAt, request] as [string, unknown, unknown]]),
  ];
  return facts
    .filter(([, is, shouldBe]) => is !== shouldBe)
    .map(([fact, is, shouldBe]) => `${metadata.name}: ${fact} is ${is}, not ${shouldBe}`);
}

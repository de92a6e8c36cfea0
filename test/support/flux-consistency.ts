/**
 * The rules that Flux's condition checker holds a resource to (github.com/fluxcd/pkg, runtime/conditions/check):
 * an oracle for ours, written anew from their descriptions.
 */

interface Checked {
  readonly generation: number;
  readonly observedGeneration: number;
  readonly conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly observedGeneration?: number | undefined;
  }[];
}

/** The rules that a resource breaks after a full reconcile; none is as it should be. */
export function fluxFailures({ generation, observedGeneration, conditions }: Checked): string[] {
  const status = (type: string) => conditions.find((condition) => condition.type === type)?.status;
  const [ready, reconciling, stalled] = [status("Ready"), status("Reconciling"), status("Stalled")];
  const broken: [boolean, string][] = [
    [
      ready === "True" && (reconciling === "True" || stalled === "True"),
      "FAIL0001 abnormal-true beside Ready=True",
    ],
    [ready === undefined, "FAIL0002 no Ready"],
    [reconciling === "True" && ready === "True", "FAIL0003 Reconciling with Ready=True"],
    [stalled === "True" && ready !== "False", "FAIL0004 Stalled without Ready=False"],
    [reconciling === "True" && stalled === "True", "FAIL0005 Reconciling and Stalled at once"],
    [observedGeneration > generation, "FAIL0006 observedGeneration ahead of generation"],
    [
      conditions.some((c) => (c.observedGeneration ?? 0) > generation),
      "FAIL0006 a condition ahead of generation",
    ],
    [observedGeneration < generation && ready === "True", "FAIL0007 Ready for an older generation"],
    [
      (reconciling ?? "True") !== "True" || (stalled ?? "True") !== "True",
      "abnormal-true present and not True",
    ],
    [new Set(conditions.map(({ type }) => type)).size !== conditions.length, "a type twice"],
  ];
  return broken.filter(([fails]) => fails).map(([, rule]) => rule);
}

/** The words that may stand behind a block's language, each with its reason. There are no others. */

/** ```` ```sh needs=… ````: why a block is not run by a test. */
export const NEEDS: Readonly<Record<string, string>> = {
  aws: "It asks or changes AWS by the AWS CLI or Terraform, which the simulator does not speak.",
  docker: "It builds or runs an image, and there is no container engine.",
  pods: "It asks a pod, and there is no kubelet.",
  prometheus: "It asks a Prometheus or an Alertmanager that runs.",
  argocd: "It asks an Argo CD that runs.",
  flux: "It asks a Flux that runs.",
  github: "It fetches from or asks GitHub, where releases and their signatures are.",
  registry: "It asks a container registry.",
  minutes: "It takes minutes, such as every test of the project.",
};

/** ```` ```sh on=… ````: in which cluster a block is run; those behind it go on in the same one. */
export const SCENES = {
  installed: "The operator of deploy/ runs, and team-ml scans a fleet. Every page begins with it.",
  empty: "A new cluster, without anything of ours.",
  previous: "A cluster of the page's own, that began with a release of the chart of 0.1.0 and a scan.",
} as const;

export type Scene = keyof typeof SCENES;

/** ```` ```yaml … ````: what a block is that is no manifest of a Kubernetes object. */
export const YAML: Readonly<Record<string, string>> = {
  values: "Values of the chart: rendered by helm template.",
  scan: "A part of an AwsAccountScan: judged with name and kind around it.",
  part: "A part of another project's file: it must be YAML, and no more is known.",
};

/** What stands for the reader's own in a command, and what a test takes for it. */
export const PLACEHOLDERS: Readonly<Record<string, string>> = {
  NAMESPACE: "team-ml",
  SCAN: "ml-platform",
  FORMAT: "json",
};

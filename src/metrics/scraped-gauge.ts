import { Gauge, type Registry } from "prom-client";

/** One series and its value, which must be finite. */
export interface Sample<Label extends string> {
  readonly labels: Readonly<Partial<Record<Label, string>>>;
  /** More labels: one object for several samples in a row, so that it is written out once for all of them. */
  readonly sharedLabels?: Readonly<Partial<Record<Label, string>>>;
  readonly value: number;
}

/** What a gauge is. */
export interface GaugeShape<Label extends string> {
  readonly name: string;
  /** One sentence: what a value means, in which unit, and where there is none. */
  readonly help: string;
  readonly labelNames: readonly Label[];
}

/**
 * Registers a gauge whose series are made anew for every scrape: what `samples` does not yield then is not there, so
 * that no series outlives what it is about. It is read piece by piece, with other work between the pieces, and must
 * bear that.
 */
export function registerScrapedGauge<Label extends string>(
  registry: Registry,
  shape: GaugeShape<Label>,
  samples: () => Iterable<Sample<Label>>,
): void {
  const { name, help, labelNames } = shape;
  new ScrapedGauge({ name, help, labelNames, registers: [registry] }, samples);
}

/**
 * prom-client's own gauge finds each series by a text of all its labels and keeps it: for hundreds of thousands of them
 * that is ten times the work and memory.
 */
export class ScrapedGauge<Label extends string = string> extends Gauge<Label> {
  // Not private by #: expositions inherit from their metrics, and such an object has no private fields.
  private readonly samples: () => Iterable<Sample<Label>>;

  constructor(
    configuration: ConstructorParameters<typeof Gauge<Label>>[0],
    samples: () => Iterable<Sample<Label>>,
  ) {
    super(configuration);
    this.samples = samples;
  }

  /** For readers that want all at once; {@link sampleLines} is what a scrape is made from. */
  override async get(): ReturnType<Gauge<Label>["get"]> {
    const values = Array.from(this.samples(), ({ labels, sharedLabels, value }) => ({
      labels: { ...sharedLabels, ...labels } as Record<Label, string>,
      value,
    }));
    return { ...(await super.get()), values };
  }

  /** The lines of the samples under `name`, the same in both text formats. */
  *sampleLines(name: string): Generator<string> {
    let shared: Sample<Label>["sharedLabels"];
    let sharedText = "";
    for (const { labels, sharedLabels, value } of this.samples()) {
      if (sharedLabels !== shared) {
        shared = sharedLabels;
        sharedText = sharedLabels === undefined ? "" : `,${labelText(sharedLabels)}`;
      }
      yield `${name}{${labelText(labels)}${sharedText}} ${value}\n`;
    }
  }
}

function labelText(labels: Readonly<Record<string, string | undefined>>): string {
  let text = "";
  for (const name in labels) text += `${text === "" ? "" : ","}${name}="${escaped(labels[name] ?? "")}"`;
  return text;
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information */
function escaped(value: string): string {
  return /[\\"\n]/.test(value)
    ? value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")
    : value;
}

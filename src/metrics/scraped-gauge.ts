import { Gauge, type Registry } from "prom-client";

/** One series and its value. */
export interface Sample<Label extends string> {
  readonly labels: Readonly<Partial<Record<Label, string>>>;
  /** More labels: one object for several samples, so that it is written out once for all of them. */
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
 * that no series outlives what it is about.
 */
export function registerScrapedGauge<Label extends string>(
  registry: Registry,
  shape: GaugeShape<Label>,
  samples: () => Iterable<Sample<Label>>,
): void {
  const { name, help, labelNames } = shape;
  new ScrapedGauge({ name, help, labelNames, registers: [registry] }, samples);
}

/** prom-client's own gauge finds each series by a text of all its labels and keeps it, ten times the work and memory. */
class ScrapedGauge<Label extends string> extends Gauge<Label> {
  // Not private by #: expositions inherit from their metrics, and such an object has no private fields.
  private readonly samples: () => Iterable<Sample<Label>>;

  constructor(
    configuration: ConstructorParameters<typeof Gauge<Label>>[0],
    samples: () => Iterable<Sample<Label>>,
  ) {
    super(configuration);
    this.samples = samples;
  }

  override async get(): ReturnType<Gauge<Label>["get"]> {
    const values = Array.from(this.samples(), ({ labels, sharedLabels, value }) => ({
      labels: { ...sharedLabels, ...labels } as Record<Label, string>,
      value,
    }));
    return { ...(await super.get()), values };
  }

  /** What a registry asks before `get` when it writes text, as of prom-client's histograms. */
  async getForPromString(): Promise<object> {
    return { ...(await super.get()), values: [...this.samples()] };
  }
}

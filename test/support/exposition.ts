/** One sample of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Parses the text exposition format, without exemplars: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function parseSamples(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split("\n")) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match === null) continue;
    const [, name = "", labels = "", value = ""] = match;
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = "", text = ""]) => [
      label,
      text,
    ]);
    samples.push({ name, labels: Object.fromEntries(pairs), value: Number(value) });
  }
  return samples;
}

/** The series of a scrape, without their values, sorted; those of the process itself apart, which come and go. */
export function seriesOf(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => /^(?!#|nodejs_|process_)./.test(line))
    .map((line) => line.slice(0, line.lastIndexOf(" ")))
    .sort();
}

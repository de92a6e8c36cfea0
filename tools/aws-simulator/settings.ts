/** What can be set while the simulator runs, for all accounts at once. */
export interface Settings {
  /** Every answer waits this long. */
  latencyMs: number;
  /** Sessions last at most this long, whatever the role allows; below STS's own minimum of 900 too. */
  maxSessionSeconds: number;
}

/** Nothing is slowed or shortened. */
export function defaultSettings(): Settings {
  return { latencyMs: 0, maxSessionSeconds: 43_200 };
}

/** Takes over the settings that `changes` names; throws where one is unknown or not a number from 0 up. */
export function applySettings(settings: Settings, changes: Readonly<Record<string, unknown>>): void {
  const known = Object.keys(settings) as (keyof Settings)[];
  for (const [name, value] of Object.entries(changes)) {
    const key = known.find((candidate) => candidate === name);
    if (key === undefined) throw new Error(`no such setting: "${name}"; there are ${known.join(", ")}`);
    if (typeof value !== "number" || !(value >= 0)) throw new Error(`${name} must be a number from 0 up`);
    settings[key] = value;
  }
}

import {
  MappingType,
  SpecialValueMatch,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { VERDICT_COLOURS } from "./palette.ts";

/** From a value on, a colour. */
export type Step = readonly [from: number, colour: string];

/** Colours by value. Below the first step, where Grafana also puts what has no value, lies the colour of the unknown. */
export function thresholds(steps: readonly Step[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([
      { value: null, color: VERDICT_COLOURS.unknown },
      ...steps.map(([value, color]) => ({ value, color })),
    ]);
}

/** What values are called. */
export type Words = Readonly<Record<string, { readonly text: string; readonly color?: string }>>;

/** Values in words, and what is said where there is no value. */
export function mappings(words: Words, noValue: string): ValueMapping[] {
  const absent: ValueMapping = {
    type: MappingType.SpecialValue,
    options: {
      match: SpecialValueMatch.NullAndNan,
      result: { text: noValue, color: VERDICT_COLOURS.unknown },
    },
  };
  return Object.keys(words).length === 0
    ? [absent]
    : [{ type: MappingType.ValueToText, options: { ...words } }, absent];
}

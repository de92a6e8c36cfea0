/** Whether a figure drifts: its first and last windows beside each other, and the line that fits it best. */

/** A figure at a time. */
export interface Point {
  /** Compressed minutes. */
  readonly minute: number;
  readonly value: number;
}

export interface Trend {
  /** The medians of the first and the last third. */
  readonly first: number;
  readonly last: number;
  /** last / first; 1 where both are 0. */
  readonly ratio: number;
  /** By least squares, in an hour of the operator's. */
  readonly perHour: number;
  /** In how many hours the figure doubles at this pace; undefined where the slope is lost in the noise, or falls. */
  readonly doublesInHours: number | undefined;
}

/** How many times its standard error a slope has to be for more than noise: points near each other are alike. */
const CERTAIN = 4;

/** @throws {RangeError} for fewer than six points, of which nothing can be told. */
export function trendOf(points: readonly Point[]): Trend {
  if (points.length < 6) throw new RangeError(`a trend of ${points.length} points: let it run for longer`);
  const third = Math.floor(points.length / 3);
  const first = medianOf(points.slice(0, third));
  const last = medianOf(points.slice(-third));
  const { slope, error } = lineThrough(points);
  const perHour = slope * 60;
  const isDrift = slope > CERTAIN * error && first > 0;
  return {
    first,
    last,
    ratio: first === 0 ? (last === 0 ? 1 : Number.POSITIVE_INFINITY) : last / first,
    perHour,
    doublesInHours: isDrift ? first / perHour : undefined,
  };
}

/** How fast a counter went up between each two points, in a compressed minute. */
export function ratesOf(points: readonly Point[]): Point[] {
  return points.slice(1).map(({ minute, value }, at) => {
    const before = points[at] ?? { minute: 0, value: 0 };
    return { minute, value: (value - before.value) / (minute - before.minute) };
  });
}

function medianOf(points: readonly Point[]): number {
  const values = points.map(({ value }) => value).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? 0;
}

/** Least squares, and the slope's standard error. */
function lineThrough(points: readonly Point[]): { readonly slope: number; readonly error: number } {
  const n = points.length;
  const meanX = points.reduce((sum, { minute }) => sum + minute, 0) / n;
  const meanY = points.reduce((sum, { value }) => sum + value, 0) / n;
  const spread = points.reduce((sum, { minute }) => sum + (minute - meanX) ** 2, 0);
  const slope =
    points.reduce((sum, { minute, value }) => sum + (minute - meanX) * (value - meanY), 0) / spread;
  const residue = points.reduce(
    (sum, { minute, value }) => sum + (value - meanY - slope * (minute - meanX)) ** 2,
    0,
  );
  return { slope, error: Math.sqrt(residue / (n - 2) / spread) };
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{2}):(\d{2}):(\d{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$/;

/** The formats of strings that are checked; the API server knows more, and ignores those that it does not. */
export const FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ["date", isDate],
  ["date-time", isDateTime],
]);

/** A day that exists, as Go parses `2006-01-02`. */
function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year === undefined) return false;
  // The constructor with numbers would take years below 100 for those of the last century.
  const date = new Date(`${text}T00:00:00Z`);
  return (
    !Number.isNaN(date.getTime()) &&
    date.getUTCMonth() + 1 === Number(month) &&
    date.getUTCDate() === Number(day)
  );
}

/**
 * As the API server takes it: laxer than RFC 3339, an offset may be anything.
 * https://github.com/kubernetes/kube-openapi/blob/43fb72c5454a/pkg/validation/strfmt/time.go
 */
function isDateTime(text: string): boolean {
  // As Go does, which lower-cases and parts at every t; only the first two parts are looked at.
  const [date = "", time] = text.toLowerCase().split("t");
  if (time === undefined || !isDate(date)) return false;
  const [, hour, minute, second] = TIME.exec(time) ?? [];
  return hour !== undefined && hour <= "23" && (minute ?? "") <= "59" && (second ?? "") <= "59";
}

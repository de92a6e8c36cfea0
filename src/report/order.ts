/** What any row of a record is about. */
interface Row {
  readonly account: string;
  readonly region: string;
  readonly type?: string;
  readonly arn?: string;
  readonly rule?: string;
  readonly operation?: string | undefined;
  readonly reason?: string;
}

/** The one order of a record's rows, however they were gathered: equal outcomes are equal records and statuses. */
export function byPlace(a: Row, b: Row): number {
  return (
    compare(a.account, b.account) ||
    compare(a.region, b.region) ||
    compare(a.type, b.type) ||
    compare(a.arn, b.arn) ||
    compare(a.rule, b.rule) ||
    compare(a.operation, b.operation) ||
    compare(a.reason, b.reason)
  );
}

function compare(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

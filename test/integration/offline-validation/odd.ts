/** Manifests that YAML, Go or JavaScript could take for something else than their authors do. */

/** The file, the answer that both must give, and how its text is sent. */
export interface OddManifest {
  readonly name: string;
  readonly yaml: string;
  readonly isGood: boolean;
}

const HEAD = "apiVersion: awsaccountscan.dev/v1alpha1\nkind: AwsAccountScan\nmetadata: { name: odd }\n";
const good = (name: string, spec: string): OddManifest => ({
  name,
  yaml: `${HEAD}spec:\n${spec}\n`,
  isGood: true,
});
const bad = (name: string, spec: string): OddManifest => ({ ...good(name, spec), isGood: false });
const exemption = (fields: string) =>
  `  exemptions:\n    - { name: a, reason: r, match: { names: [x] }, ${fields} }`;

export const ODD_MANIFESTS: readonly OddManifest[] = [
  // Scalars as YAML 1.1, and go-yaml, read them.
  bad("an id that is octal but for its digits", "  accounts: [{ id: 012345678901 }]"),
  bad("an id that is octal", "  accounts: [{ id: 012345670123 }]"),
  bad("an id with underscores", "  accounts: [{ id: 1234_5678_9012 }]"),
  bad("an id in scientific notation", "  accounts: [{ id: 1e11 }]"),
  bad("an id beyond 64 bits", "  accounts: [{ id: 123456789012345678901234567890 }]"),
  bad("an id in hex", "  accounts: [{ id: 0x1CBE991A14 }]"),
  bad("an id that is no number", "  accounts: [{ id: .nan_ }]"),
  good("a tagged id", "  accounts: [{ id: !!str 123456789012 }]"),
  good("an id in single quotes", "  accounts: [{ id: '123456789012' }]"),
  good("yes for a boolean", "  suspend: yes"),
  good("On for a boolean", "  suspend: On"),
  good("n for a boolean", "  suspend: n"),
  bad("a boolean in quotes", '  suspend: "true"'),
  bad("yEs, which is text", "  suspend: yEs"),
  bad("the region no", "  regions: { include: [no] }"),
  bad("a sexagesimal interval", "  interval: 1:30"),
  good("a time without quotes", exemption("expiresAt: 2027-01-31T00:00:00Z")),
  bad("a day without quotes", exemption("expiresAt: 2027-01-31")),
  bad("a day that does not exist", exemption('expiresAt: "2027-02-29T00:00:00Z"')),
  good("a leap day", exemption('expiresAt: "2028-02-29T00:00:00Z"')),
  good("an offset that no zone has", exemption('expiresAt: "2027-01-31T00:00:00+99:99"')),
  bad("hour 24", exemption('expiresAt: "2027-01-31T24:00:00Z"')),
  bad("a leap second", exemption('expiresAt: "2016-12-31T23:59:60Z"')),
  good("a time in small letters", exemption('expiresAt: "2027-01-31t00:00:00z"')),
  good("a comma before the fraction", exemption('expiresAt: "2027-01-31T00:00:00,5Z"')),
  bad("a time without zone", exemption('expiresAt: "2027-01-31T00:00:00"')),
  good("a list for a time, of which the API server checks nothing", exemption("expiresAt: [x]")),
  bad("a number for a time", exemption("expiresAt: 20270131")),
  good("null for a time", exemption("expiresAt: null")),
  good("an anchor and its alias", "  accounts: [{ id: &id '123456789012', name: *id }]"),
  good("a block scalar", "  credentials:\n    serviceAccountName: |-\n      ml"),
  bad("a block scalar with its line feed", "  credentials:\n    serviceAccountName: |\n      ml"),
  bad("a key that is a boolean", "  on: x"),
  bad("a key that is a number", "  1: x"),
  // Nulls and emptiness.
  good("null for lists and objects", "  accounts: null\n  organization: ~\n  regions:\n  exemptions: null"),
  good("null for a field with a default", "  suspend: null\n  reports: { include: null }"),
  bad("null in a list", "  regions: { include: [null] }"),
  bad("null for an item of a map's list", "  accounts: [null, null]"),
  bad("null for a required field", "  organization: { roleName: null }"),
  bad(
    "null for a tag",
    exemption("match: { names: [x], tags: { a: null } }").replace("match: { names: [x] }, ", ""),
  ),
  { name: "null for spec", yaml: `${HEAD}spec: null\n`, isGood: false },
  good(
    "an empty list without minimum",
    "  exemptions: []\n  organization: { roleName: r, excludeAccounts: [] }",
  ),
  // Types.
  bad("a list for an object", "  regions: [us-east-1]"),
  bad("an object for a list", "  accounts: { id: '123456789012' }"),
  bad("text for a list", "  regions: { include: us-east-1 }"),
  bad("text for an object", "  spec: x"),
  bad("an object for text", "  interval: { hours: 1 }"),
  bad("a list for text", "  interval: [1h]"),
  bad("a number for an enum", "  reports: { include: 5 }"),
  bad("an enum in small letters", "  reports: { include: all }"),
  bad("an empty enum", '  reports: { include: "" }'),
  // Unknown fields.
  bad(
    "unknown fields everywhere",
    "  regoins: {}\n  accounts: [{ id: '123456789012', rolearn: x, x: [{ y: 1 }] }]\n  reports: { incldue: All }",
  ),
  bad("another's spelling", "  Interval: 1h"),
  bad("a key of JavaScript's", "  __proto__: { interval: 1h }\n  constructor: x\n  toString: y"),
  good(
    "tags by keys of JavaScript's",
    "  exemptions: [{ name: a, reason: r, match: { names: [x], tags: { __proto__: a, constructor: b } } }]",
  ),
  // Lists whose items differ.
  bad("an id three times", `  accounts: [${Array(3).fill('{ id: "123456789012" }').join(", ")}]`),
  bad("accounts without ids", "  accounts: [{ name: a }, { name: b }]"),
  bad("a region and its own glob twice", "  regions: { include: [eu-*, eu-*, us-east-1, us-east-1] }"),
  // Lengths, as Go counts them.
  good(
    "a name of 128 characters of 4 bytes",
    `  accounts: [{ id: "123456789012", name: "${"👍".repeat(128)}" }]`,
  ),
  bad("a name of 129 characters", `  accounts: [{ id: "123456789012", name: "${"é".repeat(129)}" }]`),
  good(
    "a glob with characters of two UTF-16 units",
    `  exemptions: [{ name: "${"👍".repeat(63)}", reason: "👍", match: { names: ["👍*👍*"] } }]`,
  ),
  bad(
    "a tag's key of 129 characters",
    `  exemptions: [{ name: a, reason: r, match: { names: [x], tags: { ${"é".repeat(129)}: v } } }]`,
  ),
  good(
    "a tag's key of 128 characters",
    `  exemptions: [{ name: a, reason: r, match: { names: [x], tags: { ${"👍".repeat(128)}: v } } }]`,
  ),
  bad(
    "too many tags",
    `  exemptions: [{ name: a, reason: r, match: { names: [x], tags: { ${Array.from({ length: 51 }, (_, i) => `k${i}: v`).join(", ")} } } }]`,
  ),
  bad(
    "65 regions",
    `  regions: { include: [${Array.from({ length: 65 }, (_, i) => `eu-west-${i}`).join(", ")}] }`,
  ),
  bad(
    "1001 accounts",
    `  accounts: [${Array.from({ length: 1001 }, (_, i) => `{ id: "${String(i).padStart(12, "0")}" }`).join(", ")}]`,
  ),
  good(
    "1000 accounts",
    `  accounts: [${Array.from({ length: 1000 }, (_, i) => `{ id: "${String(i).padStart(12, "0")}" }`).join(", ")}]`,
  ),
  // Rules.
  bad("three rules at once", "  interval: 1h\n  schedule: x\n  timeout: 2h"),
  bad(
    "rules at several depths",
    '  interval: 1s\n  timeZone: UTC\n  accounts: [{ id: x, sessionPolicy: "{}", sessionDuration: 2h }]',
  ),
  bad("a rule beside an error that keeps rules from being checked", "  interval: 1s\n  suspend: 5"),
  bad(
    "a rule beside an enum that keeps rules from being checked",
    "  interval: 1s\n  reports: { include: all }",
  ),
  bad("a rule beside one that does not", '  interval: 1s\n  timeZone: ""'),
  bad(
    "a role of nobody's account",
    '  accounts: [{ id: "123456789012", roleArn: "arn:aws:iam::000000000000:role/a" }]',
  ),
  bad("a policy with a line feed and more", '  organization: { roleName: r, sessionPolicy: "{\\n\\u0100}" }'),
  good("a policy of all of Latin-1", '  organization: { roleName: r, sessionPolicy: "{\\t\\n\\r \\u00ff}" }'),
  good("a reason that is a no-break space", exemption('reason: "\\u00a0"').replace("reason: r, ", "")),
  good("a fraction of an hour", "  interval: 0.5h\n  timeout: 30m"),
  bad("a timeout a millisecond too long", "  interval: 30m\n  timeout: 30m0s1ms"),
  bad("an interval with a plus", "  interval: +1h"),
  bad("an interval with a line feed", '  interval: "1h\\n"'),
  // Metadata.
  { name: "no metadata", yaml: `${HEAD.replace(/metadata.*\n/, "")}spec: {}\n`, isGood: false },
  {
    name: "a generated name",
    yaml: `${HEAD.replace("name: odd", "generateName: odd-")}spec: {}\n`,
    isGood: true,
  },
  { name: "a name in capitals", yaml: `${HEAD.replace("odd", "Odd")}spec: {}\n`, isGood: false },
  { name: "a name that is a number", yaml: `${HEAD.replace("odd", "5")}spec: {}\n`, isGood: false },
  {
    name: "a label that is a boolean",
    yaml: `${HEAD.replace("odd", "odd, labels: { a: yes }")}spec: {}\n`,
    isGood: false,
  },
  {
    name: "a label with a space",
    yaml: `${HEAD.replace("odd", "odd, labels: { a/b/c: x y }")}spec: {}\n`,
    isGood: false,
  },
  {
    name: "good labels and annotations",
    yaml: `${HEAD.replace("odd", 'odd, labels: { a.b/c: "" }, annotations: { A.b/C: "x y" }')}spec: {}\n`,
    isGood: true,
  },
  {
    name: "a bad annotation",
    yaml: `${HEAD.replace("odd", 'odd, annotations: { "a b": c }')}spec: {}\n`,
    isGood: false,
  },
  {
    name: "huge annotations",
    yaml: `${HEAD.replace("odd", `odd, annotations: { a: ${"x".repeat(256 * 1024)} }`)}spec: {}\n`,
    isGood: false,
  },
  {
    name: "an unknown field of metadata",
    yaml: `${HEAD.replace("odd", "odd, lables: {}")}spec: {}\n`,
    isGood: false,
  },
  {
    name: "a finalizer and an owner",
    yaml: `${HEAD.replace("odd", "odd, finalizers: [a b], ownerReferences: [{ kind: X }]")}spec: {}\n`,
    isGood: false,
  },
  // Status is not the author's to give.
  {
    name: "a status",
    yaml: `${HEAD}spec: {}\nstatus: { nextScanTime: soon, summary: { accounts: x } }\n`,
    isGood: true,
  },
  { name: "an unknown field of status", yaml: `${HEAD}spec: {}\nstatus: { x: 1 }\n`, isGood: false },
  { name: "an unknown field at the root", yaml: `${HEAD}spec: {}\nspecs: {}\n`, isGood: false },
];

const ONE = '{ id: "111111111111" }';

/** Files that become what is sent only in kubectl's hands, so that it must be asked. */
export const KUBECTL_MANIFESTS: readonly OddManifest[] = [
  good("a merge", '  accounts: [&a { id: "111111111111", name: x }, { <<: *a, id: "222222222222" }]'),
  bad("a merge that comes last, and prevails", `  accounts: [&a ${ONE}, { id: "222222222222", <<: *a }]`),
  good("a merge of two", `  accounts: [&a ${ONE}, { <<: [{ id: "333333333333" }, *a] }]`),
  good("comments behind separators", "  suspend: off\n--- # nothing follows\n# really"),
  bad("something behind a separator", "  suspend: off\n--- x"),
  { name: "a List", yaml: `{"apiVersion":"v1","kind":"List","items":[${scanJson("{}")}]}`, isGood: true },
  {
    name: "a List with a bad item",
    yaml: `{"apiVersion":"v1","kind":"List","items":[${scanJson("[]")}]}`,
    isGood: false,
  },
  { name: "JSON with tabs", yaml: `\t${scanJson('{\n\t"suspend":\ttrue\n}')}\n`, isGood: true },
  { name: "a version that is not served", yaml: HEAD.replace("v1alpha1", "v1"), isGood: false },
  {
    name: "a kind that does not exist",
    yaml: HEAD.replace("AwsAccountScan", "AwsAcountScan"),
    isGood: false,
  },
  { name: "a file of comments", yaml: "# nothing\n---\n", isGood: false },
  { name: "tabs for indentation", yaml: `${HEAD}spec:\n\tsuspend: true\n`, isGood: false },
  { name: "an alias without anchor", yaml: `${HEAD}spec: { interval: *x }\n`, isGood: false },
  { name: "a list that does not end", yaml: `${HEAD}spec: { accounts: [\n`, isGood: false },
  { name: "a control character", yaml: `${HEAD}spec: { timeZone: "a\u0007" }\n`, isGood: false },
  { name: "a byte order mark", yaml: `\ufeff${HEAD}spec: {}\n`, isGood: true },
];

function scanJson(spec: string): string {
  return `{"apiVersion":"awsaccountscan.dev/v1alpha1","kind":"AwsAccountScan","metadata":{"name":"odd"},"spec":${spec}}`;
}

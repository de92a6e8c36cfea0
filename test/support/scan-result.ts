/** One outcome of a scan with everything in it that a format must tell, and texts that must do no harm. */
import type { Coverage, FailureCount, RecordedFinding, ScanRecord } from "../../src/report/record.ts";
import { type ReportedFinding, reported, resultOf, type ScanResult } from "../../src/report/result.ts";
import { DOMAIN, NOTEBOOK_INSTANCE } from "../../src/rules/resource.ts";

const RULE = "SageMaker-004";
const PAYMENTS = "111122223333";
const RESEARCH = "444455556666";
const SANDBOX = "777788889999";
const OBSERVED_BY = `arn:aws:sts::${PAYMENTS}:assumed-role/awsscan/scan`;

/** What somebody who may name, tag or break something in an account could have written down. */
export const HOSTILE: readonly string[] = [
  "\u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007",
  "line one\nline two\r\nline three\ttab",
  "\u0000nul \u0085next line \u009bcsi \u007fdel",
  '=cmd|"/C calc"!A0',
  "+1+1",
  "-2+3",
  "@SUM(A1:A9)",
  "\t=1+1",
  "\r=1+1",
  "\uff1d1+1",
  '"quoted","and","comma"',
  "</script><script>alert(1)</script>",
  '<img src=x onerror="alert(1)">',
  "</style></title></textarea><svg onload=alert(1)>",
  "\" autofocus onfocus=alert(1) x='",
  "`backtick` ``two`` | pipe \\| \\",
  "**bold** _it_ ~~gone~~ # head [link](https://evil.example) ![img](https://evil.example/i.png)",
  "@octocat @org/team #1 org/repo#2 GH-3 5fcd41f95ec9c1d3a0e6d0ad3b54f5ee9a1f6ff3 https://evil.example www.evil.example me@evil.example",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is no template, and must not become one
  "$(touch pwned) ${HOME} %{HOME} `id` ; rm -rf / 'single' \"double\"",
  "&lt;b&gt; &amp; &#60; &copy",
  "]]> <!-- --> <?xml?>",
  "\u202etxt.exe\u202c \u2066isolate\u2069 \u200e\u200f\u061c",
  "\u2028line separator\u2029paragraph separator",
  "zero\u200bwidth\u200dand\ufeffbom",
  "lone high \ud800 and low \udc00",
  "漢字かな交じり文 e\u0301 👩‍👩‍👧‍👦 🇩🇪",
  "",
  " leading and trailing ",
  "x".repeat(300),
];

type Facts = Pick<
  RecordedFinding,
  "verdict" | "account" | "region" | "type" | "name" | "reason" | "message"
> &
  Partial<RecordedFinding>;

function finding(facts: Facts): RecordedFinding {
  const { region, account, type, name } = facts;
  const path = type === DOMAIN ? `domain/d-${name.length}xyz` : `notebook-instance/${name}`;
  return {
    rule: RULE,
    arn: `arn:aws:sagemaker:${region}:${account}:${path}`,
    evidence: {},
    ...facts,
  };
}

const observed = { observedTime: "2026-03-01T04:00:12Z", observedBy: OBSERVED_BY };
const open = {
  verdict: "violation",
  type: NOTEBOOK_INSTANCE,
  reason: "DirectInternetAccessEnabled",
  message: "The notebook instance has direct internet access.",
  evidence: { DirectInternetAccess: "Enabled" },
  ...observed,
} as const;

/** In the order of a record: by account, region, type and ARN. */
const FINDINGS: readonly RecordedFinding[] = [
  finding({
    ...open,
    account: PAYMENTS,
    region: "eu-central-1",
    name: "churn-model",
    firstSeen: "2026-02-20T04:00:00Z",
  }),
  finding({
    ...open,
    account: PAYMENTS,
    region: "eu-central-1",
    name: '=HYPERLINK("https://evil.example")<img src=x onerror=alert(1)>\u001b[2J',
    firstSeen: "2026-03-01T04:00:12Z",
  }),
  finding({
    verdict: "violation",
    account: PAYMENTS,
    region: "us-east-1",
    type: DOMAIN,
    name: "studio | `id` @octocat",
    reason: "NotVpcOnly",
    message: "The domain's apps reach the internet outside its VPC.",
    evidence: { AppNetworkAccessType: "PublicInternetOnly" },
    firstSeen: "2026-02-27T04:00:00Z",
    ...observed,
  }),
  finding({
    ...open,
    account: PAYMENTS,
    region: "us-east-1",
    name: "known-but-unread",
    firstSeen: "2026-01-15T04:00:00Z",
    lastVerified: "2026-02-28T04:00:10Z",
    observedTime: "2026-02-28T04:00:10Z",
  }),
  finding({
    ...open,
    verdict: "exempt",
    account: RESEARCH,
    region: "eu-west-1",
    name: "workshop",
    exemption: "workshop-until-june",
    firstSeen: "2026-02-01T04:00:00Z",
  }),
  finding({
    verdict: "unknown",
    account: RESEARCH,
    region: "eu-west-1",
    type: NOTEBOOK_INSTANCE,
    name: "分析ノート-\u202egpj",
    reason: "AccessDenied",
    message:
      "DescribeNotebookInstance: User is not authorized to perform: sagemaker:DescribeNotebookInstance",
    evidence: {},
  }),
  finding({
    verdict: "unknown",
    account: RESEARCH,
    region: "eu-west-1",
    type: DOMAIN,
    name: "hybrid",
    reason: "UnrecognizedAppNetworkAccessType",
    message: "DescribeDomain answered neither VpcOnly nor PublicInternetOnly.",
    evidence: { AppNetworkAccessType: "Hybrid" },
    ...observed,
  }),
];

const DENIED = {
  operation: "DescribeNotebookInstance",
  code: "AccessDeniedException",
  message: "User is not authorized to perform: sagemaker:DescribeNotebookInstance",
  requestId: "0b6f2f4e-5a8b-4d53-9f0a-0d1f3d1b7c55",
} as const;
const SCP = {
  operation: "ListNotebookInstances",
  code: "AccessDeniedException",
  message: "explicit deny in a service control policy <script>alert(1)</script> | =1+1",
  requestId: "9a1c3d70-0b1e-4f6e-8a41-3c0a8a8c1d11",
} as const;
const ASSUME = {
  operation: "AssumeRole",
  code: "AccessDenied",
  message: `User: ${OBSERVED_BY} is not authorized to perform: sts:AssumeRole`,
  requestId: "c2b4f3a2-1d5a-4a52-bb0e-55d5e2b4a9f0",
} as const;

const COVERAGE: readonly Coverage[] = [
  { account: PAYMENTS, accountName: "payments", region: "eu-central-1", state: "covered" },
  {
    account: PAYMENTS,
    accountName: "payments",
    region: "us-east-1",
    state: "timed-out",
    operation: "DescribeNotebookInstance",
    code: "ScanTimeout",
    message: "The scan's time was over: 3 of the 4 resources listed so far judged.",
  },
  { account: PAYMENTS, accountName: "payments", region: "me-south-1", state: "unsupported" },
  {
    account: RESEARCH,
    accountName: "research & <development>",
    region: "eu-west-1",
    state: "denied",
    ...DENIED,
  },
  {
    account: RESEARCH,
    accountName: "research & <development>",
    region: "us-west-2",
    state: "denied-by-scp",
    ...SCP,
  },
  { account: SANDBOX, accountName: "sandbox", region: "", state: "denied", ...ASSUME },
];

const FAILURES: readonly FailureCount[] = [
  {
    account: PAYMENTS,
    region: "us-east-1",
    reason: "TimedOut",
    operation: "DescribeNotebookInstance",
    code: "ScanTimeout",
    message: "The scan's time was over: 3 of the 4 resources listed so far judged.",
    count: 1,
  },
  { account: RESEARCH, region: "eu-west-1", reason: "AccessDenied", count: 1, ...DENIED },
  { account: RESEARCH, region: "us-west-2", reason: "DeniedByServiceControlPolicy", count: 2, ...SCP },
  { account: SANDBOX, region: "", reason: "AccessDenied", count: 1, ...ASSUME },
];

export const RECORD: ScanRecord = {
  scan: {
    id: "cli",
    trigger: "Requested",
    generation: 1,
    scopeDigest: "",
    startTime: "2026-03-01T04:00:00Z",
    completionTime: "2026-03-01T04:00:42Z",
    outcome: "Incomplete",
    consecutiveFailures: 0,
    lastSuccessTime: "2026-03-01T04:00:42Z",
  },
  cells: [
    {
      account: PAYMENTS,
      accountName: "payments",
      region: "eu-central-1",
      type: NOTEBOOK_INSTANCE,
      rule: RULE,
      compliant: 12,
      violations: 2,
      exempt: 0,
      unknown: 0,
    },
    {
      account: PAYMENTS,
      accountName: "payments",
      region: "us-east-1",
      type: DOMAIN,
      rule: RULE,
      compliant: 1,
      violations: 1,
      exempt: 0,
      unknown: 0,
    },
    {
      account: PAYMENTS,
      accountName: "payments",
      region: "us-east-1",
      type: NOTEBOOK_INSTANCE,
      rule: RULE,
      compliant: 0,
      violations: 1,
      exempt: 0,
      unknown: 0,
    },
    {
      account: RESEARCH,
      accountName: "research & <development>",
      region: "eu-west-1",
      type: DOMAIN,
      rule: RULE,
      compliant: 0,
      violations: 0,
      exempt: 0,
      unknown: 1,
    },
    {
      account: RESEARCH,
      accountName: "research & <development>",
      region: "eu-west-1",
      type: NOTEBOOK_INSTANCE,
      rule: RULE,
      compliant: 3,
      violations: 0,
      exempt: 1,
      unknown: 1,
    },
  ],
  coverage: COVERAGE,
  failures: FAILURES,
  findings: FINDINGS,
};

const RUN = { version: "0.1.0", interrupted: false };

function changed(findings: readonly ReportedFinding[]): ReportedFinding[] {
  return findings.map((row) =>
    row.verdict === "violation"
      ? {
          ...row,
          change:
            row.firstSeen === RECORD.scan.startTime || row.firstSeen === "2026-03-01T04:00:12Z"
              ? "new"
              : "unchanged",
        }
      : row,
  );
}

const plain = resultOf(RECORD, RUN);

/** Violations of both types, one of them unread; exempt; unknown; holes of four kinds; a baseline; hostile names. */
export const scanResult: ScanResult = {
  ...plain,
  findings: changed(plain.findings),
  baseline: {
    new: 1,
    unchanged: 3,
    resolved: [
      {
        ...reported(
          finding({
            ...open,
            account: PAYMENTS,
            region: "eu-central-1",
            name: "fixed-last-week",
            firstSeen: "2026-01-02T04:00:00Z",
          }),
        ),
      },
    ],
  },
};

/** Everything read, nothing wrong. */
export const compliantResult: ScanResult = resultOf(
  {
    ...RECORD,
    scan: { ...RECORD.scan, outcome: "Complete" },
    cells: [
      {
        account: PAYMENTS,
        accountName: "payments",
        region: "eu-central-1",
        type: NOTEBOOK_INSTANCE,
        rule: RULE,
        compliant: 14,
        violations: 0,
        exempt: 0,
        unknown: 0,
      },
    ],
    coverage: COVERAGE.filter(({ state }) => state === "covered" || state === "unsupported"),
    failures: [],
    findings: [],
  },
  RUN,
);

/** Ended by somebody before a single region was read: nothing found, and nothing known. */
export const interruptedResult: ScanResult = resultOf(
  {
    ...RECORD,
    scan: { ...RECORD.scan, outcome: "Failed" },
    cells: [],
    coverage: [{ account: PAYMENTS, accountName: "payments", region: "eu-central-1", state: "failed" }],
    failures: [],
    findings: [],
  },
  { ...RUN, interrupted: true },
);

/** A result in which every text that an account can influence is `text`. */
export function resultSaying(text: string): ScanResult {
  const said = (row: ReportedFinding): ReportedFinding => ({
    ...row,
    name: text,
    arn: `arn:aws:sagemaker:us-east-1:111122223333:notebook-instance/${text}`,
    message: text,
    evidence: { DirectInternetAccess: text, [text]: null },
    observedBy: text,
    ...(row.exemption === undefined ? {} : { exemption: text }),
  });
  return {
    ...scanResult,
    accounts: scanResult.accounts.map((account) => ({ ...account, name: text })),
    findings: scanResult.findings.map(said),
    failures: scanResult.failures.map((row) => ({ ...row, code: text, message: text, requestId: text })),
    coverage: scanResult.coverage.map((row) =>
      row.message === undefined
        ? { ...row, accountName: text }
        : { ...row, accountName: text, code: text, message: text, requestId: text },
    ),
    baseline: { new: 1, unchanged: 3, resolved: (scanResult.baseline?.resolved ?? []).map(said) },
  };
}

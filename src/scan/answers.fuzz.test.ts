/** Whatever AWS answers, what could not be understood is no pass. */
import fc from "fast-check";
import { afterAll, expect } from "vitest";
import { openEngine, type ScanAsk, type ScanOutcome } from "../../test/support/engine.ts";
import { fuzz } from "../../test/support/fuzz.ts";
import { damagedJson, type Harm } from "../../test/support/mutations.ts";
import { type Answer, type Asked, useScriptedAws } from "../../test/support/scripted-aws.ts";
import { storedSchema } from "../../test/support/stored.ts";
import { validateSchema } from "../manifest/validate-schema.ts";
import type { Json } from "../manifest/yaml/json.ts";

const REGION = "us-east-1";
const HUB = "111111111111";
const MEMBER = "222222222222";
const aws = useScriptedAws();
const engine = openEngine({
  keys: { accessKeyId: keyOf(HUB), secretAccessKey: "s" },
  retries: { attempts: 1 },
  maxCacheBytes: 0,
});
afterAll(() => engine.close());

const { contents: CONTENTS = {} } = (await storedSchema("awsaccountscanreports")).properties ?? {};

/** Of each account: a passing resource, and one that violates. */
function notebook(account: string, name: string, access: string) {
  const arn = `arn:aws:sagemaker:${REGION}:${account}:notebook-instance/${name}`;
  const dated = { CreationTime: 1_767_225_600, LastModifiedTime: 1_767_225_600 };
  const named = { NotebookInstanceArn: arn, NotebookInstanceName: name, NotebookInstanceStatus: "InService" };
  return { listed: { ...named, ...dated }, described: { ...named, ...dated, DirectInternetAccess: access } };
}

function domain(account: string, id: string, access: string) {
  const DomainArn = `arn:aws:sagemaker:${REGION}:${account}:domain/${id}`;
  const named = { DomainArn, DomainId: id, DomainName: "a domain", Status: "InService" };
  return { listed: named, described: { ...named, AppNetworkAccessType: access } };
}

const NOTEBOOKS = (account: string) => [
  notebook(account, "shut", "Disabled"),
  notebook(account, "open", "Enabled"),
];
const DOMAINS = (account: string) => [
  domain(account, "d-shut", "VpcOnly"),
  domain(account, "d-open", "PublicInternetOnly"),
];

/** Which resources violate: the others' accounts have none that does. */
type Violating = "notebook" | "domain" | "member";

/** What AWS answers where nothing is damaged. */
function truth({ operation, input, keyId }: Asked, violating: Violating): object | Answer {
  const account = keyId === keyOf(MEMBER) ? MEMBER : HUB;
  const isOpen = violating === "member" ? account === MEMBER : account === HUB;
  const notebooks = NOTEBOOKS(account).slice(0, violating !== "domain" && isOpen ? 2 : 1);
  const domains = DOMAINS(account).slice(0, violating === "domain" && isOpen ? 2 : 1);
  switch (operation) {
    case "ListNotebookInstances":
      return { NotebookInstances: notebooks.map(({ listed }) => listed) };
    case "DescribeNotebookInstance":
      return (
        notebooks.find(({ listed }) => listed.NotebookInstanceName === input["NotebookInstanceName"])
          ?.described ?? refusal("ValidationException", "RecordNotFound")
      );
    case "ListDomains":
      return { Domains: domains.map(({ listed }) => listed) };
    case "DescribeDomain":
      return (
        domains.find(({ listed }) => listed.DomainId === input["DomainId"])?.described ??
        refusal("ResourceNotFound", "Domain does not exist")
      );
    case "ListAccounts":
      return { Accounts: [HUB, MEMBER].map(accountOf) };
    case "ListAccountsForParent":
      return { Accounts: input["ParentId"] === "r-ab12" ? [accountOf(HUB)] : [accountOf(MEMBER)] };
    case "ListOrganizationalUnitsForParent":
      return {
        OrganizationalUnits: input["ParentId"] === "r-ab12" ? [{ Id: "ou-ab12-cdef3456", Name: "ml" }] : [],
      };
    case "GetCallerIdentity":
      return sts(
        operation,
        `<UserId>AIDA</UserId><Account>${account}</Account><Arn>arn:aws:iam::${account}:user/u</Arn>`,
      );
    case "AssumeRole": {
      const [, id = ""] = /::(\d{12}):/.exec(String(input["RoleArn"])) ?? [];
      if (id !== HUB && id !== MEMBER) return xmlRefusal("AccessDenied");
      const keys = `<AccessKeyId>${keyOf(id)}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>`;
      return sts(
        operation,
        `<Credentials>${keys}<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`,
      );
    }
    default:
      return refusal("UnknownOperationException", operation);
  }
}

function accountOf(Id: string) {
  return {
    Id,
    Arn: `arn:aws:organizations::${HUB}:account/o-a1b2c3d4e5/${Id}`,
    Name: "ml",
    State: "ACTIVE",
    Status: "ACTIVE",
  };
}

function keyOf(account: string): string {
  return `AKIA${account}`;
}

function sts(operation: string, result: string): Answer {
  return {
    body: `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`,
  };
}

function refusal(code: string, message: string): Answer {
  return { status: 400, body: JSON.stringify({ __type: code, message }) };
}

function xmlRefusal(code: string): Answer {
  return {
    status: 403,
    body: `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
  };
}

function written(answer: object | Answer): Answer {
  return "body" in answer ? answer : { body: JSON.stringify(answer) };
}

/** A scan in which the answers to `operation` are `body`, once per call. */
async function scanWith(
  violating: Violating,
  operation: string,
  damage: Answer,
  ask: ScanAsk,
): Promise<ScanOutcome> {
  aws.use((asked) => {
    const isDamaged = asked.operation === operation && isAbout(asked, violating);
    return isDamaged ? damage : written(truth(asked, violating));
  });
  // A session remembers whom it is of; each scan is the first here.
  return engine.scan({ regions: { include: [REGION] }, ...ask });
}

/** Of describes only that of the resource that violates is damaged. */
function isAbout({ operation, input }: Asked, violating: Violating): boolean {
  if (operation === "DescribeNotebookInstance") return input["NotebookInstanceName"] === "open";
  if (operation === "DescribeDomain") return input["DomainId"] === "d-open";
  if (operation.endsWith("ForParent")) return violating === "member";
  return true;
}

function expectNoPass({ compliant, record }: ScanOutcome): void {
  expect(compliant).not.toBe("True");
  const { scan: _, ...contents } = record;
  // As it would be sent: one odd field, and the API server refuses the whole.
  const errors = validateSchema(JSON.parse(JSON.stringify(contents)) as Json, CONTENTS);
  expect(errors).toEqual([]);
}

/** Nothing that says in good order that a resource is not there, or is another. */
const HARMS: readonly Harm[] = ["replace", "replace", "remove", "rename", "wrap", "add", "double"];

/** A damaged body, but for lists that are empty and whole: these say that there is nothing. */
function damaged(operation: string, violating: Violating, input: Asked["input"] = {}): fc.Arbitrary<Answer> {
  const good = truth({ operation, input, keyId: keyOf(HUB) }, violating);
  const json = damagedJson(good, HARMS).filter((body) => !Object.values(body ?? {}).some(isEmptyList));
  const text = fc
    .tuple(fc.nat(), fc.constantFrom("cut", "{", '"', "\u0000", "]", "null", "\ufeff"))
    .map(([at, piece]) => {
      const whole = JSON.stringify(good);
      const place = at % whole.length;
      return piece === "cut" ? whole.slice(0, place) : whole.slice(0, place) + piece + whole.slice(place);
    });
  return fc.oneof(
    json.map((body) => ({ body: JSON.stringify(body) })),
    text.map((body) => ({ body })),
  );
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

const ORGANIZATION = { organization: { roleName: "Scan" } };
const UNITS = { organization: { roleName: "Scan", organizationalUnits: ["r-ab12"] } };
const CASES: readonly (readonly [string, Violating, Asked["input"], ScanAsk])[] = [
  ["ListNotebookInstances", "notebook", {}, {}],
  ["DescribeNotebookInstance", "notebook", { NotebookInstanceName: "open" }, {}],
  ["ListDomains", "domain", {}, {}],
  ["DescribeDomain", "domain", { DomainId: "d-open" }, {}],
  ["ListAccounts", "member", {}, ORGANIZATION],
  ["ListAccountsForParent", "member", { ParentId: "ou-ab12-cdef3456" }, UNITS],
  ["ListOrganizationalUnitsForParent", "member", { ParentId: "r-ab12" }, UNITS],
];

for (const [operation, violating, input, ask] of CASES) {
  fuzz(
    `no damage to an answer of ${operation} makes an account pass that has a violation`,
    40,
    damaged(operation, violating, input),
    async (answer) => expectNoPass(await scanWith(violating, operation, answer, ask)),
  );
}

fuzz(
  "an error of any code, message and status is a failure, and no pass",
  60,
  fc.record({
    operation: fc.constantFrom("ListNotebookInstances", "DescribeNotebookInstance"),
    code: fc.oneof(
      fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty", ""),
      fc.string({ unit: "binary" }),
    ),
    message: fc.oneof(fc.string({ unit: "binary" }), fc.constant("x".repeat(100_000))),
    status: fc.constantFrom(300, 400, 403, 404, 429, 500, 503),
  }),
  async ({ operation, code, message, status }) => {
    const body = JSON.stringify({ __type: code, message });
    expectNoPass(await scanWith("notebook", operation, { status, body }, {}));
  },
);

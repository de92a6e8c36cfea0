import { describe, expect, it } from "vitest";
import { HOSTILE } from "../../test/support/scan-result.ts";
import { planCommand } from "./plan-command.ts";

const command = (arn: string) => planCommand({ verdict: "violation", arn });
const notebook = (name: string) => `arn:aws:sagemaker:eu-west-1:111122223333:notebook-instance/${name}`;

describe("planCommand", () => {
  it.each([
    notebook("churn-model"),
    "arn:aws-us-gov:sagemaker:us-gov-west-1:111122223333:domain/d-0abc1def",
    "arn:aws-iso-b:sagemaker:us-isob-east-1:111122223333:notebook-instance/n",
  ])("is offered for %s", (arn) => expect(command(arn)).toBe(`awsscan plan ${arn}`));

  it.each([
    "--output-dir=/tmp/x",
    "-h",
    "arn:aws:s3:::bucket",
    "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/e",
    `${notebook("n")} --output-dir=/tmp/x`,
    `${notebook("n")}\n`,
    notebook("--output-dir=x"),
    notebook("n/../m"),
    notebook(""),
    ...HOSTILE,
    ...HOSTILE.filter((text) => text !== "").map(notebook),
  ])("is not for %j", (arn) => expect(command(arn)).toBeUndefined());

  it.each(["exempt", "unknown", "compliant"] as const)("is not for what is %s", (verdict) =>
    expect(planCommand({ verdict, arn: notebook("n") })).toBeUndefined(),
  );
});

import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { awsscanProgram } from "./awsscan.ts";

/** What the program says to words that it refuses; throws where it takes them. */
async function refusalOf(words: string): Promise<string> {
  const program = awsscanProgram();
  let said = "";
  const quiet = (command: Command): void => {
    const tell = (text: string) => {
      said += text;
    };
    command.exitOverride().configureOutput({ writeErr: tell, outputError: tell });
    command.commands.forEach(quiet);
  };
  quiet(program);
  try {
    await program.parseAsync(["iam", ...words.split(" ")], { from: "user" });
  } catch (error) {
    return `${said}${String(error)}`;
  }
  throw new Error(`taken: ${words}`);
}

describe("awsscan iam", () => {
  it.each([
    ["policy scan --account 12", "12 digits"],
    ["policy scan --partition aws-mars", "aws-us-gov"],
    ["policy hub", "--role-names"],
    ["policy hub --role-names *", "the name of a role"],
    ["policy hub --role-names arn:aws:iam::111122223333:role/a", "without arn:"],
    ["policy hub --role-names a --organization-id 12", "o-a1b2c3d4e5"],
    ["trust scan --hub-role-arn arn:aws:iam::111122223333:user/a --external-id acme", "ARN of a role"],
    ["trust scan --hub-role-arn arn:aws:iam::111122223333:role/Hub", "--external-id"],
    ["trust scan --hub-role-arn arn:aws:iam::111122223333:role/Hub --external-id a*", "_+=,.@:/-"],
    ["trust irsa --service-account a/b", "--issuer and --account"],
    ["trust irsa --issuer http://x.example --account 111122223333 --service-account a/b", "https://"],
    ["trust irsa --issuer https://x.example?a=b --account 111122223333 --service-account a/b", "https://"],
    ["trust irsa --issuer x.example --account 111122223333 --service-account *", "namespace/name"],
    ["trust irsa --provider-arn arn:aws:iam::1:oidc-provider/x --service-account a/b", "OIDC provider"],
    [
      "trust irsa --provider-arn arn:aws:iam::111122223333:oidc-provider/x.example --account 111122223333 --service-account a/b",
      "--account cannot be combined",
    ],
    ["trust pod-identity --cluster-arn prod --service-account a/b", "the ARN of a cluster"],
  ])("says what is wrong with %s", async (words, told) => {
    expect(await refusalOf(words)).toContain(told);
  });
});

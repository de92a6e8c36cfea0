import { describe, expect, it } from "vitest";
import { groupHoles } from "./holes.ts";

const row = (operation: string, code: string, state: "failed" | "denied" = "failed") => ({
  account: "",
  region: "",
  state,
  cause: { operation, code, message: "m", requestId: undefined, count: 1 },
  failures: [],
  notListed: 0,
});

describe("the advice on a place that was not read", () => {
  it.each([
    [
      "no credentials were found",
      row("GetAmbientCredentials", "CredentialsProviderError"),
      /^Set up AWS credentials/,
    ],
    ["a profile is not there", row("GetProfileCredentials", "CredentialsProviderError"), /AWS_PROFILE/],
    ["credentials are another account's", row("GetCallerIdentity", "AccountMismatch"), /role of the account/],
    ["the scan in the cluster is in doubt", row("GetAwsAccountScan", "Stale"), /kubectl describe/],
    ["AWS failed", row("ListDomains", "InternalFailure"), /AWS's status page/],
    ["a permission lacks", row("ListDomains", "AccessDeniedException", "denied"), /^Grant the role/],
  ])("says what helps where %s", (_what, unread, advice) => {
    expect(groupHoles([unread])[0]?.advice).toMatch(advice);
  });
});

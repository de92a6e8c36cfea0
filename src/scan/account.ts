import { getCallerIdentity, listEnabledRegions } from "../aws/account.ts";
import { homeRegion, parseArn } from "../aws/arn.ts";
import type { CredentialProvider } from "../aws/clients.ts";
import { assumedRoleCredentials } from "../aws/credentials.ts";
import { AwsCallError } from "../aws/errors.ts";
import { ACCOUNT_MISMATCH, deadlineFailure, failureOf, ownFailure, roleNotAllowed } from "./failure.ts";
import { scanRegion } from "./region.ts";
import { chooseRegions, literalRegions, needsLookUp } from "./region-selection.ts";
import type { AccountTarget, ScanContext } from "./request.ts";
import { settleAll } from "./settle.ts";

/** Reads and judges one account. Never throws: what fails becomes events, and delays no other account. */
export async function scanAccount(context: ScanContext, target: AccountTarget): Promise<void> {
  const { sink, signal } = context;
  const id = target.id ?? "";
  if (signal.aborted) return sink({ kind: "failure", failure: deadlineFailure("AssumeRole", id) });
  let account = id;
  try {
    const credentials = credentialsFor(context, target);
    const caller = await getCallerIdentity(context.clients, homeOf(context, target), credentials, signal);
    if (target.id !== undefined && caller.account !== target.id)
      throw mismatch(target.id, caller.account, target.roleArn);
    account = caller.account;
    await scanRegions(context, credentials, caller);
  } catch (error) {
    const failure = signal.aborted
      ? deadlineFailure("GetCallerIdentity", account)
      : failureOf(error, "GetCallerIdentity", account);
    sink({ kind: "failure", failure });
  }
}

async function scanRegions(
  context: ScanContext,
  credentials: CredentialProvider,
  caller: { readonly account: string; readonly partition: string },
): Promise<void> {
  const { clients, sink, signal } = context;
  const { account } = caller;
  const regions = await regionsOf(context, credentials, caller);
  sink({ kind: "account", account, regions });
  await settleAll(
    regions.map((region) =>
      context.limitRegions(async () => {
        if (signal.aborted) {
          return sink({
            kind: "failure",
            failure: deadlineFailure("ListNotebookInstances", account, region),
          });
        }
        await scanRegion({
          ...context,
          client: clients.sagemaker(region, credentials),
          place: { account, region },
          limit: context.limitDescribes,
        });
      }),
    ),
  );
}

/**
 * The regions that the scan means in this account. Literal names need no look-up; where the look-up fails, they are
 * scanned all the same and the rest is told as a failure of the account.
 */
async function regionsOf(
  context: ScanContext,
  credentials: CredentialProvider,
  { account, partition }: { readonly account: string; readonly partition: string },
): Promise<readonly string[]> {
  const { clients, sink, signal, request } = context;
  let enabled: readonly string[] | undefined;
  if (needsLookUp(request.regions)) {
    try {
      enabled = await listEnabledRegions(clients, homeRegion(partition, context.region), credentials, signal);
    } catch (error) {
      sink({ kind: "failure", failure: failureOf(error, "DescribeRegions", account) });
      return literalRegions(request.regions);
    }
  }
  const { regions, lack } = chooseRegions(request.regions, enabled);
  if (lack !== undefined) {
    const failure = ownFailure({
      account,
      operation: "DescribeRegions",
      reason: "NoMatchingRegion",
      ...lack,
    });
    sink({ kind: "failure", failure });
  }
  return regions;
}

function credentialsFor(context: ScanContext, target: AccountTarget): CredentialProvider {
  if (target.roleArn === undefined) return context.base;
  if (!context.allowRole(target.roleArn)) throw roleNotAllowed(target.roleArn);
  const { clients, base, sessionName, signal, region } = context;
  return assumedRoleCredentials({
    clients,
    base,
    sessionName,
    signal,
    region,
    roleArn: target.roleArn,
    externalId: target.externalId,
  });
}

function homeOf(context: ScanContext, { roleArn }: AccountTarget): string {
  const partition = roleArn === undefined ? undefined : parseArn(roleArn)?.partition;
  return partition === undefined ? (context.region ?? "us-east-1") : homeRegion(partition, context.region);
}

function mismatch(wanted: string, got: string, roleArn: string | undefined): AwsCallError {
  const mend =
    roleArn === undefined
      ? `Give accounts[id=${wanted}] a roleArn in that account.`
      : `Check the roleArn of accounts[id=${wanted}].`;
  const message = `These credentials are of account ${got}, not ${wanted}. ${mend}`;
  return new AwsCallError({
    kind: "failed",
    operation: "GetCallerIdentity",
    code: ACCOUNT_MISMATCH,
    message,
  });
}

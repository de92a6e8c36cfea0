import { createHash } from "node:crypto";
import { homeRegion, homeRegionOf } from "../api/arn.ts";
import { type CallerIdentity, getCallerIdentity, listEnabledRegions } from "../aws/account.ts";
import { assumedRoleSession } from "../aws/credentials.ts";
import { ACCOUNT_MISMATCH, AwsCallError } from "../aws/errors.ts";
import type { Session } from "../aws/session.ts";
import { cutOffFailure, failureOf, ownFailure, roleNotAllowed } from "./failure.ts";
import { scanRegion } from "./region.ts";
import { chooseRegions, literalRegions, needsLookUp } from "./region-selection.ts";
import { tracedRegion } from "./region-span.ts";
import type { AccountTarget, ScanContext } from "./request.ts";
import { settleAll } from "./settle.ts";

/** An account that was entered. */
interface Entered {
  readonly target: AccountTarget;
  readonly session: Session;
  readonly caller: CallerIdentity;
}

/** Reads and judges one account. Never throws: what fails becomes events, and delays no other account. */
export async function scanAccount(context: ScanContext, target: AccountTarget): Promise<void> {
  const { sink, signal } = context;
  let account = target.id ?? "";
  if (signal.aborted) return sink({ kind: "failure", failure: cutOffFailure(signal, "AssumeRole", account) });
  try {
    const entered = await enter(context, target);
    account = entered.caller.account;
    await scanRegions(context, entered);
  } catch (error) {
    const failure = signal.aborted
      ? cutOffFailure(signal, "GetCallerIdentity", account)
      : failureOf(hinted(error, target), "GetCallerIdentity", account);
    sink({ kind: "failure", failure });
  }
}

/** Makes sure, before anything else is asked, that the credentials are the account's. */
async function enter(context: ScanContext, target: AccountTarget): Promise<Entered> {
  const { aws, signal, span } = context;
  const session = sessionFor(context, target);
  const account = target.id ?? session.key;
  const caller = await getCallerIdentity({
    aws,
    session,
    account,
    region: homeRegionOf(target.roleArn, context.region),
    signal,
    span,
  });
  if (target.id !== undefined && caller.account !== target.id) {
    throw mismatch(target.id, caller.account, target.roleArn);
  }
  return { target, session, caller };
}

async function scanRegions(context: ScanContext, entered: Entered): Promise<void> {
  const { aws, sink, signal, request, limitRegions } = context;
  const { session, caller, target } = entered;
  const { account } = caller;
  const regions = await regionsOf(context, entered);
  sink({ kind: "account", account, regions });
  const identity = identityOf(caller, target);
  await settleAll(
    regions.map((region) =>
      limitRegions(async () => {
        if (signal.aborted) {
          const failure = cutOffFailure(signal, "ListNotebookInstances", account, region);
          return sink({ kind: "failure", failure });
        }
        const place = { account, region };
        await tracedRegion(context.span, place, sink, (span, sink) =>
          scanRegion({
            aws,
            sagemaker: aws.endpoint("sagemaker", { ...place, session, signal, span }),
            place,
            observedBy: caller.arn,
            identity,
            request,
            sink,
            signal,
          }),
        );
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
  { session, caller: { account, partition } }: Entered,
): Promise<readonly string[]> {
  const { aws, sink, signal, request, span } = context;
  let enabled: readonly string[] | undefined;
  if (needsLookUp(request.regions)) {
    try {
      const region = homeRegion(partition, context.region);
      enabled = await listEnabledRegions({ aws, session, account, region, signal, span });
    } catch (error) {
      if (signal.aborted) throw error;
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

/** What a session's policy lets it read is no other session's affair. */
function identityOf({ principalId }: CallerIdentity, { sessionPolicy }: AccountTarget): string {
  if (sessionPolicy === undefined) return principalId;
  return `${principalId} ${createHash("sha256").update(sessionPolicy).digest("hex")}`;
}

function sessionFor(context: ScanContext, target: AccountTarget): Session {
  const { roleArn, externalId, sessionPolicy, sessionDurationSeconds } = target;
  if (roleArn === undefined) return context.base;
  if (!context.allowRole(roleArn)) throw roleNotAllowed(roleArn);
  const { aws, base, sessionName, region } = context;
  return assumedRoleSession({
    aws,
    base,
    sessionName,
    region,
    roleArn,
    externalId,
    sessionPolicy,
    sessionDurationSeconds,
  });
}

/** What is usual where a role cannot be assumed in the management account. */
function hinted(error: unknown, { isManagement }: AccountTarget): unknown {
  const isRefused =
    error instanceof AwsCallError && error.operation === "AssumeRole" && error.kind === "denied";
  if (isManagement !== true || !isRefused) return error;
  const { kind, operation, code, requestId, message } = error;
  const hint =
    "This is the organization's management account, where service-managed StackSets create nothing. Create the role " +
    `there by itself, or leave the account out by organization.excludeAccounts. AWS: ${message}`;
  return new AwsCallError({ kind, operation, code, requestId, message: hint });
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

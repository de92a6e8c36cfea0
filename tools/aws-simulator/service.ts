/** What a simulated service is made of. */
import type { AwsError, ServiceName } from "./errors.ts";
import type { Input } from "./input.ts";
import type { Principal, Sessions } from "./sessions.ts";
import type { Settings } from "./settings.ts";
import type { IdentityProvider } from "./tokens.ts";
import type { Output, Protocol } from "./wire.ts";
import type { World } from "./world.ts";

/** What operations work on. */
export interface Context {
  readonly world: World;
  readonly sessions: Sessions;
  readonly settings: Settings;
  readonly identityProvider: IdentityProvider | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** One request whose caller and place are known. */
export interface Call extends Context {
  readonly input: Input;
  readonly caller: Principal;
  /** Of the signature; operations that are not signed know of none. */
  readonly region: string;
  /** At most so many items in a page, whatever was asked; undefined unless a fault says so. */
  readonly pageLimit: number | undefined;
  /** So many items of the page before begin this one; 0 unless a fault says otherwise. */
  readonly pageOverlap: number;
}

/** Who asks what, and where. */
export type Place = Pick<Call, "world" | "input" | "caller" | "region">;

/** What one operation does, and how it is told in logs and refusals. */
export interface Operation {
  /** Throws `AwsError`. */
  answer(call: Call): Output | Promise<Output>;
  /** True where the request needs no signature: `caller` and `region` are then {@link NOBODY}'s and empty. */
  readonly unsigned?: boolean;
  /** The name or ARN that is asked about. */
  resource?(input: Input): string | undefined;
  /** What policies must name, where the action knows resources; `*` where it is not one. */
  arn?(place: Place): string;
  /** The account that is asked, where it is not the caller's. */
  account?(input: Input): string | undefined;
  /** What it answers about a resource that has just vanished; without it, nothing vanishes. */
  vanished?(input: Input): AwsError;
}

export interface Service {
  readonly name: ServiceName;
  readonly protocol: Protocol;
  readonly operations: Readonly<Record<string, Operation>>;
  /** Throws where the account has not enabled the region. */
  assertRegion(world: World, accountId: string, region: string): void;
}

/** The caller of an operation that needs no signature. */
export const NOBODY: Principal = { accountId: "", arn: "", userId: "" };

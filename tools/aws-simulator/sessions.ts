import { createHash, randomBytes } from "node:crypto";
import type { RoleSpec } from "./fleet.ts";
import type { SessionPolicy } from "./session-policy.ts";
import type { Account } from "./world.ts";

/** Whose request it is. */
export interface Principal {
  readonly accountId: string;
  /** As GetCallerIdentity names it. */
  readonly arn: string;
  readonly userId: string;
  /** The role behind a session; trust policies name roles, not sessions. */
  readonly roleArn?: string;
  /** What bounds the session beside the role's own policies. */
  readonly policy?: SessionPolicy;
  /** Session tags that go along into every role that is assumed. */
  readonly transitiveTags?: Readonly<Record<string, string>>;
  /** The service that asks by itself, such as `pods.eks.amazonaws.com`, and for which account. */
  readonly service?: string;
  readonly sourceAccount?: string;
}

/** How a session differs from others of its role. */
export interface SessionOptions {
  readonly name: string;
  readonly seconds: number;
  readonly policy: SessionPolicy | undefined;
  readonly transitiveTags: Readonly<Record<string, string>>;
}

/** Temporary credentials as STS gives them. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAtMs: number;
  readonly principal: Principal;
}

/** Above this many, those that have ended are forgotten. */
const KEEP = 5_000;

/** The sessions of assumed roles, by access key id. */
export class Sessions {
  readonly #now: () => number;
  #byKey = new Map<string, Session>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Opens a session of a role. */
  open(account: Account, role: RoleSpec, options: SessionOptions): Session {
    const { name, seconds, policy, transitiveTags } = options;
    const session: Session = {
      accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString("base64"),
      sessionToken: randomBytes(96).toString("base64"),
      expiresAtMs: this.#now() + seconds * 1000,
      principal: {
        accountId: account.spec.id,
        arn: `arn:${account.partition}:sts::${account.spec.id}:assumed-role/${role.name}/${name}`,
        userId: `${roleId(account, role)}:${name}`,
        roleArn: roleArn(account, role),
        ...(policy && { policy }),
        transitiveTags,
      },
    };
    if (this.#byKey.size >= KEEP) this.#forgetEnded();
    this.#byKey.set(session.accessKeyId, session);
    return session;
  }

  /** The session of a key, ended or not; long after its end it is unknown. */
  find(accessKeyId: string): Session | undefined {
    return this.#byKey.get(accessKeyId);
  }

  hasEnded(session: Session): boolean {
    return session.expiresAtMs <= this.#now();
  }

  /** Ends every session now; each stays known, as an expired one. */
  endAll(): void {
    const expiresAtMs = this.#now();
    for (const [key, session] of this.#byKey) this.#byKey.set(key, { ...session, expiresAtMs });
  }

  #forgetEnded(): void {
    this.#byKey = new Map([...this.#byKey].filter(([, session]) => !this.hasEnded(session)));
  }
}

/** `arn:…:iam::…:role/path/name` */
export function roleArn(account: Account, role: RoleSpec): string {
  return `arn:${account.partition}:iam::${account.spec.id}:role${role.path ?? "/"}${role.name}`;
}

/** The id that IAM would have given the role, the same at every start. */
function roleId(account: Account, role: RoleSpec): string {
  const hash = createHash("sha256").update(roleArn(account, role)).digest("hex");
  return `AROA${hash.slice(0, 17).toUpperCase()}`;
}

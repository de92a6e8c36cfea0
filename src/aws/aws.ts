import { abortable } from "../async/abortable.ts";
import type { Span } from "../tracing/span.ts";
import { Caller, type CallerOptions } from "./calls/caller.ts";
import { AwsClients, type ClientOf, type Service } from "./clients.ts";
import { DescriptionCache } from "./descriptions.ts";
import { type Credentials, type Session, Sessions } from "./session.ts";
import { Share } from "./share.ts";

export interface AwsOptions extends CallerOptions {
  /** Identifies the operator in CloudTrail's `userAgent`. */
  readonly userAgent: string;
  /** Memory for descriptions of resources that have not changed. */
  readonly maxCacheBytes: number;
}

/** How to ask one service in one region for one account. */
export interface Endpoint<S extends Service> {
  /**
   * Calls `operation` by `send`, as often as it takes. Throws `AwsCallError` where there is no answer to be had, and
   * the signal's reason where it aborts.
   */
  call<T>(operation: string, send: (client: ClientOf<S>, abortSignal: AbortSignal) => Promise<T>): Promise<T>;
}

/** Where and as whom to ask. */
export interface EndpointOptions {
  /** Whose quota is used; for calls before that is known, whatever tells the caller from others. */
  readonly account: string;
  readonly region: string;
  readonly session: Session;
  readonly signal: AbortSignal;
  /** What the calls are pieces of; undefined where nobody traces them. */
  readonly span?: Span | undefined;
  /** The account that is asked about, where `account` is none. For traces alone. */
  readonly subject?: string | undefined;
}

/** An answer that several scans may wait for is given up after this, whichever of them asked. */
const SHARED_PATIENCE_MS = 60_000;

/** Listed resources that wait in the process, some 300 bytes each; ten pages of one list hide every list's latency. */
const AHEAD = 10_000;

/** Everything that a process keeps for asking AWS. One for all scans. */
export class Aws {
  readonly sessions = new Sessions();
  readonly descriptions: DescriptionCache;
  /** Describes that each list being worked off may have waiting or under way: no more than can go soon. */
  readonly describes: Share;
  /** Resources that each list may be ahead of them by. */
  readonly ahead: Share;
  readonly #clients: AwsClients;
  readonly #caller: Caller;
  readonly #closing = new AbortController();

  constructor(options: AwsOptions) {
    this.#clients = new AwsClients(options.userAgent);
    this.#caller = new Caller(options);
    const { limits } = options;
    this.describes = new Share({ total: 4 * limits.process, least: 2, most: limits.region });
    this.ahead = new Share({ total: AHEAD, least: 1, most: AHEAD / 10 });
    this.descriptions = new DescriptionCache({ maxBytes: options.maxCacheBytes });
  }

  endpoint<S extends Service>(service: S, options: EndpointOptions): Endpoint<S> {
    const { account, region, session, signal, span } = options;
    const traced = span && { parent: span, account: options.subject ?? accountId(account) };
    // Made at the first call: most regions of most accounts are asked for little.
    let client: ClientOf<S> | undefined;
    return {
      call: (operation, send) => {
        let signedWith: Credentials | undefined;
        return this.#caller.call({
          route: { account, region, service, operation },
          signal,
          traced,
          prepare: () => (session.isReady ? undefined : abortable(session.credentials(span), signal)),
          send: (abortSignal) => {
            client ??= this.#clients.get(service, region, session);
            signedWith = session.latest;
            return send(client, abortSignal);
          },
          renew: (minAgeMs) => session.renew(signedWith, minAgeMs),
        });
      },
    };
  }

  /** For what is asked once for several scans: no single one of them may end it. */
  sharedSignal(): AbortSignal {
    return AbortSignal.any([this.#closing.signal, AbortSignal.timeout(SHARED_PATIENCE_MS)]);
  }

  /** Gives up whatever is asked, and closes every connection. */
  close(): void {
    this.#closing.abort(new DOMException("The operator stops", "AbortError"));
    this.#clients.close();
  }
}

/** Anything else, such as the key of a session, may tell what a trace must not. */
function accountId(account: string): string | undefined {
  return /^\d{12}$/.test(account) ? account : undefined;
}

import type { Server } from "node:https";
import type { Logger } from "pino";
import { checkKeyPair, type KeyPair, type KeyPairSource, serverTls } from "./serving.ts";

/** A Secret reaches its mounted files within some minutes anyway, and nothing tells of that on every file system. */
const LOOK_MS = 60_000;

export interface FollowOptions {
  readonly server: Pick<Server, "setSecureContext">;
  readonly source: KeyPairSource;
  /** What the server began with. */
  readonly pair: KeyPair;
  readonly log: Logger;
}

/**
 * Gives a server the key pair that its source has now, for new connections. One that cannot be used is told in the log,
 * once, and the last good one kept.
 */
export class KeyPairFollower {
  readonly #options: FollowOptions;
  #current: KeyPair;
  #lastFailure: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#current = options.pair;
  }

  /** From now on looks every minute. Keeps no process alive. */
  start(): void {
    this.#timer = setTimeout(() => void this.#lookAgain(), LOOK_MS).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stopped = true;
  }

  /** One look after the other: a slow one that ended late would bring an older certificate back. */
  async #lookAgain(): Promise<void> {
    await this.look();
    if (!this.#stopped) this.start();
  }

  /** Looks once. Never rejects. */
  async look(): Promise<void> {
    const { source, server, log } = this.#options;
    try {
      const pair = await source();
      this.#lastFailure = undefined;
      if (pair.cert === this.#current.cert && pair.key === this.#current.key) return;
      const facts = checkKeyPair(pair);
      server.setSecureContext(serverTls(pair));
      this.#current = pair;
      log.info(facts, "the server's certificate was replaced");
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message === this.#lastFailure) return;
      this.#lastFailure = message;
      log.warn({ err: error }, "the server's new certificate cannot be used: keeping the old one");
    }
  }
}

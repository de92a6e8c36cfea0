import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { Agent, request } from "node:https";
import type { AddressInfo } from "node:net";

/** What a request to the API server is, as far as faults tell them apart. */
export type RequestClass = "list" | "watch" | "other";

/** An answer that the proxy gives in the API server's stead. */
export interface Fault {
  readonly on: RequestClass;
  /** How many requests it is for; 1 by default. */
  readonly times?: number;
  /** Which of them; all by default. */
  readonly when?: (url: URL) => boolean;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What becomes of one request that is passed on. */
export interface Harm {
  /** It waits for this before it is passed on. */
  readonly after?: Promise<unknown>;
  /** The proxy answers itself, and the API server never hears of it. */
  readonly answer?: Pick<Fault, "status" | "headers" | "body">;
  /** The connection breaks, though the API server has done what it was asked: after half of the answer, or before it. */
  readonly breaks?: "half-way" | "before-answer";
  /** Called with the API server's answer, before the operator has it. */
  readonly answered?: (status: number) => void;
}

interface Watch {
  readonly response: ServerResponse;
  silent: boolean;
}

/** The collection's path, with nothing behind the plural. */
const COLLECTION = /^\/(api\/v1|apis\/[^/]+\/[^/]+)\/(namespaces\/[^/]+\/)?[^/]+$/;

/**
 * An HTTP proxy in this process before a real API server, which lets everything pass until it is told to do harm.
 * Who asks authenticates himself: headers are passed on as they are.
 */
export class FaultProxy {
  /** The URLs of all requests so far, by class. */
  readonly seen: Record<RequestClass, URL[]> = { list: [], watch: [], other: [] };
  /** When each of them came, by the monotonic clock. */
  readonly arrivals: number[] = [];
  /** TCP connections accepted so far. */
  connections = 0;
  /** Requests that wait for {@link holdLists} or {@link hang} to be released. */
  held = 0;
  readonly #upstream: URL;
  readonly #agent: Agent;
  readonly #server: Server;
  readonly #watches = new Set<Watch>();
  readonly #faults: { readonly fault: Fault; left: number }[] = [];
  #choose: ((kind: RequestClass, url: URL) => Harm | undefined) | undefined;
  #hold: { readonly only: RequestClass | undefined; readonly over: Promise<void> } | undefined;

  private constructor(upstream: URL, ca: string) {
    this.#upstream = upstream;
    this.#agent = new Agent({ ca });
    this.#server = createServer((incoming, response) => void this.#handle(incoming, response));
    this.#server.on("connection", () => {
      this.connections += 1;
    });
  }

  /** Starts one on a free port; `ca` is the PEM text of the API server's certificate authority. */
  static async start(upstream: string, ca: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(new URL(upstream), ca);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Watches that are open now. */
  get openWatches(): number {
    return this.#watches.size;
  }

  /** Bytes of open watches that their readers have not taken yet, beyond what sockets hold. */
  get unreadBytes(): number {
    return [...this.#watches].reduce((sum, { response }) => sum + response.writableLength, 0);
  }

  /** Answers requests itself, until each fault has been had as often as it says. */
  fail(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? 1 });
  }

  /**
   * Asks `choose` of every request what becomes of it, until the returned function is called; `choose` may change the URL
   * that is passed on. Of watches nothing breaks here: see {@link cutWatches}.
   */
  harm(choose: (kind: RequestClass, url: URL) => Harm | undefined): () => void {
    this.#choose = choose;
    return () => {
      this.#choose = undefined;
    };
  }

  /** Keeps lists waiting until the returned function is called. */
  holdLists(): () => void {
    return this.#holdOn("list");
  }

  /**
   * Takes requests and answers none until the returned function is called. All of them, and open watches deliver nothing
   * any more; or those of one class.
   */
  hang(only?: RequestClass): () => void {
    if (only === undefined) this.silenceWatches();
    return this.#holdOn(only);
  }

  /** Writes these bytes into every open watch. */
  inject(text: string): void {
    for (const { response } of this.#watches) response.write(text);
  }

  /** Breaks the connections of all open watches. */
  cutWatches(): void {
    for (const { response } of this.#watches) response.destroy();
  }

  /** Ends all open watches as the API server does when their time is over. */
  endWatches(): void {
    for (const { response } of this.#watches) response.end();
  }

  /** The open watches stay open, and deliver nothing any more. */
  silenceWatches(): void {
    for (const watch of this.#watches) watch.silent = true;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#agent.destroy();
  }

  #holdOn(only: RequestClass | undefined): () => void {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    this.#hold = { only, over };
    return () => {
      this.#hold = undefined;
      resolve();
    };
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? "/", this.#upstream);
    const kind = classify(incoming, url);
    this.seen[kind].push(url);
    this.arrivals.push(performance.now());
    const harm = this.#choose?.(kind, url);
    const fault = this.#takeFault(kind, url) ?? harm?.answer;
    if (fault !== undefined) {
      incoming.resume();
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    }
    if (this.#hold !== undefined && (this.#hold.only ?? kind) === kind) {
      this.held += 1;
      await this.#hold.over;
      this.held -= 1;
      if (response.destroyed) return;
    }
    if (harm?.after !== undefined) {
      await harm.after;
      if (response.destroyed) return;
    }
    const headers = { ...incoming.headers, host: this.#upstream.host };
    const outgoing = request(url, { method: incoming.method, headers, agent: this.#agent });
    outgoing.on("error", () => response.destroy());
    response.on("close", () => outgoing.destroy());
    outgoing.on("response", ({ statusCode = 0 }) => harm?.answered?.(statusCode));
    if (kind === "watch") this.#relayWatch(outgoing, response);
    else if (harm?.breaks !== undefined) breakOff(outgoing, response, harm.breaks);
    else outgoing.on("response", (answer) => relay(answer, response));
    incoming.pipe(outgoing);
  }

  #relayWatch(outgoing: ClientRequest, response: ServerResponse): void {
    outgoing.on("response", (answer) => {
      const watch: Watch = { response, silent: false };
      this.#watches.add(watch);
      response.on("close", () => this.#watches.delete(watch));
      response.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders();
      answer.on("data", (chunk: Buffer) => {
        if (!watch.silent) response.write(chunk);
      });
      answer.on("end", () => response.end());
      answer.on("error", () => response.destroy());
    });
  }

  #takeFault(kind: RequestClass, url: URL): Fault | undefined {
    const found = this.#faults.find(
      ({ fault, left }) => left > 0 && fault.on === kind && (fault.when === undefined || fault.when(url)),
    );
    if (found !== undefined) found.left -= 1;
    return found?.fault;
  }
}

function classify({ method }: IncomingMessage, url: URL): RequestClass {
  if (method !== "GET" || !COLLECTION.test(url.pathname)) return "other";
  return url.searchParams.get("watch") === "true" ? "watch" : "list";
}

function relay(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.pipe(response);
}

function breakOff(
  outgoing: ClientRequest,
  response: ServerResponse,
  when: "half-way" | "before-answer",
): void {
  outgoing.on("response", (answer) => {
    const chunks: Buffer[] = [];
    answer.on("data", (chunk: Buffer) => chunks.push(chunk));
    answer.on("error", () => response.destroy());
    answer.on("end", () => {
      if (when === "before-answer") {
        response.destroy();
        return;
      }
      const body = Buffer.concat(chunks);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.write(body.subarray(0, body.length / 2), () => response.destroy());
    });
  });
}

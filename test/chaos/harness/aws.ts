import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from "node:net";
import {
  type RunningSimulator,
  type SimulatorAdmin,
  type StartSimulatorOptions,
  startSimulator,
} from "../../support/aws.ts";

/** By this header SageMaker knows what is asked of it: the call by which a scan's reads are counted. */
const COUNTED_CALL = "SageMaker.ListDomains";
/** For so long an answer that was passed on may still be on its way. */
export const DELIVERY_MS = 1_000;

/** What was asked last on a connection. */
interface Asked {
  readonly isCounted: boolean;
  /** When the answer was passed on (ms, monotonic). */
  answeredMs?: number;
}

/**
 * AWS as something that can be gone, stand still, and be back at the same address. It is reached by way of this process, so that
 * sessions outlive that it is gone, as they do in AWS.
 */
export class ChaosAws {
  readonly #simulator: RunningSimulator;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #asked = new Map<Socket, Asked>();
  readonly #port: number;

  private constructor(simulator: RunningSimulator, server: Server) {
    this.#simulator = simulator;
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    server.on("connection", (socket) => this.#connect(socket));
  }

  static async start(options: StartSimulatorOptions): Promise<ChaosAws> {
    const simulator = await startSimulator(options);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new ChaosAws(simulator, server);
  }

  /** For `AWS_ENDPOINT_URL`. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Reaches it always, but while it stands still. */
  get client(): SimulatorAdmin {
    return this.#simulator.client;
  }

  /** Counted calls whose answer, as far as anybody can tell, was lost on its way: who asked will have asked again. */
  lost = 0;

  /** Calls that nothing has answered yet. */
  get waiting(): number {
    return [...this.#asked.values()].filter(({ answeredMs }) => answeredMs === undefined).length;
  }

  /** From now on connections break and are refused. */
  async vanish(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    const nowMs = performance.now();
    for (const { isCounted, answeredMs } of this.#asked.values())
      if (isCounted && answeredMs !== undefined && nowMs - answeredMs < DELIVERY_MS) this.lost += 1;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }

  async comeBack(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, "127.0.0.1", resolve));
  }

  /** From now on it takes requests and answers none. */
  freeze(): void {
    this.#simulator.kill("SIGSTOP");
  }

  /** It answers what it took, and whatever comes. */
  thaw(): void {
    this.#simulator.kill("SIGCONT");
  }

  async stop(): Promise<void> {
    if (this.#server.listening) await this.vanish();
    await this.#simulator.stop();
  }

  #connect(socket: Socket): void {
    socket.on("data", (bytes) => {
      const text = bytes.toString("latin1");
      // What does not begin so is the body of what did.
      if (text.startsWith("POST /")) this.#asked.set(socket, { isCounted: text.includes(COUNTED_CALL) });
    });
    socket.on("close", () => {
      const { isCounted, answeredMs } = this.#asked.get(socket) ?? {};
      if (isCounted && answeredMs === undefined) this.lost += 1;
      this.#asked.delete(socket);
    });
    const upstream = dial(Number(new URL(this.#simulator.url).port), "127.0.0.1");
    for (const [each, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      this.#sockets.add(each);
      each.on("close", () => {
        this.#sockets.delete(each);
        other.destroy();
      });
      each.on("error", () => undefined);
      each.pipe(other);
    }
    upstream.on("data", () => {
      const asked = this.#asked.get(socket);
      if (asked !== undefined) asked.answeredMs = performance.now();
    });
  }
}

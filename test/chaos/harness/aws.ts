import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from "node:net";
import {
  type RunningSimulator,
  type SimulatorAdmin,
  type StartSimulatorOptions,
  startSimulator,
} from "../../support/aws.ts";

/**
 * AWS as something that can be gone, stand still, and be back at the same address. It is reached by way of this process, so that
 * sessions outlive that it is gone, as they do in AWS.
 */
export class ChaosAws {
  readonly #simulator: RunningSimulator;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
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

  /** From now on connections break and are refused. */
  async vanish(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
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
  }
}

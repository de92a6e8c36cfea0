import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

interface Connection {
  readonly socket: Socket;
  /** Requests that are not answered to the end. */
  readonly requests: Set<IncomingMessage>;
}

/**
 * Keeps at most `max` connections to `server` open. One more takes the place of the one that has waited longest for a
 * whole request, so that connections without any keep nobody out: a probe is answered in less time than it takes to open
 * `max` others. Where every connection is being answered, the new one is closed.
 */
export function boundConnections(server: Server, max: number): void {
  /** By the client's address, since a request over TLS knows another socket than the connection did. Oldest first. */
  const connections = new Map<string, Connection>();
  server.on("connection", (socket: Socket) => {
    const client = clientOf(socket);
    const connection: Connection = { socket, requests: new Set() };
    if (connections.size >= max) {
      const waiting = connections.values().find(isWaiting);
      if (waiting === undefined) return void socket.destroy();
      connections.delete(clientOf(waiting.socket));
      waiting.socket.destroy();
    }
    connections.set(client, connection);
    socket.once("close", () => {
      if (connections.get(client) === connection) connections.delete(client);
    });
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const client = clientOf(request.socket);
    const connection = connections.get(client);
    if (connection === undefined) return;
    connection.requests.add(request);
    response.once("close", () => {
      connection.requests.delete(request);
      if (connections.get(client) !== connection) return;
      // It was useful a moment ago.
      connections.delete(client);
      connections.set(client, connection);
    });
  });
}

/** Whether nothing is being answered: a request whose body does not come is not one yet. */
function isWaiting({ requests }: Connection): boolean {
  return requests.values().every(({ complete }) => !complete);
}

function clientOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

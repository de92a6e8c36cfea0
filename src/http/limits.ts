/**
 * What a client may cost the process, whoever it is: the ports are open to the cluster's network. One connection is a file
 * descriptor and some kilobytes; one that says nothing must not be kept for those who do.
 * https://nodejs.org/api/http.html#class-httpserver, https://fastify.dev/docs/latest/Reference/Server/
 */

const SECOND_MS = 1_000;

/** Given to Node's server. */
export const HTTP_LIMITS = {
  /** A scraper on a slow network sends its few headers in one packet: what takes longer is a slowloris. */
  headersTimeout: 5 * SECOND_MS,
  /** How late the timeouts of headers and requests may be noticed. Node's default of 30 s would make them 40 s. */
  connectionsCheckingInterval: 2 * SECOND_MS,
  /** URL and headers together; beyond it 431. Holds every ServiceAccount token, of 1 to 2 kB. */
  maxHeaderSize: 16_384,
} as const;

/** Given to fastify. */
export const SERVER_LIMITS = {
  /** Without a byte in either direction: a reader that has stopped reading is gone. */
  connectionTimeout: 30 * SECOND_MS,
  /** For the whole request. None has a body. */
  requestTimeout: 10 * SECOND_MS,
  /** Between requests. Longer than a probe's period, so that who keeps connections does not meet their end each time. */
  keepAliveTimeout: 15 * SECOND_MS,
  /** A connection starts over after some hours of scrapes; a client that pipelines without reading is cut off. */
  maxRequestsPerSocket: 1_000,
  /** No body is read: see `createServer`. */
  bodyLimit: 1_024,
  routerOptions: { maxParamLength: 64 },
} as const;

/** Headers beyond these are not looked at. Node's default is 2000. */
export const MAX_HEADERS = 100;

/** Open connections to each server; another one takes the place of the one that has been silent for longest. */
export const MAX_CONNECTIONS = {
  /** A kubelet has one open for a moment, every few seconds. */
  health: 64,
  /** A scraper has one. */
  metrics: 128,
  /** A person with a workstation has a few. */
  profiles: 8,
} as const;

/** Scrapes under way at once; a pair of Prometheus servers and their like need as many as they are. */
export const MAX_SCRAPES = 8;

/** Prometheus' own default patience: a scrape that took longer gives way where all others are busy too. */
export const SCRAPE_PATIENCE_MS = 10 * SECOND_MS;

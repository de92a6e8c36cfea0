/** What libraries bring along and nothing of ours can reach stays out of the bundle: it would be read at every start. */
import type { Plugin } from "esbuild";

/** Files by the end of their path, and what stands in their place. */
const REPLACED: readonly (readonly [path: RegExp, contents: string])[] = [
  // client-node's KubeConfig imports the thousands of generated models for `makeApiClient` alone, which we never call.
  [
    /@kubernetes\/client-node\/dist\/gen\/index\.js$/,
    "export const createConfiguration = undefined, ServerConfiguration = undefined;",
  ],
  // KubeConfig makes an agent of node:https beside the options for undici, and nobody connects by that one.
  [/socks-proxy-agent\/dist\/index\.js$/, "export class SocksProxyAgent {}"],
  [/socks\/build\/index\.js$/, "export const SocksClient = undefined;"],
  // Of undici's index what src/kube and KubeConfig import; as an ES module, so that esbuild refuses what is not here.
  // Left out: fetch, WebSocket, caches, mocks.
  [
    /undici\/index\.js$/,
    `import Agent from "./lib/dispatcher/agent.js";
import Dispatcher from "./lib/dispatcher/dispatcher.js";
import ProxyAgent from "./lib/dispatcher/proxy-agent.js";
import Socks5ProxyAgent from "./lib/dispatcher/socks5-proxy-agent.js";
import * as api from "./lib/api/index.js";
Object.assign(Dispatcher.prototype, api.default);
export { Agent, ProxyAgent, Socks5ProxyAgent };`,
  ],
  // Bodies of forms: ours are text.
  [/undici\/lib\/web\/fetch\/(?:body|formdata)\.js$/, unreachable("undici's forms")],
  [/undici\/lib\/web\/webidl\/index\.js$/, "exports.webidl = { is: { FormData: () => false } };"],
  // Compilers of the schemas of routes: none of ours has one.
  [
    /@fastify\/(?:ajv|fast-json-stringify)-compiler\/(?:index|standalone)\.js$/,
    `module.exports = () => () => { ${unreachable("fastify's schemas")} };`,
  ],
  // For tests of routes without a server.
  [/light-my-request\/index\.js$/, unreachable("fastify's inject")],
];

/**
 * Puts a few lines in the place of {@link REPLACED}. What is reached all the same throws with its name, so that it
 * cannot pass for working.
 */
export const leanLibraries: Plugin = {
  name: "lean-libraries",
  setup(build) {
    for (const [filter, contents] of REPLACED) {
      build.onLoad(
        { filter: new RegExp(`[\\\\/]node_modules[\\\\/](?:.*[\\\\/])?${filter.source}`) },
        () => ({
          contents,
          loader: "js",
        }),
      );
    }
  },
};

function unreachable(what: string): string {
  return `throw new Error(${JSON.stringify(`${what} are not in this bundle`)});`;
}

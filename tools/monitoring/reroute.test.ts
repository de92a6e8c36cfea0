import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { rerouted } from "./reroute.ts";

const CONFIG = `
route: { receiver: ml team }
receivers:
  - name: ml team
    slack_configs: [{ channel: "#ml" }]
    pagerduty_configs: [{ routing_key_file: /etc/key }]
  - name: hook
    webhook_configs: [{ url: https://example.com/, send_resolved: false }]
  - name: nobody
`;

describe("rerouted", () => {
  it("sends all that receivers are sent to one place, and what goes nowhere nowhere", () => {
    expect(parse(rerouted(CONFIG, "http://127.0.0.1:1"))).toEqual({
      route: { receiver: "ml team" },
      receivers: [
        {
          name: "ml team",
          webhook_configs: [
            { url: "http://127.0.0.1:1/ml%20team", send_resolved: false },
            { url: "http://127.0.0.1:1/ml%20team", send_resolved: true },
          ],
        },
        { name: "hook", webhook_configs: [{ url: "http://127.0.0.1:1/hook", send_resolved: false }] },
        { name: "nobody" },
      ],
    });
  });
});

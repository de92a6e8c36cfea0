import { parse, stringify } from "yaml";

type Integrations = Readonly<Record<string, unknown>>;

/** Whether an integration that does not say tells of the end of alerts: Alertmanager's own defaults. */
const SENDS_RESOLVED: Readonly<Record<string, boolean>> = { email_configs: false, slack_configs: false };

/**
 * Alertmanager's configuration, YAML, with everything that it sends going to `webhook`, at a path named like the
 * receiver. Who gets what, and whether they are told that it is over, stays as it is.
 */
export function rerouted(config: string, webhook: string): string {
  const { receivers, ...rest } = parse(config) as {
    readonly receivers: readonly ({ readonly name: string } & Integrations)[];
  };
  return stringify({
    ...rest,
    receivers: receivers.map(({ name, ...integrations }) => ({
      name,
      ...webhooksOf(integrations, `${webhook}/${encodeURIComponent(name)}`),
    })),
  });
}

/** One webhook for each of a receiver's integrations; none where it has none. */
function webhooksOf(integrations: Integrations, url: string): Integrations {
  const webhooks = Object.entries(integrations).flatMap(([kind, list]) =>
    (list as readonly Integrations[]).map((one) => ({
      url,
      send_resolved: one["send_resolved"] ?? SENDS_RESOLVED[kind] ?? true,
    })),
  );
  return webhooks.length === 0 ? {} : { webhook_configs: webhooks };
}

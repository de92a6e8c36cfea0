import { expect, it } from "vitest";
import { MetricSources } from "../../test/support/metric-sources.ts";

it("counts requests by what came of them, and times each", async () => {
  const sources = new MetricSources();
  const { awsRequest } = sources.metrics;
  awsRequest("sagemaker", "ListDomains", "success", 30);
  awsRequest("sagemaker", "ListDomains", "throttled", 250);
  const text = await sources.text();
  const where = 'service="sagemaker",operation="ListDomains"';
  for (const line of [
    `awsaccountscan_aws_requests_total{${where},outcome="success"} 1`,
    `awsaccountscan_aws_requests_total{${where},outcome="throttled"} 1`,
    `awsaccountscan_aws_requests_total{${where},outcome="denied"} 0`,
    `awsaccountscan_aws_request_duration_seconds_bucket{le="0.025",${where}} 0`,
    `awsaccountscan_aws_request_duration_seconds_bucket{le="0.05",${where}} 1`,
    `awsaccountscan_aws_request_duration_seconds_bucket{le="0.5",${where}} 2`,
    `awsaccountscan_aws_request_duration_seconds_sum{${where}} 0.28`,
  ])
    expect(text.split("\n")).toContain(line);
});

it("tells what the cache of descriptions is good for, the same however often it is scraped", async () => {
  const sources = new MetricSources();
  await sources.text();
  const samples = await sources.samples("description_cache_requests_total");
  expect(samples.map(({ labels, value }) => [labels["result"], value])).toEqual([
    ["hit", 2],
    ["miss", 3],
  ]);
  expect(await sources.value("description_cache_bytes")).toBe(1);
});

import { expect, it } from "vitest";
import { eventually, ownControlPlane } from "../support/cluster.ts";
import { informerHarness } from "../support/informer-harness.ts";

const controlPlane = ownControlPlane();

it("an API server that is killed and started again is found again, and nothing is lost", async () => {
  const { informer, proxy, put, told } = await informerHarness({ cluster: controlPlane() });
  await put("a", "1");
  informer.start();
  await eventually(() => expect(proxy.openWatches).toBe(1));

  await controlPlane().stopApiServer("SIGKILL");
  await eventually(() => expect(informer.stats().watchFailures).toBeGreaterThan(1));
  await controlPlane().startApiServer();

  await eventually(() => put("a", "2"));
  await eventually(() => expect(told).toEqual(["+a=1", "a=1>2"]));
});

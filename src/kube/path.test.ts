import { expect, describe as group, it } from "vitest";
import { describe, queryString, resourcePath } from "./path.ts";

const CONFIG_MAPS = { group: "", version: "v1", plural: "configmaps" };
const SCANS = { group: "awsaccountscan.dev", version: "v1alpha1", plural: "awsaccountscans" };

group("resourcePath", () => {
  it.each([
    [CONFIG_MAPS, {}, "/api/v1/configmaps"],
    [CONFIG_MAPS, { namespace: "team" }, "/api/v1/namespaces/team/configmaps"],
    [
      SCANS,
      { namespace: "team", name: "ml" },
      "/apis/awsaccountscan.dev/v1alpha1/namespaces/team/awsaccountscans/ml",
    ],
    [
      SCANS,
      { namespace: "team", name: "ml", subresource: "status" },
      "/apis/awsaccountscan.dev/v1alpha1/namespaces/team/awsaccountscans/ml/status",
    ],
    [
      CONFIG_MAPS,
      { namespace: "team", name: "a/../b?c" },
      "/api/v1/namespaces/team/configmaps/a%2F..%2Fb%3Fc",
    ],
  ])("of %j at %j is %s", (kind, at, expected) => {
    expect(resourcePath(kind, at)).toBe(expected);
  });

  it.each(["", ".", ".."])("refuses the name %j, which would mean another resource", (name) => {
    expect(() => resourcePath(CONFIG_MAPS, { namespace: "team", name })).toThrow(TypeError);
    expect(() => resourcePath(CONFIG_MAPS, { namespace: name })).toThrow(TypeError);
  });
});

group("queryString", () => {
  it("leaves out what is undefined and encodes the rest", () => {
    expect(queryString({ limit: undefined })).toBe("");
    expect(queryString({ limit: 5, watch: true, labelSelector: "a=b,c" })).toBe(
      "?limit=5&watch=true&labelSelector=a%3Db%2Cc",
    );
  });
});

group("describe", () => {
  it("names what a request is about", () => {
    expect(describe(CONFIG_MAPS, {})).toBe("configmaps in all namespaces");
    expect(describe(CONFIG_MAPS, { namespace: "team" })).toBe("configmaps in namespace team");
    expect(describe(SCANS, { namespace: "team", name: "ml", subresource: "status" })).toBe(
      "awsaccountscans/status team/ml",
    );
  });
});

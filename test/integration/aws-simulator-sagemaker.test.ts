import {
  DescribeDomainCommand,
  ListDomainsCommand,
  ListNotebookInstancesCommand,
  ListTagsCommand,
} from "@aws-sdk/client-sagemaker";
import { describe, expect, test } from "vitest";
import { allPages, codeOf, describeNotebook } from "../support/aws-clients.ts";
import { CI_KEY, HUB, NOTEBOOKS, REGION, SPOKE, useSimulator } from "../support/aws-fixture.ts";

const HUB_PLACE = { account: HUB, region: REGION };

const aws = useSimulator();

describe("notebook instances", () => {
  test("are listed without what only a description tells", async () => {
    const page = await aws.sagemaker(CI_KEY).send(new ListNotebookInstancesCommand({ MaxResults: 1 }));
    expect(page.NotebookInstances).toEqual([
      {
        NotebookInstanceName: "notebook-00",
        NotebookInstanceArn: `arn:aws:sagemaker:${REGION}:${HUB}:notebook-instance/notebook-00`,
        NotebookInstanceStatus: "InService",
        InstanceType: "ml.t3.medium",
        Url: `notebook-00.notebook.${REGION}.sagemaker.aws`,
        CreationTime: new Date("2026-01-23T00:00:00Z"),
        LastModifiedTime: new Date("2026-01-23T00:00:00Z"),
      },
    ]);
  });

  test.each([
    [undefined, [10, 10, 3]],
    [1, Array(23).fill(1)],
    [22, [22, 1]],
    [23, [23]],
    [100, [23]],
  ])("come in pages of MaxResults %s", async (MaxResults, sizes) => {
    const pages = await allPages(aws.sagemaker(CI_KEY), { ...(MaxResults !== undefined && { MaxResults }) });
    expect(pages.map((page) => page.length)).toEqual(sizes);
    expect(pages.flat()).toEqual(NOTEBOOKS.map(({ name }) => name));
  });

  test.each([0, 101])("refuse MaxResults %i", async (MaxResults) => {
    const refused = aws.sagemaker(CI_KEY).send(new ListNotebookInstancesCommand({ MaxResults }));
    expect(await codeOf(refused)).toBe("ValidationException");
  });

  test("come in the order that is asked", async () => {
    const byAge = await allPages(aws.sagemaker(CI_KEY), { SortBy: "CreationTime", SortOrder: "Ascending" });
    expect(byAge.flat()[0]).toBe("notebook-22");
    const backwards = await allPages(aws.sagemaker(CI_KEY), { SortOrder: "Descending" });
    expect(backwards.flat()).toEqual(NOTEBOOKS.map(({ name }) => name).reverse());
  });

  test("are filtered by name and status", async () => {
    expect((await allPages(aws.sagemaker(CI_KEY), { NameContains: "K-1" })).flat()).toHaveLength(10);
    expect((await allPages(aws.sagemaker(CI_KEY), { StatusEquals: "Failed" })).flat()).toEqual([
      "notebook-22",
    ]);
  });

  test("refuse a page token of another list", async () => {
    const { NextToken } = await aws.sagemaker(CI_KEY).send(new ListNotebookInstancesCommand({}));
    const other = new ListNotebookInstancesCommand({ NextToken, NameContains: "1" });
    expect(await codeOf(aws.sagemaker(CI_KEY).send(other))).toBe("ValidationException");
  });

  test("go on where they were when the last one given is deleted between pages", async () => {
    const first = await aws.sagemaker(CI_KEY).send(new ListNotebookInstancesCommand({ MaxResults: 5 }));
    await aws.client.deleteNotebook(HUB_PLACE, "notebook-04");
    const rest = await aws
      .sagemaker(CI_KEY)
      .send(new ListNotebookInstancesCommand({ MaxResults: 100, NextToken: first.NextToken }));
    expect(rest.NotebookInstances?.[0]?.NotebookInstanceName).toBe("notebook-05");
    expect(rest.NotebookInstances).toHaveLength(18);
  });

  test("tell on description whether they have direct internet access", async () => {
    const open = await describeNotebook(aws.sagemaker(CI_KEY), "notebook-00");
    expect(open).toMatchObject({ DirectInternetAccess: "Enabled", NotebookInstanceName: "notebook-00" });
    expect(await describeNotebook(aws.sagemaker(CI_KEY), "notebook-01")).toMatchObject({
      DirectInternetAccess: "Disabled",
    });
  });

  test("that do not exist are told as AWS does", async () => {
    const asked = describeNotebook(aws.sagemaker(CI_KEY), "none");
    await expect(asked).rejects.toMatchObject({ name: "ValidationException", message: "RecordNotFound" });
  });

  test("change while it runs", async () => {
    await aws.client.patchNotebook(HUB_PLACE, "notebook-00", { status: "Stopped" });
    const stopped = await describeNotebook(aws.sagemaker(CI_KEY), "notebook-00");
    expect(stopped.NotebookInstanceStatus).toBe("Stopped");
    expect(stopped.CreationTime).toEqual(new Date("2026-01-23T00:00:00Z"));
    expect(Number(stopped.LastModifiedTime)).toBeGreaterThan(Number(stopped.CreationTime));

    await aws.client.putNotebook(HUB_PLACE, { name: "notebook-00", directInternetAccess: "Disabled" });
    const recreated = await describeNotebook(aws.sagemaker(CI_KEY), "notebook-00");
    expect(recreated.DirectInternetAccess).toBe("Disabled");
    expect(Number(recreated.CreationTime)).toBeGreaterThan(Number(stopped.CreationTime));
  });
});

describe("domains", () => {
  test("are listed and described, AppNetworkAccessType only where there is one", async () => {
    const client = aws.sagemaker(CI_KEY);
    const { Domains = [], NextToken } = await client.send(new ListDomainsCommand({ MaxResults: 100 }));
    expect(NextToken).toBeUndefined();
    const described = await Promise.all(
      Domains.map(({ DomainId }) => client.send(new DescribeDomainCommand({ DomainId }))),
    );
    expect(
      described.map(({ DomainName, AppNetworkAccessType }) => [DomainName, AppNetworkAccessType]),
    ).toEqual([
      ["open", "PublicInternetOnly"],
      ["silent", undefined],
      ["vpc", "VpcOnly"],
    ]);
    expect(described[0]?.DomainArn).toBe(Domains[0]?.DomainArn);
  });

  test("that do not exist are told as AWS does", async () => {
    const asked = aws.sagemaker(CI_KEY).send(new DescribeDomainCommand({ DomainId: "d-none" }));
    expect(await codeOf(asked)).toBe("ResourceNotFound");
  });

  test("carry tags", async () => {
    const ResourceArn = `arn:aws:sagemaker:${REGION}:${HUB}:domain/d-vpc`;
    const { Tags } = await aws.sagemaker(CI_KEY).send(new ListTagsCommand({ ResourceArn }));
    expect(Tags).toEqual([{ Key: "team", Value: "a<b&c" }]);
  });

  test("of another account keep their tags to themselves", async () => {
    const ResourceArn = `arn:aws:sagemaker:${REGION}:${SPOKE}:domain/d-vpc`;
    const asked = aws.sagemaker(CI_KEY).send(new ListTagsCommand({ ResourceArn }));
    expect(await codeOf(asked)).toBe("AccessDeniedException");
  });
});

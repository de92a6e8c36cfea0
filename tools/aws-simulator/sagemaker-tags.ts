import { AwsError, refusal } from "./errors.ts";
import type { Tags } from "./fleet.ts";
import { cutPage } from "./pages.ts";
import { arnOf, regionOf } from "./sagemaker-place.ts";
import type { Call, Operation } from "./service.ts";

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTags.html */
export const listTags: Operation = {
  resource: (input) => input.text("ResourceArn"),
  arn: ({ input }) => input.text("ResourceArn") ?? "*",
  vanished: (input) => notFound(input.requiredText("ResourceArn")),
  answer(call) {
    const { input, caller, pageLimit } = call;
    const arn = input.requiredText("ResourceArn");
    if (!arn.startsWith(arnOf(call, ""))) {
      const refused = {
        service: "sagemaker",
        operation: "ListTags",
        caller: caller.arn,
        resource: arn,
      } as const;
      throw refusal(refused, "identity-policy");
    }
    const { items, nextToken } = cutPage(Object.entries(tagsOf(call, arn)), {
      token: input.text("NextToken"),
      size: Math.min(input.integer("MaxResults", 50, 1000) ?? 50, pageLimit ?? 50),
      overlap: call.pageOverlap,
      list: `tags ${arn}`,
      key: ([name]) => name,
    });
    return { Tags: items.map(([Key, Value]) => ({ Key, Value })), NextToken: nextToken };
  },
};

function tagsOf(call: Call, arn: string): Tags {
  const { notebooks, domains } = regionOf(call);
  const [type, name = ""] = arn.slice(arnOf(call, "").length).split("/");
  const found =
    type === "domain"
      ? domains.get(name)
      : // ARNs of notebook instances are in lower case, whatever their names are.
        (notebooks.get(name) ?? notebooks.all().find((notebook) => notebook.name.toLowerCase() === name));
  if (!found) throw notFound(arn);
  return found.tags ?? {};
}

function notFound(arn: string): AwsError {
  return new AwsError("ValidationException", `Could not find the resource ${arn}`);
}

/** The calls of a scan that can go wrong, and how many of each the world of a case takes. */
import type { ServiceName } from "../../../tools/aws-simulator/errors.ts";

/** What depends on a call, hence what is lost with it. */
export type OperationKind =
  /** Once an account: without it nothing of the account is read. */
  | "account"
  /** Pages: what was read stays. */
  | "list"
  /** Once a resource. */
  | "describe"
  /** Only of what would be a violation; without it nothing is exempt by tags. */
  | "tags"
  /** Pages and units: without all of them nobody knows the accounts. */
  | "organization";

export interface Operation {
  readonly name: string;
  readonly service: ServiceName;
  readonly kind: OperationKind;
  /** Where nothing goes wrong. */
  readonly calls: number;
  /** Which of the calls, counted from 0, carry a page token. */
  readonly laterPages: readonly number[];
}

/** The pages of tags that each resource has of those whose tags are asked for, in that order. */
export const TAG_PAGES: readonly number[] = [1, 3, 1];

export const OPERATIONS: readonly Operation[] = [
  { name: "AssumeRole", service: "sts", kind: "account", calls: 3, laterPages: [] },
  { name: "GetCallerIdentity", service: "sts", kind: "account", calls: 3, laterPages: [] },
  { name: "DescribeRegions", service: "ec2", kind: "account", calls: 3, laterPages: [] },
  { name: "ListNotebookInstances", service: "sagemaker", kind: "list", calls: 3, laterPages: [1, 2] },
  { name: "DescribeNotebookInstance", service: "sagemaker", kind: "describe", calls: 5, laterPages: [] },
  { name: "ListDomains", service: "sagemaker", kind: "list", calls: 3, laterPages: [1, 2] },
  { name: "DescribeDomain", service: "sagemaker", kind: "describe", calls: 3, laterPages: [] },
  { name: "ListTags", service: "sagemaker", kind: "tags", calls: 5, laterPages: [2, 3] },
  {
    name: "ListAccounts",
    service: "organizations",
    kind: "organization",
    calls: 10,
    laterPages: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  },
  // A unit with two units beneath, in pages of one: its own takes two pages, each of the others one.
  {
    name: "ListAccountsForParent",
    service: "organizations",
    kind: "organization",
    calls: 4,
    laterPages: [1],
  },
  {
    name: "ListOrganizationalUnitsForParent",
    service: "organizations",
    kind: "organization",
    calls: 4,
    laterPages: [1],
  },
];

/** Asked for an item at a time or two, so that small fleets have pages. */
export const PAGE_SIZES: Readonly<Record<string, number>> = {
  ListNotebookInstances: 2,
  ListDomains: 1,
  ListTags: 1,
  ListAccountsForParent: 1,
  ListOrganizationalUnitsForParent: 1,
};

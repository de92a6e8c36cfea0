import { createHash } from "node:crypto";
import { safeText } from "../api/safe-text.ts";
import type { Finding } from "../scan/events.ts";
import type { ObjectReference } from "./types.ts";

/** An AWS resource as an ObjectReference. Names are unique within the cluster: readers tell resources apart by them. */
export function resourceSubject({
  arn,
  type,
  account,
  region,
}: Pick<Finding, "arn" | "type" | "account" | "region">): ObjectReference {
  // AWS::SageMaker::NotebookInstance is apiVersion AWS::SageMaker, kind NotebookInstance.
  const [vendor = "", service = "", kind = ""] = type.split("::");
  // The end of the ARN and not the name: domains of one name may share a region.
  const name = [account, region, arn.slice(arn.lastIndexOf("/") + 1)].join("/");
  return { apiVersion: `${vendor}::${service}`, kind, name: safeText(name, 253), uid: uidOf(arn) };
}

/** A region of an account, or an account where the region is empty. */
export function placeSubject(account: string, region: string): ObjectReference {
  const kind = region === "" ? "Account" : "Region";
  const name = [account, region].filter(Boolean).join("/");
  return { apiVersion: "AWS", kind, name, uid: uidOf(`${kind} ${name}`) };
}

/** The same UUID for the same text, everywhere and for ever: RFC 9562 version 8 over SHA-256. */
export function uidOf(text: string): string {
  const bytes = createHash("sha256").update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [8, 12, 16, 20, 32].map((end, at) => hex.slice([0, 8, 12, 16, 20][at], end)).join("-");
}

import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { fromSts, type Keys } from "./aws-clients.ts";

/** A session of `roleArn`, assumed with `keys` at the STS of `endpoint`. */
export async function sessionOf(endpoint: string, keys: Keys, roleArn: string) {
  const sts = new STSClient({ endpoint, region: "us-east-1", credentials: keys });
  try {
    const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "test" });
    return fromSts((await sts.send(command)).Credentials);
  } finally {
    sts.destroy();
  }
}

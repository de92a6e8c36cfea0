import { arrayOf, wordsOf } from "./cli-parameters.ts";
import type { DomainPlan } from "./plan.ts";
import { isPlain, line, quote, quoteJson } from "./shell.ts";

/** The commands that make one domain VpcOnly. */
export function domainCommands({ source, impossible, update }: DomainPlan): string[] {
  const id = quote(source.id);
  if (impossible !== undefined) return [`fail ${quote(line(impossible))}`];
  const network = `--vpc-id ${wordsOf(update.vpcId, "VpcId")} --subnet-ids ${wordsOf(update.subnetIds, "SubnetIds")}`;
  const groups = defaultUserSettings(update.securityGroupIds);
  const settings = `--domain-id ${id} --app-network-access-type VpcOnly`;
  const hasNetwork = source.vpcId !== undefined && source.subnetIds.length > 0;
  return [
    `look_domain ${id}`,
    `if [[ $step == finished ]]; then return; fi`,
    `check_owner ${quote(source.arn)}`,
    `no_apps ${id}`,
    `network=(${network})`,
    `settings=(${settings}${groups}${hasNetwork ? "" : ` "\${network[@]}"`})`,
    `say ${quote(`Updating the domain ${line(source.id)}.`)}`,
    `update_domain`,
    `verify_domain ${id}`,
  ];
}

/** Nothing where the domain keeps the groups that it has. */
function defaultUserSettings(groups: readonly string[] | undefined): string {
  if (groups === undefined)
    return ` --default-user-settings "SecurityGroups=$(IFS=, && printf '%s' "\${${arrayOf("SecurityGroupIds")}[*]}")"`;
  if (groups.length === 0) return "";
  const isSimple = groups.every((group) => isPlain(group) && !/[,@]/.test(group));
  return ` --default-user-settings ${isSimple ? `SecurityGroups=${groups.join(",")}` : quoteJson({ SecurityGroups: groups })}`;
}

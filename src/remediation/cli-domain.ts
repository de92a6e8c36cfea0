import { arrayOf, wordsOf } from "./cli-parameters.ts";
import type { DomainPlan } from "./plan.ts";
import { isPlain, line, quote, quoteJson } from "./shell.ts";

/** The commands that make one domain VpcOnly. */
export function domainCommands(plan: DomainPlan): string[] {
  const { source, impossible, update } = plan;
  const id = quote(source.id);
  if (impossible !== undefined) return [`fail ${quote(line(impossible))}`];
  const network = `--vpc-id ${wordsOf(update.vpcId, plan, "VpcId")} --subnet-ids ${wordsOf(update.subnetIds, plan, "SubnetIds")}`;
  const groups = defaultUserSettings(plan);
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
    `describe_settings ${id}`,
    `update_domain`,
    `verify_domain ${id}`,
  ];
}

/** Nothing where the domain keeps the groups that it has. */
function defaultUserSettings(plan: DomainPlan): string {
  const groups = plan.update.securityGroupIds;
  if (groups === undefined)
    return ` --default-user-settings "SecurityGroups=$(IFS=, && printf '%s' "\${${arrayOf(plan, "SecurityGroupIds")}[*]}")"`;
  if (groups.length === 0) return "";
  const isSimple = groups.every((group) => isPlain(group) && !/[,@]/.test(group));
  return ` --default-user-settings ${isSimple ? `SecurityGroups=${groups.join(",")}` : quoteJson({ SecurityGroups: groups })}`;
}

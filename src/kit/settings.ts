import type { Lang } from '../core/ids.ts';
import { type Machine, type Profile, type Site, tagsFor } from '../core/roll-out.ts';
import { allowList, osKindOf, probesFor } from './extensions.ts';
import { bypassList, checked, tagList, type ValueForm } from './values.ts';

export interface BotAddress {
  readonly url: string;
  /** The bot's id, made at first start. */
  readonly aud: string;
  /** SPKI DER of the bot's answer key, base64. */
  readonly botKey: string;
}
export interface AgentPackage {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}
export interface KitInput {
  readonly machine: Machine;
  readonly site: Site;
  readonly profile: Profile;
  readonly bot: BotAddress;
  /** Where servers are prepared: its proxy is used until `arrive`. */
  readonly base?: Site;
  /** Language of the console; absent: by the console's locale. */
  readonly language?: Lang;
  readonly agentPackage?: AgentPackage;
  /** An enrolment token to put beside the kit; a kit made in chat holds none. */
  readonly withToken?: string;
}

/** `settings.conf`: KEY=value lines, the same for both scripts, without any secret. */
export function settingsText(input: KitInput): string {
  const { machine, site, profile, bot, base } = input;
  const os = osKindOf(machine.os);
  const lines: string[] = [];
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') lines.push(`${name}=${value}`);
  };
  const addChecked = (name: string, form: ValueForm, value: string | undefined): void =>
    add(name, value === undefined ? undefined : checked(form, value));
  const group = (heading: string): void => {
    lines.push('', `# ${heading}`);
  };

  lines.push('# Settings of the Arc onboarding kit. No secrets. Read as data, never executed.');
  add('language', input.language);
  group('The bot');
  addChecked('bot_url', 'bot URL', bot.url);
  addChecked('bot_key', 'bot key', bot.botKey);
  addChecked('aud', 'aud', bot.aud);
  group('This server');
  addChecked('machine', 'machine name', machine.name);
  addChecked('serial', 'serial', machine.serial);
  addChecked('site', 'site', site.code);
  group('Azure');
  addChecked('tenant_id', 'tenant id', profile.tenantId);
  addChecked('subscription_id', 'subscription id', profile.subscriptionId);
  addChecked('resource_group', 'resource group', profile.resourceGroup);
  addChecked('location', 'location', profile.location);
  addChecked('cloud', 'cloud', profile.cloud);
  addChecked('private_link_scope', 'private link scope', profile.privateLinkScopeId);
  addChecked('gateway_id', 'gateway', profile.gatewayId);
  add('tags', tagList(tagsFor(profile, site)));
  add('extensions_allowlist', allowList(profile, os));
  group('Network');
  addChecked('proxy_url', 'proxy URL', site.proxyUrl);
  addChecked('base_proxy_url', 'proxy URL', base?.proxyUrl);
  add('proxy_bypass', bypassList(profile.proxyBypass));
  for (const { name, host, port, via } of probesFor(profile, site, os)) {
    add('probe', `${name} ${host} ${port} ${via}`);
  }
  if (input.agentPackage) {
    group('The agent package beside the script');
    addChecked('agent_package', 'package name', input.agentPackage.file);
    add('agent_package_size', String(input.agentPackage.bytes));
    addChecked('agent_package_sha256', 'sha256', input.agentPackage.sha256);
  }
  return `${lines.join('\n')}\n`;
}

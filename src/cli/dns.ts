import { Buffer } from 'node:buffer';
import { textOf } from '../cards/draw.ts';
import { decodeBytes } from '../core/azcmagent/decode-bytes.ts';
import {
  type DnsRecord,
  dnsLines,
  missingNames,
  type ReadRecords,
  readRecords,
} from '../core/dns-records.ts';
import { OpsBotError } from '../core/errors.ts';
import { EXIT, fine, json, type Outcome, usage } from './io.ts';
import type { Command } from './who.ts';
import { SAY } from './words.ts';

const AZURE_TIMEOUT_MS = 8_000;

/** Names and private addresses of a site's scope for its DNS: from Azure, or from a pasted list. */
export const dns: Command = async (app, call) => {
  const [code = ''] = call.args;
  const { language } = call;
  const rollOut = await app.store.read((tx) => tx.rollOut());
  const site = rollOut.site(code);
  if (!site) {
    return usage(SAY.siteUnknown[language](code, rollOut.sites.map((one) => one.code).join(', ')));
  }
  const profile = rollOut.profileOf(site);
  const named = { code: site.code, name: site.name, nameEn: site.nameEn };
  const told = (
    problem: 'no-scope' | 'azure-unread' | 'no-names',
    addresses: readonly string[],
  ) => {
    const notice = { kind: 'dns-records', site: named, problem, records: [], missing: [] } as const;
    if (call.options.json) {
      return { exit: EXIT.bad, out: json({ site: site.code, problem, records: [], addresses }) };
    }
    const hint = problem === 'no-scope' ? '' : SAY.dnsPaste[language](site.code);
    return { exit: EXIT.bad, out: `${textOf({ ...notice, addresses }, language)}\n${hint}` };
  };

  const pasted = pastedRecords(call.files?.[0]?.base64);
  if (pasted && !pasted.ok) return usage(SAY.dnsLines[language](pasted.lines.join(', ')));
  if (pasted && pasted.records.length === 0) return usage(SAY.dnsLines[language]('-'));
  if (pasted) return printed(pasted.records, 'pasted');
  if (!profile?.privateLinkScopeId) return told('no-scope', []);
  try {
    const scope = await app.readScope(profile, AbortSignal.timeout(AZURE_TIMEOUT_MS));
    if (!scope) return told('azure-unread', []);
    if (scope.records.length === 0) return told('no-names', scope.addresses);
    return printed(scope.records, 'azure');
  } catch (error) {
    if (!(error instanceof OpsBotError && error.code === 'AZURE_UNAVAILABLE')) throw error;
    app.log.info('dns-azure', { error });
    return told('azure-unread', []);
  }

  function printed(records: readonly DnsRecord[], source: 'azure' | 'pasted'): Outcome {
    const missing = missingNames(records, profile?.location ?? '');
    const { windows, bind, hosts } = dnsLines(records);
    if (call.options.json) {
      return fine(json({ site: site?.code, source, records, missing, windows, bind, hosts }));
    }
    const warning = missing.length > 0 ? SAY.dnsMissing[language](missing.join(', ')) : '';
    const parts = [
      ['# Windows DNS (PowerShell)', ...windows],
      ['; BIND', ...bind],
      ['# hosts', ...hosts],
    ];
    const out = parts.map((lines) => `${lines.join('\n')}\n`).join('\n');
    return { ...fine(out), ...(warning && { err: warning }) };
  }
};

function pastedRecords(base64: string | undefined): ReadRecords | undefined {
  return base64 === undefined
    ? undefined
    : readRecords(decodeBytes(Buffer.from(base64, 'base64')) ?? '');
}

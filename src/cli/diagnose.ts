import { Buffer } from 'node:buffer';
import type { App } from '../app.ts';
import { textOf } from '../cards/draw.ts';
import { decodeBytes } from '../core/azcmagent/decode-bytes.ts';
import { diagnoseText, expectationsFor, mailFor } from '../core/diagnose/index.ts';
import type { Diagnosis } from '../core/network-check.ts';
import type { Profile, Site } from '../core/roll-out.ts';
import { type Call, EXIT, json, type Outcome, usage } from './io.ts';
import { SAY } from './words.ts';

/** Reads any azcmagent output; needs a store only where a site is named. */
export async function diagnose(call: Call, app?: App): Promise<Outcome> {
  const route = call.options.route;
  if (route !== undefined && route !== 'private' && route !== 'public') {
    return usage(SAY.badOption[call.language]('--route', 'private, public'));
  }
  let site: Site | undefined;
  let profile: Profile | undefined;
  if (call.options.site !== undefined) {
    const code = String(call.options.site);
    const rollOut = await app?.store.read((tx) => tx.rollOut());
    site = rollOut?.site(code);
    if (!site) {
      const codes = rollOut?.sites.map((one) => one.code).join(', ') ?? '';
      return usage(SAY.siteUnknown[call.language](code, codes));
    }
    profile = rollOut?.profileOf(site);
  }
  const bytes = Buffer.from(call.files?.[0]?.base64 ?? '', 'base64');
  const { diagnosis: read } = diagnoseText(
    decodeBytes(bytes) ?? '',
    expectationsFor(site, profile, route),
  );
  const diagnosis = withMails(read, site, app?.clock.now() ?? new Date());
  const exit = exitOf(diagnosis);
  if (call.options.json) return { exit, out: json(diagnosis) };
  if (exit === EXIT.usage) return { exit, err: `${SAY.unreadable[call.language]()}\n` };
  const named = site && { site: { code: site.code, name: site.name, nameEn: site.nameEn } };
  const text = textOf({ kind: 'network-check', diagnosis, ...named }, call.language);
  const mails = diagnosis.findings.flatMap(({ mail }) => mail?.[call.language] ?? []);
  return { exit, out: `${[text, ...mails].join('\n\n')}\n` };
}

/** A mail that can be sent as it is, beside each finding that the network team must act on. */
function withMails(diagnosis: Diagnosis, site: Site | undefined, at: Date): Diagnosis {
  const { machineName } = diagnosis.facts;
  const context = {
    at,
    ...(machineName && { machine: machineName }),
    ...(site && { siteName: site.name, siteNameEn: site.nameEn }),
    ...(site?.subnet && { sourceAddress: site.subnet }),
    ...(site?.proxyUrl && { proxyUrl: site.proxyUrl }),
  };
  const findings = diagnosis.findings.map((finding) => {
    const mail = mailFor(finding, context);
    return mail ? { ...finding, mail } : finding;
  });
  return { ...diagnosis, findings };
}

function exitOf({ kind, verdict }: Diagnosis): number {
  if (kind === 'unknown') return EXIT.usage;
  return verdict === 'healthy' ? EXIT.fine : EXIT.bad;
}

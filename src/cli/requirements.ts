import { textOf } from '../cards/draw.ts';
import { requirementsCsv } from '../cards/requirements-card.ts';
import { missingRows } from '../core/endpoints/index.ts';
import type { KeptCheck } from '../core/network-check.ts';
import type { NoticeOf } from '../core/notice.ts';
import type { RollOut, Site } from '../core/roll-out.ts';
import { fine, json, usage } from './io.ts';
import type { Command } from './who.ts';
import { SAY } from './words.ts';

/** The addresses to open, as a request form; `--missing`: only what the site's last failed check showed closed. */
export const requirements: Command = async (app, call) => {
  const [code] = call.args;
  const { language } = call;
  const format = call.options.format ?? 'text';
  if (format !== 'text' && format !== 'csv') {
    return usage(SAY.badOption[language]('--format', 'text, csv'));
  }
  const rollOut = await app.store.read((tx) => tx.rollOut());
  const site = code === undefined ? undefined : rollOut.site(code);
  if (code !== undefined && !site) {
    return usage(SAY.siteUnknown[language](code, rollOut.sites.map((one) => one.code).join(', ')));
  }
  const profile = site ? rollOut.profileOf(site) : rollOut.profiles[0];
  const all = app.requirements(site, profile);
  const failed = call.options.missing === true && site ? await failedCheck(site) : undefined;
  if (call.options.missing === true && !failed) {
    return usage(SAY.noFailedCheck[language](code ?? ''));
  }
  const rows = failed ? missingRows(all, failed.diagnosis) : all;
  const notice: NoticeOf<'endpoint-requirements'> = {
    kind: 'endpoint-requirements',
    ...(site && { site: { code: site.code, name: site.name, nameEn: site.nameEn } }),
    ...(site?.subnet && { from: site.subnet }),
    ...(failed && {
      missing: { machine: failed.machine, checkedAt: failed.checkedAt, of: all.length },
    }),
    rows,
  };
  if (call.options.json) {
    const { from, missing } = notice;
    return fine(json({ site: site?.code, from, missing, rows }));
  }
  // With a BOM, Excel in Japan reads UTF-8 as what it is.
  if (format === 'csv') return fine(`\uFEFF${requirementsCsv(notice, language).join('\r\n')}\r\n`);
  return fine(`${textOf(notice, language)}\n`);

  function failedCheck(at: Site): Promise<KeptCheck | undefined> {
    return app.store.read(async (tx) => {
      const evidence = await tx.evidence.all([at.code]);
      return newestFailed(
        rollOut,
        at,
        [...evidence.values()].flatMap((one) => one.lastCheck ?? []),
      );
    });
  }
};

function newestFailed(
  rollOut: RollOut,
  site: Site,
  checks: readonly KeptCheck[],
): KeptCheck | undefined {
  const here = new Set(rollOut.machinesAt(site.code).map(({ name }) => name));
  return checks
    .filter(({ machine, diagnosis }) => here.has(machine) && diagnosis.verdict !== 'healthy')
    .sort((a, b) => b.checkedAt.getTime() - a.checkedAt.getTime())[0];
}

import { stringify } from 'csv-stringify/sync';
import type { SiteCode } from '../core/ids.ts';
import type { AuditRow } from '../core/ports.ts';
import { EXIT, json, usage } from './io.ts';
import type { Command } from './who.ts';
import { SAY } from './words.ts';

/** The audit trail, and whether its chain holds: exit 1 when it does not. */
export const audit: Command = async (app, call) => {
  const format = call.options.json ? 'json' : (call.options.format ?? 'text');
  if (format !== 'json' && format !== 'csv' && format !== 'text') {
    return usage(SAY.badOption[call.language]('--format', 'json, csv'));
  }
  const code = call.options.site === undefined ? undefined : String(call.options.site);
  const rollOut = await app.store.read((tx) => tx.rollOut());
  if (code !== undefined && !rollOut.site(code)) {
    const codes = rollOut.sites.map((site) => site.code).join(', ');
    return usage(SAY.siteUnknown[call.language](code, codes));
  }
  const { rows, chain } = await app.store.read(async (tx) => ({
    rows: await tx.audit.list(code === undefined ? {} : { site: code as SiteCode }),
    chain: await tx.audit.verify(),
  }));
  const holds = chain.brokenAt === undefined;
  const exit = holds ? EXIT.fine : EXIT.bad;
  const said = holds
    ? SAY.chainHolds[call.language](chain.rows, chain.head.slice(0, 16))
    : SAY.chainBroken[call.language](chain.brokenAt ?? 0);
  switch (format) {
    case 'json':
      return { exit, out: json({ chain: { holds, ...chain }, rows }) };
    case 'csv':
      return { exit, out: csv(rows), err: `${said}\n` };
    case 'text': {
      const lines = rows.map((row) =>
        [row.seq, row.at.toISOString(), row.event, row.by, row.site, row.machine, words(row.facts)]
          .filter((part) => part !== undefined && part !== '')
          .join('  '),
      );
      return { exit, out: `${[...lines, said].join('\n')}\n` };
    }
  }
};

function csv(rows: readonly AuditRow[]): string {
  const header = ['seq', 'at', 'event', 'by', 'site', 'machine', 'facts', 'hash'];
  return stringify(
    [
      header,
      ...rows.map((row) => [
        row.seq,
        row.at.toISOString(),
        row.event,
        row.by ?? '',
        row.site ?? '',
        row.machine ?? '',
        JSON.stringify(row.facts),
        row.hash,
      ]),
    ],
    // A cell that a spreadsheet would run is written as text.
    { escape_formulas: true },
  );
}

function words(facts: AuditRow['facts']): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

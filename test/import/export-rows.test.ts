import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { MachineName, PersonKey, ProfileName, SiteCode } from '../../src/core/ids.ts';
import {
  type Machine,
  type Person,
  type Profile,
  RollOut,
  type Site,
} from '../../src/core/roll-out.ts';
import { exportRows } from '../../src/import/export-rows.ts';
import { importFiles } from '../../src/import/import-files.ts';

const EMPTY = new RollOut({ profiles: [], sites: [], machines: [], people: [] });
const guid = (last: number) => `00000000-0000-4000-8000-${String(last).padStart(12, '0')}`;

/** Text that people may write into a cell, spreadsheet formulas among it. */
const words = fc
  .oneof(
    fc.stringMatching(/^[!-~]{1,12}$/),
    fc.constantFrom(
      '=1+1',
      '+81',
      '-x',
      '@SUM(A1)',
      "'=1",
      "''-1",
      '＝1',
      'a,b',
      'a"b',
      'a;b',
      '[x]',
      '大阪 支店',
      '髙橋',
      '🏢',
      "'",
    ),
  )
  .map((text) => text.trim())
  .filter((text) => text !== '');
const list = fc.uniqueArray(words, { maxLength: 3 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const tagName = words.filter((name) => !/[<>%&\\?/]/.test(name));
const tagValue = words.filter((value) => !/[{}]/.test(value));

const profile: fc.Arbitrary<Profile> = fc.record(
  {
    name: fc.constant('p-1' as ProfileName),
    tenantId: fc.constant(guid(1)),
    subscriptionId: fc.constant(guid(2)),
    resourceGroup: fc.constant('rg_(x)'),
    location: fc.constant('japaneast'),
    cloud: fc.constant('AzureCloud'),
    proxyBypass: fc.subarray(['Arc', 'AMA']),
    tags: fc.dictionary(tagName, fc.oneof(tagValue, fc.constant('{code}')), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    connectAt: fc.constantFrom('base', 'site'),
    timeZone: fc.constant('Asia/Tokyo'),
    extensions: fc.subarray(['MDE', 'AMA']),
    deployedBy: fc.constant({ MDE: 'bot', AMA: 'policy' }),
    workspaceId: fc.constant(guid(3)),
  },
  {
    requiredKeys: [
      'name',
      'tenantId',
      'subscriptionId',
      'resourceGroup',
      'location',
      'cloud',
      'proxyBypass',
      'tags',
      'connectAt',
      'timeZone',
      'extensions',
      'deployedBy',
    ],
  },
) as fc.Arbitrary<Profile>;

const site = fc.record({
  code: fc.constant('s-1' as SiteCode),
  name: words,
  nameKana: fc.oneof(words, fc.constant('')),
  nameEn: words,
  aliases: list,
  kind: fc.constantFrom('site', 'base'),
  prefecture: words,
  region: words,
  wave: maybe(fc.nat(999)),
  window: maybe(words),
  profile: fc.constant('p-1'),
  phone: maybe(fc.constant('+81-3-0000-0100')),
}) as fc.Arbitrary<unknown> as fc.Arbitrary<Site>;

const machine: fc.Arbitrary<Machine> = fc.record({
  name: fc.constant('SV-1' as MachineName),
  site: fc.constant('s-1' as SiteCode),
  os: words,
  serial: words,
  role: words,
});

const person = fc.record({
  key: fc.constant('sato' as PersonKey),
  name: words,
  nameEn: words,
  role: fc.constantFrom('engineer', 'lead'),
  sites: fc.constant(['s-1']),
  language: fc.constantFrom('ja', 'en'),
  upn: maybe(fc.constant('sato@corp.example')),
  aadObjectId: fc.constant(guid(9)),
}) as fc.Arbitrary<unknown> as fc.Arbitrary<Person>;

const withoutUndefined = <T>(rows: T): T => JSON.parse(JSON.stringify(rows));

describe('exportRows', () => {
  it('writes what importFiles reads back as it was', () => {
    fc.assert(
      fc.property(profile, site, machine, person, (...rows) => {
        const [one, two, three, four] = withoutUndefined(rows);
        const rollOut = new RollOut({
          profiles: [one],
          sites: [two],
          machines: [three],
          people: [four],
        });

        const outcome = importFiles(exportRows(rollOut, 'csv'), rollOut);

        const { profiles, sites, machines, people } = rollOut;
        assert.deepEqual(outcome, {
          ok: true,
          rows: { profiles, sites, machines, people },
          warnings: [],
        });
      }),
      { numRuns: 150 },
    );
  });

  it('gives back the sample roll-out', () => {
    const files = ['profiles', 'sites', 'machines', 'people'].map((table) => ({
      name: table,
      bytes: readFileSync(new URL(`../../samples/rollout/${table}.csv`, import.meta.url)),
    }));
    const first = importFiles(files, EMPTY);
    assert.ok(first.ok);
    const rollOut = new RollOut({ ...EMPTY, ...first.rows });

    const again = importFiles(exportRows(rollOut, 'csv'), EMPTY);

    assert.deepEqual(again, first);
  });

  it('writes no cell that a spreadsheet would run', () => {
    fc.assert(
      fc.property(site, (row) => {
        const rollOut = new RollOut({ ...EMPTY, sites: [withoutUndefined(row)] });

        const [, sites] = exportRows(rollOut, 'csv');

        const cells: string[][] = parse(Buffer.from(sites?.bytes ?? []), { bom: true });
        assert.ok(cells.flat().every((cell) => !/^[=+\-@\t\r]/.test(cell)));
      }),
      { numRuns: 50 },
    );
  });

  it('begins CSV with a BOM and ends its lines as Windows does', () => {
    const [, sites] = exportRows(EMPTY, 'csv');

    assert.deepEqual([...(sites?.bytes.subarray(0, 3) ?? [])], [0xef, 0xbb, 0xbf]);
    assert.ok(
      Buffer.from(sites?.bytes ?? [])
        .toString('utf8')
        .endsWith('phone\r\n'),
    );
  });

  it('writes JSON as one document', () => {
    const [json] = exportRows(EMPTY, 'json');

    assert.equal(json?.name, 'roll-out.json');
    assert.deepEqual(JSON.parse(Buffer.from(json?.bytes ?? []).toString('utf8')), {
      profiles: [],
      sites: [],
      machines: [],
      people: [],
    });
  });
});

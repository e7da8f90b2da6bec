import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import iconv from 'iconv-lite';
import { RollOut } from '../../src/core/roll-out.ts';
import { type ImportOutcome, importFiles } from '../../src/import/import-files.ts';

const EMPTY = new RollOut({ profiles: [], sites: [], machines: [], people: [] });
const TABLES = ['profiles', 'sites', 'machines', 'people'] as const;
const ID = '00000000-0000-4000-8000-000000000901';

const sample = (table: string) =>
  readFileSync(new URL(`../../samples/rollout/${table}.csv`, import.meta.url));
const samples = TABLES.map((table) => ({
  name: `${table}.csv`,
  bytes: new Uint8Array(sample(table)),
}));
const file = (name: string, ...lines: string[]) => ({
  name,
  bytes: new TextEncoder().encode(lines.join('\r\n')),
});

function rowsOf(outcome: ImportOutcome) {
  if (!outcome.ok) assert.fail(JSON.stringify(outcome.errors, undefined, 1));
  return outcome.rows;
}

function applied(outcome: ImportOutcome): RollOut {
  return new RollOut({ profiles: [], sites: [], machines: [], people: [], ...rowsOf(outcome) });
}

/** Where the errors are, and their first words in English. */
function errorsOf(outcome: ImportOutcome): string[] {
  if (outcome.ok) assert.fail('nothing was wrong');
  return outcome.errors.map(
    ({ file: name, row, column, text }) => `${name}:${row ?? ''}:${column ?? ''} ${text.en}`,
  );
}

const warningsOf = (outcome: ImportOutcome): string[] =>
  outcome.warnings.map(({ row, column }) => `${row}:${column}`);

describe('importFiles', () => {
  it('takes the sample roll-out without a word', () => {
    const outcome = importFiles(samples, EMPTY);

    const rows = rowsOf(outcome);
    assert.deepEqual(
      TABLES.map((table) => rows[table]?.length),
      [3, 27, 62, 15],
    );
    assert.deepEqual(outcome.warnings, []);
    assert.deepEqual(rows.sites?.[0], {
      code: 'sapporo-01',
      name: '札幌支店',
      nameKana: 'さっぽろしてん',
      nameEn: 'Sapporo Branch',
      aliases: ['札幌', 'SPK'],
      kind: 'site',
      prefecture: '北海道',
      region: '北海道',
      wave: 1,
      plannedDate: '2026-10-05',
      window: '10:00-16:00',
      profile: 'jpe-site',
      subnet: '10.20.0.0/24',
      proxyUrl: 'http://proxy-e.corp.example:8080',
      engineer: 'sato',
      deputy: 'suzuki',
      phone: '03-0000-0100',
    });
    assert.deepEqual(rows.profiles?.[2]?.deployedBy, { MDE: 'defender', AMA: 'policy' });
    assert.equal(rows.profiles?.[0]?.tags.ArcSQLServerExtensionDeployment, 'Disabled');
  });

  it('takes files one by one in any order, and warns of what is not there yet', () => {
    const [, sites, machines] = samples;
    assert.ok(sites && machines);

    const first = importFiles([machines], EMPTY);
    const second = importFiles([sites], applied(first));

    assert.equal(first.warnings.length, 62);
    assert.deepEqual(warningsOf(first)[0], '2:site');
    assert.deepEqual(
      new Set(warningsOf(second).map((one) => one.split(':')[1])),
      new Set(['profile', 'engineer', 'deputy']),
    );
  });

  it('reads UTF-8 with BOM and Shift_JIS with either line end as the same', () => {
    const text = sample('sites').toString('utf8').replaceAll('\r\n', '\n');
    const windows = text.replaceAll('\n', '\r\n');
    const variants = [
      iconv.encode(text, 'cp932'),
      iconv.encode(windows, 'cp932'),
      Buffer.from(`\uFEFF${windows}`),
      Buffer.from(text),
    ];

    const rows = variants.map(
      (bytes) => rowsOf(importFiles([{ name: 'sites.csv', bytes }], EMPTY)).sites,
    );

    for (const one of rows) assert.deepEqual(one, rows[0]);
    assert.equal(rows[0]?.length, 27);
  });

  it('tells the table by its header, not by the name of the file', () => {
    const outcome = importFiles(
      [file('export (3).txt', 'os,site,name', 'Ubuntu 24.04,osaka-01,SV-1')],
      EMPTY,
    );

    assert.deepEqual(rowsOf(outcome), {
      machines: [{ name: 'SV-1', site: 'osaka-01', os: 'Ubuntu 24.04', serial: '', role: '' }],
    });
  });

  it('leaves what a file has no column for as it is known, and clears what is blank', () => {
    const current = applied(importFiles(samples, EMPTY));

    const rows = rowsOf(
      importFiles(
        [file('sites.csv', 'code,name,profile,wave', 'osaka-01,大阪本店,jpe-site,')],
        current,
      ),
    );

    const { wave: _, ...before } = current.site('osaka-01') ?? assert.fail();
    assert.deepEqual(rows.sites, [{ ...before, name: '大阪本店' }]);
  });

  it('warns of columns that it does not know, and ignores them', () => {
    const outcome = importFiles(
      [file('m.csv', 'name,site,os,memo', 'SV-1,osaka-01,Ubuntu,x')],
      EMPTY,
    );

    assert.deepEqual(warningsOf(outcome), ['1:memo', '2:site']);
  });

  it('takes days and telephone numbers as Excel in Japan writes them', () => {
    const rows = rowsOf(
      importFiles(
        [
          file(
            's.csv',
            'code,name,profile,planned_date,phone',
            'a-01,甲,p,2026/10/5,０３−００００−０１００',
            'b-01,乙,p,2026年10月5日,+81-3-0000-0100',
          ),
        ],
        EMPTY,
      ),
    );

    assert.deepEqual(
      rows.sites?.map((site) => [site.plannedDate, site.phone]),
      [
        ['2026-10-05', '03-0000-0100'],
        ['2026-10-05', '+81-3-0000-0100'],
      ],
    );
  });

  it('names every wrong row of every file in both languages, and keeps nothing', () => {
    const outcome = importFiles(
      [
        file(
          's.csv',
          'code,name,profile,planned_date,subnet,proxy_url',
          'a-01,甲,p,2026-02-30,10.20.0.1/24,http://u:pw@proxy:8080',
          'b-01,乙,p,2026-02-28,,',
          'c 01,,p,,,https://proxy:8080',
        ),
        file('m.csv', 'name,site,os', `${'x'.repeat(55)},a-01,Ubuntu`, '../x,a-01,Ubuntu'),
      ],
      EMPTY,
    );

    assert.deepEqual(
      errorsOf(outcome).map((one) => one.split(' ')[0]),
      [
        's.csv:2:planned_date',
        's.csv:2:subnet',
        's.csv:2:proxy_url',
        's.csv:4:code',
        's.csv:4:name',
        's.csv:4:proxy_url',
        'm.csv:2:name',
        'm.csv:3:name',
      ],
    );
    assert.ok(!outcome.ok);
    assert.ok(outcome.errors.every(({ text }) => /[ぁ-ん].*。$/.test(text.ja) && text.en !== ''));
    assert.ok(!JSON.stringify(outcome).includes('u:pw'));
  });

  const cases: [string, string, string, string][] = [
    ['a bad time zone', 'profiles', 'time_zone', 'Asia/Osaka'],
    ['an offset for a time zone', 'profiles', 'time_zone', '+09:00'],
    ['a tenant that is no GUID', 'profiles', 'tenant_id', 'contoso'],
    ['an empty GUID', 'profiles', 'tenant_id', '00000000-0000-0000-0000-000000000000'],
    ['the id of another resource', 'profiles', 'private_link_scope_id', '/subscriptions/x'],
    ['a tag without a value', 'profiles', 'tags', 'City'],
    ['a tag that Azure refuses', 'profiles', 'tags', 'a/b=c'],
    ['an unknown placeholder', 'profiles', 'tags', 'City={city}'],
    ['an unknown extension', 'profiles', 'extensions', 'MDE;XYZ'],
    ['an unknown role', 'people', 'role', 'admin'],
    ['an unknown language', 'people', 'language', 'fr'],
    ['a guest', 'people', 'upn', 'a_b.example#EXT#@corp.example'],
    ['text that runs backwards', 'people', 'name', '山本\u202Eoadoc'],
    ['a line break in a name', 'people', 'name', '"山本\n陽"'],
    ['a zero-width space in a name', 'people', 'name', '山\u200B本'],
    ['a wave that is no number', 'sites', 'wave', '1.5'],
    ['a kind that is neither', 'sites', 'kind', 'branch'],
    ['a host route with host bits', 'sites', 'subnet', '10.0.0.0/33'],
    ['a proxy without port', 'sites', 'proxy_url', 'http://proxy.corp.example'],
    ['a proxy with a path', 'sites', 'proxy_url', 'http://proxy.corp.example:8080/x'],
    ['a day that is none', 'sites', 'planned_date', '2027-02-29'],
    ['a name that is too long', 'sites', 'name', 'あ'.repeat(201)],
  ];
  for (const [what, table, column, value] of cases) {
    it(`refuses ${what}`, () => {
      const [header = '', first = ''] = sample(table).toString('utf8').split(/\r?\n/);
      const index = header.split(',').indexOf(column);
      const cells = first.split(',').with(index, value);

      const outcome = importFiles([file(`${table}.csv`, header, cells.join(','))], EMPTY);

      assert.deepEqual(
        errorsOf(outcome).map((one) => one.split(' ')[0]),
        [`${table}.csv:2:${column}`],
      );
    });
  }

  it('refuses a key that stands twice in a file, machines without case', () => {
    const outcome = importFiles(
      [file('m.csv', 'name,site,os', 'SV-1,a-01,Ubuntu', '', 'sv-1,a-01,Ubuntu')],
      EMPTY,
    );

    assert.match(errorsOf(outcome)[0] ?? '', /^m\.csv:4:name .* row 2 too/);
  });

  it('refuses a key with other values in a second file, and takes the same values', () => {
    const one = file('1.csv', 'name,site,os', 'SV-1,a-01,Ubuntu');
    const other = file('2.csv', 'name,site,os', 'SV-1,a-01,Windows');

    assert.equal(importFiles([one, { ...one, name: '3.csv' }], EMPTY).ok, true);
    assert.match(errorsOf(importFiles([one, other], EMPTY))[0] ?? '', /^2\.csv:2:name .*1\.csv/);
  });

  it('refuses files that are no table, with what to do', () => {
    const refused = (bytes: Uint8Array) =>
      errorsOf(importFiles([{ name: 'f', bytes }], EMPTY))[0] ?? '';
    const text = new TextEncoder();

    assert.match(refused(text.encode('')), /empty/);
    assert.match(refused(text.encode('a,b\n1,2')), /which table/);
    assert.match(refused(text.encode('name,site,os\n"SV-1,a-01')), /quotation mark/);
    assert.match(refused(text.encode('name,site,os\nSV-1,a-01,Ubuntu,x')), /more cells/);
    assert.match(refused(text.encode('name,name,site,os\n')), /twice/);
    assert.match(refused(text.encode('name,os,serial\n')), /column site is missing/);
    assert.match(refused(Uint8Array.of(0x50, 0x4b, 0x03, 0x04)), /workbooks/);
    assert.match(
      refused(iconv.encode('code,name\na,大阪', 'utf16le', { addBOM: true })),
      /cannot be read/,
    );
  });

  describe('who is who', () => {
    const people = (...lines: string[]) =>
      file('people.csv', 'key,name,role,upn,aad_object_id', ...lines);

    it('asks engineers and leads for an object id, and nobody else', () => {
      const outcome = importFiles(
        [
          people(
            'a,甲,engineer,a@x.example,',
            'b,乙,lead,,',
            'c,丙,site-staff,c@x.example,',
            'd,丁,auditor,,',
          ),
        ],
        EMPTY,
      );

      assert.deepEqual(
        errorsOf(outcome).map((one) => one.split(' ')[0]),
        ['people.csv:2:aad_object_id', 'people.csv:3:aad_object_id'],
      );
    });

    it('makes no engineer of someone whose id was learned at a first contact', () => {
      const current = applied(importFiles([people(`a,甲,site-staff,a@x.example,${ID}`)], EMPTY));

      const blank = importFiles([people('a,甲,engineer,a@x.example,')], current);
      const noColumn = importFiles([file('p.csv', 'key,name,role', 'a,甲,engineer')], current);
      const same = importFiles([file('p.csv', 'key,name,role', 'a,甲乙,site-staff')], current);

      assert.equal(errorsOf(blank).length, 1);
      assert.equal(errorsOf(noColumn).length, 1);
      assert.equal(rowsOf(same).people?.[0]?.aadObjectId, ID);
    });

    it('gives an object id and a principal name to one person only', () => {
      const current = applied(importFiles([people(`a,甲,engineer,a@x.example,${ID}`)], EMPTY));

      const outcome = importFiles(
        [people(`b,乙,engineer,A@X.example,${ID.toUpperCase()}`)],
        current,
      );

      assert.deepEqual(
        errorsOf(outcome).map((one) => one.split(' ')[0]),
        ['people.csv:2:aad_object_id', 'people.csv:2:upn'],
      );
    });

    it('lets two people exchange their ids in one file', () => {
      const other = ID.replace('901', '902');
      const current = applied(
        importFiles([people(`a,甲,engineer,,${ID}`, `b,乙,engineer,,${other}`)], EMPTY),
      );

      const outcome = importFiles(
        [people(`a,甲,engineer,,${other}`, `b,乙,engineer,,${ID}`)],
        current,
      );

      assert.equal(outcome.ok, true);
    });

    it('makes no one responsible for a site who is not an engineer', () => {
      const staff = people('a,甲,site-staff,a@x.example,');
      const site = file('sites.csv', 'code,name,profile,engineer', 's-01,甲,p,a');
      const siteFirst = applied(importFiles([site], EMPTY));

      assert.match(errorsOf(importFiles([staff, site], EMPTY))[0] ?? '', /^sites\.csv:2:engineer/);
      assert.match(errorsOf(importFiles([staff], siteFirst))[0] ?? '', /^people\.csv:2:role/);
    });
  });
});

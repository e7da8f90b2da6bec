import assert from 'node:assert/strict';
import type { ProfileName, SiteCode } from '../../src/core/ids.ts';
import { type Profile, RollOut, type Site } from '../../src/core/roll-out.ts';
import type { PlacedRow } from '../../src/import/read-rows.ts';
import { warnRoads } from '../../src/import/warn-roads.ts';
import { sampleRows } from '../support/sample-roll-out.ts';

const SCOPE = sampleRows.profiles.find((one) => one.privateLinkScopeId)?.privateLinkScopeId ?? '';
const OTHER_SCOPE = SCOPE.replace('pls-jpe', 'pls-other');

function aProfile(name: string, more: Partial<Profile> = {}): Profile {
  const [first] = sampleRows.profiles;
  assert.ok(first);
  const { gatewayId: _, ...rest } = first;
  return {
    ...rest,
    name: name as ProfileName,
    connectAt: 'site',
    privateLinkScopeId: SCOPE,
    ...more,
  };
}

function aSite(code: string, profile: string, more: Partial<Site> = {}): Site {
  const found = sampleRows.sites.find((one) => one.kind === 'site');
  assert.ok(found);
  const { proxyUrl: _, subnet: __, ...rest } = found;
  return { ...rest, code: code as SiteCode, profile: profile as ProfileName, ...more };
}

/** What an import of these rows into nothing would warn of. */
function warnings(profiles: readonly Profile[], sites: readonly Site[] = []): string[] {
  const placed = <Row>(file: string, rows: readonly Row[]): PlacedRow<Row>[] =>
    rows.map((value, index) => ({ file, row: index + 2, value }));
  const imported = {
    profiles: placed('profiles.csv', profiles),
    sites: placed('sites.csv', sites),
    machines: [],
    people: [],
  };
  const found: Parameters<typeof warnRoads>[2] = [];
  warnRoads(imported, new RollOut({ profiles, sites, machines: [], people: [] }), found);
  return found.map(({ file, row, column, text }) => `${file}:${row}:${column}: ${text.en}`);
}

describe('an import', () => {
  it('warns of a gateway together with a scope', () => {
    const [warning, ...more] = warnings([aProfile('a', { gatewayId: `${SCOPE}/g` })]);

    assert.match(warning ?? '', /^profiles\.csv:2:gateway_id: .*cannot be used together/);
    assert.deepEqual(more, []);
    assert.deepEqual(warnings([aProfile('a')]), []);
  });

  it('warns of one scope in profiles of two regions', () => {
    const found = warnings([aProfile('a'), aProfile('b', { location: 'japanwest' })]);

    assert.equal(found.length, 2);
    assert.match(found[0] ?? '', /profiles\.csv:2:private_link_scope_id: .*\(japanwest\)/);
  });

  const profiles = [aProfile('a'), aProfile('b', { privateLinkScopeId: OTHER_SCOPE })];
  const networks: readonly [string, Partial<Site>, Partial<Site>, number][] = [
    ['share a proxy', { proxyUrl: 'http://p:8080' }, { proxyUrl: 'http://p:8080/' }, 1],
    ['overlap in their subnets', { subnet: '10.0.0.0/16' }, { subnet: '10.0.5.0/24' }, 1],
    [
      'share nothing',
      { proxyUrl: 'http://p:8080', subnet: '10.0.0.0/24' },
      { subnet: '10.1.0.0/24' },
      0,
    ],
    ['say nothing of their network', {}, {}, 0],
  ];
  for (const [what, one, other, count] of networks) {
    it(`warns ${count === 0 ? 'not ' : ''}of two scopes where sites ${what}`, () => {
      const found = warnings(profiles, [aSite('one-01', 'a', one), aSite('two-01', 'b', other)]);

      assert.equal(found.length, count, found.join('\n'));
      if (count > 0)
        assert.match(found[0] ?? '', /^sites\.csv:2:profile: one-01 and two-01 .*One DNS/);
    });
  }

  it('warns of two scopes at the base, where all servers ask one DNS', () => {
    const based = profiles.map((profile) => ({ ...profile, connectAt: 'base' as const }));

    assert.equal(warnings(based, [aSite('one-01', 'a'), aSite('two-01', 'b')]).length, 1);
  });

  it('finds nothing in the sample roll-out', () => {
    assert.deepEqual(warnings(sampleRows.profiles, sampleRows.sites), []);
  });
});

import assert from 'node:assert/strict';
import { SAMPLES } from '../../cards/samples.ts';
import { drawNotice, MAX_CARD_BYTES } from '../../src/cards/draw.ts';
import type { EndpointVerdict } from '../../src/core/network-check.ts';
import type { Notice, NoticeKind, NoticeOf } from '../../src/core/notice.ts';
import { bytesOf, KEPT } from './support.ts';

function sampleOf<K extends NoticeKind>(kind: K): NoticeOf<K> {
  const { notice } = SAMPLES.find((one) => one.notice.kind === kind) ?? {};
  assert.ok(notice?.kind === kind);
  return notice as NoticeOf<K>;
}

function times<T>(count: number, items: readonly T[]): T[] {
  return Array.from({ length: count }, (_, at) => items[at % items.length] as T);
}

const LONG = '株式会社とても長い名前の物流センター第二事業所'.repeat(20);
const VERDICTS: readonly EndpointVerdict[] = ['unreachable', 'tls-failed', 'wrong-route', 'ok'];

describe('large cards', () => {
  const check = sampleOf('network-check');
  const [finding] = check.diagnosis.findings;
  assert.ok(finding);
  const manyEndpoints = VERDICTS.flatMap((verdict, group) =>
    Array.from({ length: 15 }, (_, at) => ({
      ...check.diagnosis.endpoints[0],
      url: `https://${'a'.repeat(60)}-${group}-${at}.guestconfiguration.azure.com`,
      verdict,
    })),
  ) as typeof check.diagnosis.endpoints;
  const largeCheck: Notice = {
    ...check,
    diagnosis: {
      ...check.diagnosis,
      endpoints: manyEndpoints,
      findings: times(12, [finding]),
    },
  };

  it('with 60 endpoints still name the cause, who must act, and every verdict', () => {
    const { card, text } = drawNotice(largeCheck, KEPT);

    assert.ok(bytesOf(card) < MAX_CARD_BYTES, `${bytesOf(card)} bytes`);
    const json = JSON.stringify(card);
    assert.ok(json.includes(finding.cause.ja) && json.includes(finding.remedy.ja));
    assert.match(text, /対応するのは担当エンジニア/);
    for (const verdict of ['❌ 届きません (15)', '❌ TLSで失敗 (15)', '✅ 正常 (15)']) {
      assert.ok(json.includes(verdict), verdict);
    }
  });

  const site = sampleOf('site-status').sites[0];
  const machine = sampleOf('machine-status').machines[0];
  assert.ok(site && machine);
  const large: readonly (readonly [string, Notice])[] = [
    [
      'a site of 100 machines',
      { kind: 'site-status', sites: [{ ...site, machines: times(100, site.machines) }] },
    ],
    ['26 sites', { kind: 'site-status', sites: times(26, [site]) }],
    ['60 machines', { ...sampleOf('machine-status'), machines: times(60, [machine]) }],
    [
      'a roll-out of 300 sites',
      { ...sampleOf('rollout-status'), bySite: times(300, sampleOf('rollout-status').bySite) },
    ],
    ['300 rows of a list', { ...sampleOf('list'), rows: times(300, sampleOf('list').rows) }],
    ['300 next steps', { kind: 'next-step', steps: times(300, sampleOf('next-step').steps) }],
    [
      '200 machines with extensions',
      { ...sampleOf('extension-state'), rows: times(200, sampleOf('extension-state').rows) },
    ],
    [
      '90 addresses',
      {
        ...sampleOf('endpoint-requirements'),
        rows: times(90, sampleOf('endpoint-requirements').rows),
      },
    ],
    [
      '500 lines of history',
      { ...sampleOf('history'), rows: times(500, sampleOf('history').rows) },
    ],
    [
      '60 command lines',
      { ...sampleOf('commands'), lines: times(60, [`azcmagent ${'x'.repeat(900)}`]) },
    ],
    [
      '80 machines to confirm',
      { ...sampleOf('confirm'), machines: times(80, sampleOf('confirm').machines) },
    ],
  ];
  for (const [what, notice] of large) {
    it(`with ${what} stay under the limit, also with endless names`, () => {
      const json = JSON.stringify(notice).replaceAll('大阪支店', LONG).replaceAll('福岡支店', LONG);
      const endless = JSON.parse(json, (key, value) =>
        /^at$|At$/.test(key) ? new Date(value) : value,
      ) as Notice;

      for (const one of [notice, endless]) {
        const { card } = drawNotice(one, KEPT);

        assert.ok(bytesOf(card) < MAX_CARD_BYTES, `${bytesOf(card)} bytes`);
      }
    });
  }

  it('with 30 sites and with 40 addresses show all of them or say how many not', () => {
    const rollOut = sampleOf('rollout-status');
    const requirements = sampleOf('endpoint-requirements');
    const rows = times(40, requirements.rows);

    const sites = drawNotice({ ...rollOut, bySite: times(30, rollOut.bySite) }, KEPT);
    const addresses = drawNotice({ ...requirements, rows }, KEPT);

    assert.ok(bytesOf(sites.card) < MAX_CARD_BYTES);
    assert.ok(bytesOf(addresses.card) < MAX_CARD_BYTES);
    const lines = (addresses.after ?? [])
      .join('\n')
      .split('\n')
      .filter((line) => line !== '```');
    assert.equal(lines.length, 41);
    assert.ok((addresses.after ?? []).every((one) => one.length < 7_100));
  });

  it('carry a mail after them as a message of its own', () => {
    const mail = { ja: '件名: 通信について\n```\n宛先:', en: 'Subject: traffic' };
    const findings = [{ ...finding, commands: [], mail }];

    const { alert: _, ...answer } = check;

    const { card, after } = drawNotice(
      { ...answer, diagnosis: { ...check.diagnosis, findings } },
      KEPT,
    );

    assert.deepEqual(after, ["```\n件名: 通信について\n'''\n宛先:\n```"]);
    assert.ok(!JSON.stringify(card).includes('件名'));
  });

  it('tell how many rows were left out', () => {
    const notice: Notice = {
      kind: 'next-step',
      steps: times(300, sampleOf('next-step').steps),
      more: 7,
    };

    const { text } = drawNotice(notice, KEPT);

    const shown = text.match(/^・SV-/gm)?.length ?? 0;
    assert.match(text, new RegExp(`ほか${307 - shown}件`));
  });
});

import assert from 'node:assert/strict';
import { drawNotice } from '../../src/cards/draw.ts';
import type { ListTopic, NoticeOf } from '../../src/core/notice.ts';
import { KEPT } from './support.ts';

const AT = new Date('2026-11-25T01:00:00Z');

function empty(topic: ListTopic, azureAsOfAt?: Date): NoticeOf<'list'> {
  return { kind: 'list', topic, rows: [], ...(azureAsOfAt && { azureAsOfAt }) };
}

describe('an empty list', () => {
  for (const topic of ['missing-extension', 'disconnected-machines', 'blocked-sites'] as const) {
    it(`of ${topic} is no good news before Azure was read`, () => {
      const unread = drawNotice(empty(topic), KEPT);
      const read = drawNotice(empty(topic, AT), KEPT);

      assert.doesNotMatch(unread.text, /✅/);
      assert.match(unread.text, /未確認/);
      assert.match(read.text, /✅/);
    });
  }

  it('of what Azure does not know needs no Azure', () => {
    assert.match(drawNotice(empty('open-alerts'), KEPT).text, /✅/);
  });
});

describe('a list of alerts', () => {
  it('says what each is about', () => {
    const notice: NoticeOf<'list'> = {
      kind: 'list',
      topic: 'open-alerts',
      rows: [
        { what: 'key-cloned', machine: 'SV-OSK-03' as never },
        { what: 'network-check', machine: 'SV-FUK-01' as never },
      ],
    };

    const { text } = drawNotice(notice, KEPT);

    assert.match(text, /SV-OSK-03.*鍵が2か所.*SV-FUK-01.*ネットワークチェック/s);
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Folder, type Json, SAMPLES } from './command-line.ts';

interface Example {
  readonly q: string;
  readonly lang: 'ja' | 'en';
  readonly intent: string;
  readonly slots: Json;
}

describe('ask', () => {
  let folder: Folder;
  before(async () => {
    folder = await Folder.imported();
  });
  after(() => folder.remove());

  it('answers every published example as promised, one compact line each, in their order', async () => {
    const examples = readFileSync(`${SAMPLES}questions/examples.jsonl`, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Example);
    const stdin = examples.map(({ q }) => `${q}\n`).join('');

    const { exit, out } = await folder.with({ stdin }, 'ask', '-', '--json');

    assert.equal(exit, 0);
    const lines = out.trimEnd().split('\n');
    assert.equal(lines.length, examples.length);
    const answers = lines.map((line) => JSON.parse(line));
    assert.deepEqual(
      answers.map(({ intent, slots }, i) => ({ q: examples[i]?.q, intent, slots })),
      examples.map(({ q, intent, slots }) => ({ q, intent, slots })),
    );
    for (const [i, answer] of answers.entries()) {
      assert.equal(lines[i], JSON.stringify(answer), 'compact');
      assert.ok(answer.confidence > 0 && answer.confidence <= 1);
      assert.ok(answer.text.length > 0);
      assert.equal(answer.card.type, 'AdaptiveCard');
      assert.equal(/[ぁ-ゖァ-ヺ]/.test(answer.text), examples[i]?.lang === 'ja', answer.text);
    }
  });

  it('gives each line a conversation of its own, Windows line ends or not', async () => {
    const { out } = await folder.with({ stdin: '大阪支店の状況は?\r\n\r\nhelp' }, 'ask', '-');

    const intents = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).intent);
    assert.deepEqual(intents, ['site-status', 'help']);
  });

  it('says the same in text and in JSON', async () => {
    const asText = await folder.run('ask', '大阪支店の状況は?');
    const { document, exit } = await folder.json('ask', '大阪支店の状況は?');

    assert.equal(exit, 0);
    assert.equal(asText.out, `${document.text}\n`);
    assert.match(asText.out, /大阪支店/);
    assert.match(JSON.stringify(document.card), /大阪支店/);
  });

  it('asks back when it is unsure, with what each button would send', async () => {
    const { document, exit } = await folder.json('ask', 'プロキシ');

    assert.equal(exit, 0);
    assert.ok(document.confidence < 0.5);
    for (const { label, text } of document.ask) {
      assert.notEqual(label, '');
      const next = (await folder.json('ask', text)).document;
      assert.ok(next.confidence >= 0.5, text);
    }
  });

  it('answers what it does not understand with suggestions, and exit 0', async () => {
    const { document, exit } = await folder.json('ask', 'うどんとそばはどちらが好き?');

    assert.equal(exit, 0);
    assert.equal(document.intent, 'unknown');
    assert.deepEqual(document.slots, {});
    assert.ok(document.confidence > 0);
    assert.match(document.text, /札幌支店の状況は/);
  });

  it('refuses an unknown --as with the list', async () => {
    const { exit, out, err } = await folder.run('ask', 'help', '--as', 'nobody', '--json');

    assert.equal(exit, 2);
    assert.equal(out, '');
    assert.match(err, /yamamoto/);
    assert.match(err, /ishikawa/);
  });

  it('answers people in their language and only about what they may see', async () => {
    const patel = await folder.json('ask', 'status', '--as', 'patel');
    const yamamoto = await folder.json('ask', '札幌の状況は?', '--as', 'yamamoto');

    assert.match(patel.document.text, /[A-Za-z]{4}/);
    assert.doesNotMatch(yamamoto.document.text, /SV-SPK-01/);
  });

  it('changes nothing without a demo: neither a person nor the terminal opens a sign-in', async () => {
    for (const as of [['--as', 'yamamoto'], []]) {
      const { document, exit } = await folder.json('ask', 'SV-OSK-03を接続したい', ...as);
      assert.equal(exit, 0);
      assert.equal(document.intent, 'start-sign-in');
      assert.equal(document.confirm, undefined);
    }

    assert.deepEqual((await folder.json('inbox', '--as', 'yamamoto')).document, []);
    assert.equal((await folder.json('audit')).document.rows.length, 1);
  });
});

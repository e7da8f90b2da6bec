import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EVENT } from '../../src/cards/text/steps.ts';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

/** Made from a state or a reason, so no string in the code holds them whole. */
const COMPOSED = [
  ...['completed', 'declined', 'expired', 'failed', 'burned'].map((end) => `sign-in-${end}`),
  ...['run-out', 'renewed', 'handed-over'].map((over) => `sign-in-code-${over}`),
];

describe('the audit trail', () => {
  const files = ['core', 'flows', 'cli', 'http', 'keys', 'store'].flatMap((folder) =>
    readdirSync(join(SRC, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(SRC, folder, name), 'utf8')),
  );
  const written = files.flatMap((text) => [
    // One event, or one of two.
    ...[...text.matchAll(/\bevent: (?:\w+ \? '([a-z-]+)' : )?'([a-z-]+)'/g)].flatMap(
      ([, one, other = '']) => (one === undefined ? [other] : [one, other]),
    ),
    ...[...text.matchAll(/\baudit\(\s*\w+,\s*'([a-z-]+)'/g)].map(([, event = '']) => event),
  ]);

  it('has words in both languages for every event', () => {
    const events = [...new Set([...written, ...COMPOSED])];

    assert.ok(events.length > 40, `${events.length} events`);
    for (const event of events) {
      assert.ok(EVENT[event]?.ja && EVENT[event]?.en, event);
    }
  });
});

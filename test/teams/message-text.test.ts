import assert from 'node:assert/strict';
import fc from 'fast-check';
import { diagnoseText } from '../../src/core/diagnose/index.ts';
import { readIntent } from '../../src/core/read-intent/read-intent.ts';
import { InboundActivity, textOf } from '../../src/teams/activity.ts';
import { plainOf } from '../../src/teams/message-text.ts';
import { sampleRollOut } from '../support/sample-roll-out.ts';

const CHECK = `azcmagent check --location japaneast
ENDPOINT                                    REACHABLE  PRIVATE  TLS      PROXY
https://gbl.his.arc.azure.com               true       false    TLS 1.2  set
https://japaneast-gas.guestconfiguration.azure.com  false  unknown  unknown  set
https://login.microsoftonline.com           true       false    TLS 1.2  set`;

/** As different clients hand over the same paste. */
const escaped = CHECK.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const shapes: Readonly<Record<string, { text: string; html?: string }>> = {
  'plain lines': { text: CHECK },
  'Windows line ends': { text: CHECK.replaceAll('\n', '\r\n') },
  'a fenced block': { text: `\`\`\`\n${CHECK}\n\`\`\`` },
  'line breaks as tags': { text: escaped.replaceAll('\n', '<br>') },
  paragraphs: { text: escaped.replace(/^.*$/gm, '<p>$&</p>').replaceAll('\n', '') },
  'a preformatted block': { text: `<pre>${escaped}</pre>` },
  'spaces that do not break': { text: escaped.replaceAll(' ', '&nbsp;') },
  'spaces as characters': { text: CHECK.replaceAll(' ', '\u00a0') },
  'one line, with its layout beside it': {
    text: CHECK.replaceAll('\n', ' '),
    html: `<codeblock class="Bash"><code>${escaped.replaceAll('\n', '<br>')}</code></codeblock>`,
  },
};

describe('text pasted into a chat', () => {
  const expected = diagnoseText(CHECK).diagnosis;

  for (const [what, { text, html }] of Object.entries(shapes)) {
    it(`says the same when it comes as ${what}`, () => {
      const read = textOf(anActivity(text, html));

      assert.equal(readIntent(read, sampleRollOut).intent, 'diagnose-text');
      assert.deepEqual(diagnoseText(read).diagnosis.endpoints, expected.endpoints);
    });
  }

  it('reaches the diagnosis whole, up to what Teams lets someone send', () => {
    const lines = Array.from({ length: 400 }, (_, at) => `noise of line ${at}, ${'x'.repeat(40)}`);
    const long = `${CHECK}\n${lines.join('\n')}`.slice(0, 28_000);

    const read = textOf(anActivity(long));

    assert.equal(read, long.trim());
    assert.equal(readIntent(read, sampleRollOut).intent, 'diagnose-text');
    assert.deepEqual(diagnoseText(read).diagnosis.endpoints, expected.endpoints);
  });
});

describe('plainOf', () => {
  it('keeps what only looks like a tag', () => {
    assert.equal(
      plainOf('--tenant-id <tenant id> &lt;region&gt;'),
      '--tenant-id <tenant id> <region>',
    );
  });

  it('undoes an entity once', () => {
    assert.equal(plainOf('&amp;lt;b&amp;gt; &#39;x&#x27; &#9731;'), "&lt;b&gt; 'x' ☃");
  });

  it('never throws and never grows', () => {
    const part = fc.constantFrom(
      '<',
      '>',
      '&',
      ';',
      '&lt',
      '<p',
      '<br',
      '#39',
      'a',
      '\n',
      '\u00a0',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const text = parts.join('');

        assert.ok(plainOf(text).length <= text.length);
      }),
      { numRuns: 200 },
    );
  });
});

function anActivity(text: string, html?: string): InboundActivity {
  return InboundActivity.parse({
    type: 'message',
    serviceUrl: 'https://smba.trafficmanager.net/jp/',
    channelId: 'msteams',
    text,
    from: { id: '29:1', aadObjectId: '00000000-0000-4000-8000-000000000001' },
    recipient: { id: '28:bot' },
    conversation: { id: 'a:1', conversationType: 'personal' },
    ...(html && { attachments: [{ contentType: 'text/html', content: html }] }),
  });
}

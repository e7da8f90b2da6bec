import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { unzipSync } from 'fflate';
import { runCommand } from '../../src/cli/commands.ts';
import type { CardId } from '../../src/core/ids.ts';
import { fileNonce, type KitFileDeps, takeKitFile } from '../../src/flows/kit-file.ts';
import type { BotAnswer, SimMessage } from '../../src/sim/connector.ts';
import { actionsIn, M1, WholeBot } from '../prove/whole-bot.ts';
import { type HttpsServer, startHttpsServer } from '../support/https-server.ts';
import { dotnetHolder, KitClient } from '../support/kit-client.ts';

const ASK = `${M1}のキットをください`;
const SHAPE = /^[A-Za-z0-9_-]{22}$/;

/** The token an answer shows, if it shows one. */
function tokenIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const own = value as Record<string, unknown>;
  if (own.id === 'enrolment-token') return (own.inlines as { text: string }[])[0]?.text;
  for (const inside of Object.values(own)) {
    const token = tokenIn(inside);
    if (token !== undefined) return token;
  }
  return undefined;
}

const textOf = ({ body }: BotAnswer): string => JSON.stringify(body);

describe('a kit asked for in a chat', () => {
  let whole: WholeBot;
  afterEach(() => whole.close());

  const enrol = async (token: string): Promise<number> => {
    const { serial } = whole.machine(M1);
    return (await new KitClient(whole, dotnetHolder()).enrol(token, { name: M1, serial })).status;
  };
  const shown = async (): Promise<string> => {
    const answer = await whole.press('takahashi', 'show-token');
    return tokenIn(answer.body) ?? assert.fail(textOf(answer));
  };
  const events = async (): Promise<readonly string[]> =>
    (await whole.events()).filter((event) => event === 'token-shown');

  describe('where cards show secrets', () => {
    beforeEach(async () => {
      whole = await WholeBot.start();
    });

    it('brings a token by a press, which enrols the server once', async () => {
      await whole.say('takahashi', ASK);

      const token = await shown();

      assert.match(token, SHAPE);
      assert.equal(await enrol(token), 202);
      assert.equal(await enrol(token), 403);
      const row = (await whole.store.read((tx) => tx.audit.list())).find(
        ({ event }) => event === 'token-shown',
      );
      assert.deepEqual([row?.by, row?.machine, row?.facts], ['takahashi', M1, {}]);
    });

    it('is over after ten minutes', async () => {
      await whole.say('takahashi', ASK);
      const token = await shown();

      whole.clock.forward(10 * 60_000 + 1);

      assert.equal(await enrol(token), 403);
    });

    it('pressed again brings a fresh token, and the one before is worth nothing', async () => {
      await whole.say('takahashi', ASK);
      const first = await shown();
      const second = await shown();

      assert.notEqual(first, second);
      assert.equal(await enrol(first), 403);
      assert.equal(await enrol(second), 202);
      assert.deepEqual(await events(), ['token-shown', 'token-shown']);
    });

    it('names the command line, and offers no file where Teams takes none', async () => {
      await whole.say('takahashi', ASK);
      await whole.button('takahashi', 'show-token');

      const said = JSON.stringify(whole.shownTo('takahashi').map(({ activity }) => activity));
      assert.match(said, /arc-onboarding-bot kit SV-OSK-03/);
      assert.doesNotMatch(said, /file\.consent/);
    });

    it('shows a token to its addressee alone, in their own chat, by a press alone', async () => {
      await whole.say('takahashi', ASK);
      const seen = await whole.button('takahashi', 'show-token');
      const { teams, team } = whole;
      const conversationId = team.channels.General ?? '';

      const answers = [
        await whole.pressSeen('tanaka', seen),
        await whole.pressSeen('ito', seen),
        await whole.pressSeen('yamamoto', seen),
        await teams.press('takahashi', seen.activityId, seen.action, { conversationId }),
        await teams.press('takahashi', seen.activityId, seen.action, { trigger: 'automatic' }),
        await teams.submit('takahashi', seen.activityId, seen.action),
        await teams.openDialog('takahashi', seen.activityId, seen.action),
        await teams.submitDialog('takahashi', seen.action),
      ];

      for (const answer of answers) assert.equal(tokenIn(answer.body), undefined);
      assert.deepEqual(await events(), []);
    });

    it('is not for site staff, auditors or another site’s engineer, nor for a whole channel', async () => {
      for (const who of ['yamamoto', 'morgan', 'sato']) await whole.say(who, ASK);
      const channel = whole.team.channels.General ?? '';
      await whole.teams.sayInChannel('takahashi', channel, ASK);
      await whole.until('the answer in the channel', () =>
        whole.teams.messages(channel).find(({ activity }) => JSON.stringify(activity).includes(M1)),
      );

      for (const who of ['yamamoto', 'morgan', 'sato']) {
        await whole.until(`an answer to ${who}`, () => whole.shownTo(who)[0]);
        assert.equal(whole.buttonNow(who, 'show-token'), undefined);
      }
      const posted = whole.teams.messages(channel).map(({ activity }) => activity);
      assert.deepEqual(
        actionsIn(posted).filter(({ data }) => data.button === 'show-token'),
        [],
      );
    });

    it('decides anew at the press who may, and what the server is by then', async () => {
      await whole.say('takahashi', ASK);
      const seen = await whole.button('takahashi', 'show-token');
      const person = whole.rollOut.person('takahashi') ?? assert.fail();
      const role = (now: typeof person) => whole.store.write((tx) => tx.rows.putPeople([now]));
      const mark = (marks: object) => whole.store.write((tx) => tx.evidence.mark(M1, marks));

      await role({ ...person, role: 'site-staff' });
      const asStaff = await whole.pressSeen('takahashi', seen);
      await role(person);
      await mark({ shippedAt: whole.clock.now() });
      const inTransit = await whole.pressSeen('takahashi', seen);
      await mark({ shippedAt: null, retiredAt: whole.clock.now() });
      const retired = await whole.pressSeen('takahashi', seen);
      await mark({ retiredAt: null });
      const fine = await whole.pressSeen('takahashi', seen);

      const found = [asStaff, inTransit, retired, fine].map(({ body }) =>
        SHAPE.test(tokenIn(body) ?? ''),
      );
      assert.deepEqual(found, [false, false, false, true]);
    });

    it('is the same in a demo’s terminal, and in no other', async () => {
      const run = async (mayChange: boolean, command: string, ...args: string[]) => {
        const options = { as: 'takahashi', json: true };
        const call = { command, args, options, language: 'ja' } as const;
        const { exit, out = '' } = await runCommand(whole.app, call, { mayChange });
        return { exit, document: JSON.parse(out) };
      };

      const elsewhere = await run(false, 'ask', ASK);
      const { document } = await run(true, 'ask', ASK);
      const { card, button } = document.confirm;
      const refused = await run(false, 'press', card, button);
      const pressed = await run(true, 'press', card, button);

      assert.equal(elsewhere.document.confirm, undefined);
      assert.equal(button, 'show-token');
      assert.equal(refused.exit, 1);
      const token = tokenIn(pressed.document.content) ?? assert.fail();
      assert.ok(!pressed.document.text.includes(token));
      assert.equal(await enrol(token), 202);
    });

    it('leaves the token nowhere but in the answer', async () => {
      await whole.say('takahashi', ASK);
      const answer = await whole.press('takahashi', 'show-token');
      const token = tokenIn(answer.body) ?? assert.fail(textOf(answer));
      await enrol(token);
      await whole.say('takahashi', `${M1}の履歴`);
      await whole.until('the history', () =>
        whole
          .shownTo('takahashi')
          .find(({ activity }) => /登録用トークンを表示しました/.test(JSON.stringify(activity))),
      );

      assert.equal(textOf(answer).split(token).length, 2);
      const places = new Map<string, Buffer>();
      for (const path of readdirSync(whole.dataDir, { recursive: true, encoding: 'utf8' })) {
        const file = join(whole.dataDir, path);
        if (statSync(file).isFile()) places.set(path, readFileSync(file));
      }
      places.set('log', Buffer.from(whole.log.join('\n')));
      places.set('door', Buffer.from(whole.answers.join('\n')));
      for (const who of whole.rollOut.people) {
        const messages = whole.teams.messages(whole.teams.personal(who.key));
        places.set(`chat of ${who.key}`, Buffer.from(JSON.stringify(messages)));
      }
      const channel = whole.teams.messages(whole.team.channels.General ?? '');
      places.set('channel', Buffer.from(JSON.stringify(channel)));
      const { cards, audit } = await whole.store.read(async (tx) => ({
        audit: await tx.audit.list(),
        cards: await tx.cards.list({ kind: 'person', person: 'takahashi' as never }),
      }));
      places.set('kept', Buffer.from(JSON.stringify([audit, cards])));
      const needles = [
        Buffer.from(token),
        Buffer.from(token, 'utf16le'),
        Buffer.from(Buffer.from(token).toString('hex')),
        Buffer.from(Buffer.from(token).toString('base64').slice(0, 28)),
      ];
      assert.ok(places.size > 8);
      for (const [place, bytes] of places) {
        for (const needle of needles) assert.equal(bytes.indexOf(needle), -1, place);
      }
    });
  });

  describe('where dialogs show secrets', () => {
    beforeEach(async () => {
      whole = await WholeBot.start({ reveal: 'dialog' });
      await whole.say('takahashi', ASK);
    });

    it('brings the token by the dialog’s own press and not before', async () => {
      const { activityId, action } = await whole.button('takahashi', 'show-token');

      const fetched = await whole.teams.openDialog('takahashi', activityId, action);
      const [inside = assert.fail(textOf(fetched))] = actionsIn(fetched.body);
      const submitted = await whole.teams.submitDialog('takahashi', inside);

      assert.equal(tokenIn(fetched.body), undefined);
      assert.equal(await enrol(tokenIn(submitted.body) ?? ''), 202);
    });

    it('keeps it from other ways and other people', async () => {
      const { activityId, action } = await whole.button('takahashi', 'show-token');
      const fetched = await whole.teams.openDialog('takahashi', activityId, action);
      const [inside = assert.fail(textOf(fetched))] = actionsIn(fetched.body);

      const answers = [
        await whole.teams.press('takahashi', activityId, action),
        await whole.teams.press('takahashi', activityId, inside),
        await whole.teams.submit('takahashi', activityId, inside),
        await whole.teams.submitDialog('takahashi', action),
        await whole.teams.submitDialog('ito', inside),
        await whole.teams.openDialog('yamamoto', activityId, action),
      ];

      for (const answer of answers) assert.equal(tokenIn(answer.body), undefined);
      assert.deepEqual(await events(), []);
    });

    it('shows a fresh one when the dialog asks again', async () => {
      const { activityId, action } = await whole.button('takahashi', 'show-token');
      const fetched = await whole.teams.openDialog('takahashi', activityId, action);
      const [inside = assert.fail(textOf(fetched))] = actionsIn(fetched.body);
      const first = await whole.teams.submitDialog('takahashi', inside);
      const [again = assert.fail(textOf(first))] = actionsIn(first.body);

      const second = await whole.teams.submitDialog('takahashi', again);

      assert.notEqual(tokenIn(first.body), tokenIn(second.body));
      assert.equal(await enrol(tokenIn(first.body) ?? ''), 403);
      assert.equal(await enrol(tokenIn(second.body) ?? ''), 202);
    });
  });
});

describe('a kit as a file', () => {
  const HOST = 'corp-my.sharepoint.com';
  const UPLOAD = {
    uploadUrl: `https://${HOST}/upload?guid=made`,
    contentUrl: `https://${HOST}/personal/takahashi/Documents/Applications/SV-OSK-03.zip`,
  };
  let server: HttpsServer;
  let whole: WholeBot;
  let status = 201;
  const puts: { range: string | undefined; bytes: Buffer }[] = [];
  before(async () => {
    server = await startHttpsServer([HOST], async (request, response) => {
      puts.push({ range: request.headers['content-range'], bytes: await buffer(request) });
      response.writeHead(status).end('{}');
    });
  });
  after(() => server.close());
  beforeEach(async () => {
    puts.length = 0;
    status = 201;
    whole = await WholeBot.start({
      sharePoint: {
        hosts: HOST,
        port: server.port,
        ca: server.ca,
        lookup: (_, { all }, done) =>
          all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
      },
    });
    await whole.say('takahashi', ASK);
  });
  afterEach(() => whole.close());

  interface Attachment {
    readonly contentType: string;
    readonly name?: string;
    readonly contentUrl?: string;
    readonly content: Readonly<Record<string, unknown>>;
  }
  const attachmentOf = ({ activity }: SimMessage): Attachment | undefined =>
    (activity.attachments as Attachment[] | undefined)?.[0];
  const withType = (end: string): Promise<SimMessage> =>
    whole.until(end, () =>
      whole.shownTo('takahashi').find((one) => attachmentOf(one)?.contentType.endsWith(end)),
    );
  const fileCard = async () => {
    const person = 'takahashi' as never;
    const cards = await whole.store.read((tx) => tx.cards.list({ kind: 'person', person }));
    const card = cards.find(({ notice }) => notice.kind === 'kit-file');
    assert.ok(card?.notice.kind === 'kit-file');
    return { ...card, notice: card.notice };
  };
  const saysOnCard = (id: string, words: RegExp): Promise<true> =>
    whole.until(String(words), () =>
      whole.shownTo('takahashi').some((one) => one.id === id && words.test(JSON.stringify(one)))
        ? true
        : undefined,
    );

  it('is offered beside the token, put where Teams says, and linked to', async () => {
    const offered = await withType('file.consent');
    const offer = attachmentOf(offered);
    await whole.teams.answerFile('takahashi', offered.id, { upload: UPLOAD });

    const given = await withType('file.info');
    assert.equal(given.id, offered.id);
    assert.deepEqual(
      [
        attachmentOf(given)?.name,
        attachmentOf(given)?.contentUrl,
        attachmentOf(given)?.content.fileType,
      ],
      ['SV-OSK-03.zip', UPLOAD.contentUrl, 'zip'],
    );
    const [{ range, bytes } = assert.fail('nothing came'), ...more] = puts;
    assert.equal(more.length, 0);
    assert.equal(range, `bytes 0-${bytes.length - 1}/${bytes.length}`);
    assert.equal(offer?.content.sizeInBytes, bytes.length);
    const names = Object.keys(unzipSync(bytes));
    assert.ok(names.includes('SV-OSK-03/onboard.sh'));
    assert.ok(!names.some((name) => name.endsWith('/token')));
    assert.ok((await whole.events()).includes('kit-sent'));
  });

  it('is left when declined, and the card says so', async () => {
    const offered = await withType('file.consent');

    await whole.teams.answerFile('takahashi', offered.id, 'decline');

    await saysOnCard(offered.id, /渡していません/);
    assert.deepEqual(puts, []);
    assert.ok(!(await whole.events()).includes('kit-sent'));
  });

  it('goes to no host but the tenant’s own: the card names the command line instead', async () => {
    const offered = await withType('file.consent');
    const uploadUrl = 'https://attacker-my.sharepoint.com/upload';

    await whole.teams.answerFile('takahashi', offered.id, { upload: { ...UPLOAD, uploadUrl } });

    await saysOnCard(offered.id, /arc-onboarding-bot kit SV-OSK-03/);
    assert.deepEqual(puts, []);
  });

  it('says so when SharePoint does not take it', async () => {
    status = 500;
    const offered = await withType('file.consent');

    await whole.teams.answerFile('takahashi', offered.id, { upload: UPLOAD });

    await saysOnCard(offered.id, /OneDriveに置けませんでした/);
  });

  it('links to no other place than the tenant’s', async () => {
    const offered = await withType('file.consent');
    const contentUrl = 'https://attacker.example/SV-OSK-03.zip';

    await whole.teams.answerFile('takahashi', offered.id, { upload: { ...UPLOAD, contentUrl } });

    await saysOnCard(offered.id, /OneDriveに置きました/);
    assert.ok(!JSON.stringify(whole.shownTo('takahashi')).includes('attacker'));
  });

  it('accepted twice at once is told and audited once', async () => {
    const offered = await withType('file.consent');
    const accept = () => whole.teams.answerFile('takahashi', offered.id, { upload: UPLOAD });

    await Promise.all([accept(), accept()]);

    assert.equal((await fileCard()).notice.state, 'sent');
    const sent = (await whole.events()).filter((event) => event === 'kit-sent');
    assert.equal(sent.length, 1);
  });

  it('is refused to whoever it was not offered to, and to who lost the right since', async () => {
    await withType('file.consent');
    const card = await fileCard();
    const { app } = whole;
    let uploads = 0;
    const deps: KitFileDeps = {
      ...app,
      upload: async () => {
        uploads += 1;
        return { outcome: 'done', reason: '' };
      },
      mayLink: () => true,
    };
    const take = async (who: string, nonce: string, id: CardId = card.id) => {
      const person = whole.rollOut.person(who) ?? assert.fail(who);
      const upload = { uploadUrl: UPLOAD.uploadUrl };
      const notice = await takeKitFile(deps, { person, card: id, nonce, upload });
      return notice?.kind === 'refusal' ? notice.reason : notice;
    };
    const nonce = fileNonce(app.vault, card.id, 'takahashi' as never);
    const moved = whole.rollOut.sites.map((site) => ({
      ...site,
      engineer: 'sato',
      deputy: 'sato',
    }));

    const reasons = [
      await take('ito', nonce),
      await take('yamamoto', nonce),
      await take('takahashi', `${nonce.slice(0, -1)}!`),
      await take('takahashi', nonce, 'no-card' as CardId),
    ];
    await whole.store.write((tx) => tx.rows.putSites(moved as never));
    reasons.push(await take('takahashi', nonce));

    assert.deepEqual(reasons, [
      'not-your-card',
      'not-your-card',
      'card-changed',
      'card-gone',
      'not-allowed',
    ]);
    assert.equal(uploads, 0);
  });
});

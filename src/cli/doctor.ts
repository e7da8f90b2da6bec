import type { App } from '../app.ts';
import type { Bilingual, Lang } from '../core/ids.ts';
import { whoCanBeReached } from '../flows/absence.ts';
import { lookAtScopes } from './doctor-scopes.ts';
import { type Call, EXIT, json, type Outcome, usage } from './io.ts';

const AZURE_TIMEOUT_MS = 8_000;
const CLOCK_OFF_MS = 120_000;

/** One thing looked at: how it is, and how to mend it. */
interface Look {
  readonly check:
    | 'settings'
    | 'store'
    | 'audit'
    | 'people'
    | 'channel'
    | 'azure'
    | 'scopes'
    | 'teams'
    | 'clock';
  readonly state: 'ok' | 'warning' | 'failed' | 'not-verified';
  readonly text: Bilingual;
}

const SIGN: Readonly<Record<Look['state'], Bilingual>> = {
  ok: { ja: '✔ 正常', en: '✔ ok' },
  warning: { ja: '! 注意', en: '! warning' },
  failed: { ja: '✖ 要対応', en: '✖ failed' },
  'not-verified': { ja: '? 未確認', en: '? not verified' },
};

/** Looks at everything the bot needs and says how to mend each; exit 1 when something is missing. */
export async function doctor(app: App, call: Call): Promise<Outcome> {
  const [what] = call.args;
  if (what === 'people') return reachable(app, call);
  if (what !== undefined) return usage(`doctor [people]\n`);
  const looks = [
    ...settings(app),
    ...(await storeAndPeople(app)),
    await azure(app),
    ...(await scopes(app)),
    await clock(app),
  ];
  const exit = looks.some((one) => one.state === 'failed') ? EXIT.bad : EXIT.fine;
  if (call.options.json) return { exit, out: json({ checks: looks }) };
  const lines = looks.map(
    ({ check, state, text }) => `${SIGN[state][call.language]}  ${check}: ${text[call.language]}`,
  );
  return { exit, out: `${lines.join('\n')}\n` };
}

/** Who can be reached 1:1, and why not: the same list as 「連絡テスト」, without sending anything. */
async function reachable(app: App, call: Call): Promise<Outcome> {
  const rows = await app.store.read((tx) => whoCanBeReached(tx, app.clock));
  const exit = rows.some(({ obstacle }) => obstacle) ? EXIT.bad : EXIT.fine;
  if (call.options.json) {
    const people = rows.map(({ person, role, obstacle, away }) => ({
      key: person.key,
      name: person.name,
      role,
      reachable: obstacle === undefined,
      ...(obstacle && { why: obstacle }),
      ...(away && { away }),
    }));
    return { exit, out: json({ people }) };
  }
  const drawn = app.drawNotice({ kind: 'reachable', tested: false, rows }, call.language);
  return { exit, out: `${drawn.text}\n` };
}

function settings({ config, simulated }: App): Look[] {
  // A demo talks to a simulated Teams, which asks for no credentials.
  const missing = simulated
    ? []
    : [
        ...(config.MicrosoftAppId === '' ? ['MicrosoftAppId'] : []),
        ...(config.MicrosoftAppTenantId === '' ? ['MicrosoftAppTenantId'] : []),
        ...(config.MicrosoftAppType === 'SingleTenant' && config.MicrosoftAppPassword === ''
          ? ['MicrosoftAppPassword']
          : []),
      ];
  const needed = [
    ...(config.CODE_KEY === undefined ? ['CODE_KEY'] : []),
    ...(config.PUBLIC_URL === undefined ? ['PUBLIC_URL'] : []),
  ];
  return [
    look('settings', needed.length === 0 ? 'ok' : 'failed', {
      ja:
        needed.length === 0
          ? `読めました(SIGN_IN=${config.SIGN_IN}、WRITE=${config.WRITE})。`
          : `${needed.join('、')} がありません。キットの受付に必要です。環境変数に設定してください。`,
      en:
        needed.length === 0
          ? `read (SIGN_IN=${config.SIGN_IN}, WRITE=${config.WRITE}).`
          : `${needed.join(', ')} missing: needed for kits. Set them in the environment.`,
    }),
    look('teams', missing.length === 0 ? 'not-verified' : 'failed', {
      ja:
        missing.length === 0
          ? '資格情報はあります。使えるかどうかは、最初のメッセージで分かります(docs/live-checks.md)。'
          : `${missing.join('、')} がありません。docs/install.md の手順で設定してください。`,
      en:
        missing.length === 0
          ? 'credentials are there; the first message proves them (docs/live-checks.md).'
          : `${missing.join(', ')} missing. Set them as docs/install.md says.`,
    }),
  ];
}

async function storeAndPeople(app: App): Promise<Look[]> {
  const { rollOut, chain, channel } = await app.store.read(async (tx) => ({
    rollOut: await tx.rollOut(),
    chain: await tx.audit.verify(),
    channel: await tx.conversations.alertChannel(),
  }));
  const depth = await app.store.outbox.depth();
  const { profiles, sites, machines, people } = rollOut;
  const unknown = people.filter((one) => one.aadObjectId === undefined);
  const leads = rollOut.leads().length;
  const loose = sites.filter((site) => !site.engineer || !rollOut.person(site.engineer));
  return [
    look('store', machines.length > 0 ? 'ok' : 'warning', {
      ja: `プロファイル ${profiles.length}、拠点 ${sites.length}、サーバー ${machines.length}。送信待ち ${depth.waiting}、送れなかったもの ${depth.dead}。${machines.length > 0 ? '' : 'import で取り込んでください。'}`,
      en: `${profiles.length} profiles, ${sites.length} sites, ${machines.length} servers; ${depth.waiting} to send, ${depth.dead} undeliverable.${machines.length > 0 ? '' : ' Run import.'}`,
    }),
    look('audit', chain.brokenAt === undefined ? 'ok' : 'failed', {
      ja:
        chain.brokenAt === undefined
          ? `監査記録 ${chain.rows} 件、連鎖は正しくつながっています。`
          : `監査記録の連鎖が ${chain.brokenAt} 番で切れています。記録の書き換えを調べてください。`,
      en:
        chain.brokenAt === undefined
          ? `${chain.rows} rows; the chain holds.`
          : `the chain is broken at row ${chain.brokenAt}. Find out who changed the records.`,
    }),
    look('people', leads === 0 || loose.length > 0 ? 'failed' : 'ok', {
      ja: `${people.length} 人(統括 ${leads})。Teams のIDが未登録 ${unknown.length} 人(最初のメッセージで登録されます)。${loose.length > 0 ? `担当エンジニアのいない拠点: ${loose.map((site) => site.code).join('、')}。` : ''}${leads === 0 ? '統括を people.csv に登録してください。' : ''}`,
      en: `${people.length} people (${leads} lead). ${unknown.length} without a Teams object id yet (learned at their first message).${loose.length > 0 ? ` Sites without an engineer: ${loose.map((site) => site.code).join(', ')}.` : ''}${leads === 0 ? ' Add a lead to people.csv.' : ''}`,
    }),
    look('channel', channel ? 'ok' : 'warning', {
      ja: channel
        ? '通知先のチャネルは決まっています。'
        : '通知先のチャネルがまだありません。チームにアプリを追加し、統括がチャネルで「ここに通知」と書いてください。',
      en: channel
        ? 'the alert channel is set.'
        : 'no alert channel yet. Add the app to a team; a lead writes "alerts here" in the channel.',
    }),
  ];
}

async function azure(app: App): Promise<Look> {
  const rollOut = await app.store.read((tx) => tx.rollOut());
  if (rollOut.profiles.length === 0) {
    return look('azure', 'not-verified', {
      ja: 'プロファイルがまだないため、確認していません。',
      en: 'no profile imported yet, so nothing was read.',
    });
  }
  try {
    let machines = 0;
    for await (const page of app.directory.listMachines(AbortSignal.timeout(AZURE_TIMEOUT_MS))) {
      machines += page.length;
    }
    return look('azure', 'ok', {
      ja: `読み取れました(サーバー ${machines} 台)。`,
      en: `read (${machines} servers).`,
    });
  } catch (error) {
    app.log.info('doctor-azure', { error });
    return look('azure', 'failed', {
      ja: 'Azure を読めません。ボットのマネージド ID に、対象サブスクリプションの「閲覧者」ロールを割り当ててください。手元で試すときは az login を実行してください。',
      en: "Azure cannot be read. Give the bot's managed identity the Reader role on the subscriptions; on a laptop run az login.",
    });
  }
}

async function scopes(app: App): Promise<Look[]> {
  const found = await lookAtScopes(app);
  return found ? [look('scopes', found.state, found.text)] : [];
}

/** Nothing kept may come from the future: then this clock, or the one before, was wrong. */
async function clock(app: App): Promise<Look> {
  const now = app.clock.now();
  const [newest] = (await app.store.read((tx) => tx.audit.list({ limit: 1 }))).slice(-1);
  const isBehind = newest !== undefined && newest.at.getTime() - now.getTime() > CLOCK_OFF_MS;
  return look('clock', isBehind ? 'failed' : 'ok', {
    ja: isBehind
      ? `時計が遅れています(${now.toISOString()})。記録に未来の時刻があります。NTP を確かめてください。`
      : `${now.toISOString()}。記録の時刻と合っています。`,
    en: isBehind
      ? `the clock (${now.toISOString()}) is behind what is on record. Check NTP.`
      : `${now.toISOString()}, in line with what is on record.`,
  });
}

function look(check: Look['check'], state: Look['state'], text: Record<Lang, string>): Look {
  return { check, state, text };
}

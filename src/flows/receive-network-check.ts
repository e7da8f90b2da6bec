import type { NetworkCheckReport, StatusReport } from '../core/kit-request.ts';
import type { Diagnosis } from '../core/network-check.ts';
import type { KitAnswer, Tx } from '../core/ports.ts';
import type { Profile, Site } from '../core/roll-out.ts';
import { type AlertDeps, clearAlert, raiseAlert } from './alerts.ts';
import type { KitContext, SignInHooks } from './kit-handlers.ts';

/** Reads any azcmagent output; a device code in it is removed before anything else. */
export type Diagnose = (
  text: string,
  site: Site,
  profile: Profile,
) => { readonly diagnosis: Diagnosis; readonly codeRemoved: boolean; readonly cleaned: string };

export interface NetworkCheckDeps extends AlertDeps {
  readonly diagnose: Diagnose;
  readonly signIns: Pick<SignInHooks, 'codeInText'>;
}

/** A check is diagnosed and kept as evidence; what is wrong stands in the channel until it is right again. */
export async function receiveNetworkCheck(
  tx: Tx,
  deps: NetworkCheckDeps,
  context: KitContext<NetworkCheckReport>,
): Promise<KitAnswer> {
  const { machine, site, profile, payload, at } = context;
  const { diagnosis, codeRemoved } = deps.diagnose(payload.text.text, site, profile);
  if (codeRemoved) await deps.signIns.codeInText(tx, context);

  const checkedAt = earlier(payload.at, at);
  const before = await tx.evidence.latestCheck(machine.name);
  const { address } = payload;
  await tx.evidence.keepCheck({
    machine: machine.name,
    site: site.code,
    checkedAt,
    diagnosis,
    ...(address && { address }),
  });
  // A check that waited in a spool says nothing about now.
  if (!before || before.checkedAt <= checkedAt) {
    await tellChannel(tx, deps, context, diagnosis, checkedAt);
  }
  return { status: 202, do: 'ok', state: diagnosis.verdict, ...sentences(diagnosis) };
}

/** What a server says of itself between checks; the newest of it is kept. */
export async function receiveStatus(
  tx: Tx,
  deps: NetworkCheckDeps,
  context: KitContext<StatusReport>,
): Promise<KitAnswer> {
  const { machine, site, profile, payload, at } = context;
  const read = payload.text && deps.diagnose(payload.text.text, site, profile);
  if (read?.codeRemoved) await deps.signIns.codeInText(tx, context);

  const saidAt = earlier(payload.at, at);
  const kept = await tx.settings.get(kitStatusSetting(machine.name));
  if (kept === undefined || saidAtOf(kept) <= saidAt.getTime()) {
    const { mde, ama } = payload;
    const facts = read?.diagnosis.facts;
    await tx.settings.set(
      kitStatusSetting(machine.name),
      JSON.stringify({ saidAt: saidAt.getTime(), mde, ama, facts }),
    );
  }
  // Azure does not tell whether Defender hears from a server; the running service is what the kit can see.
  if (payload.mde === 'running') await tx.evidence.dataSeen(machine.name, 'MDE', saidAt);
  return { status: 202, do: 'ok' };
}

/** Where the newest status of a machine's kit is kept, as JSON `{saidAt, mde?, ama?, facts?}`. */
export function kitStatusSetting(machine: string): string {
  return `kit-status:${machine}`;
}

async function tellChannel(
  tx: Tx,
  deps: NetworkCheckDeps,
  { machine, site }: KitContext,
  diagnosis: Diagnosis,
  checkedAt: Date,
): Promise<void> {
  const key = `network-check:${site.code}`;
  if (diagnosis.verdict !== 'healthy') {
    const about = { site: site.code, machine: machine.name, diagnosis, checkedAt };
    await raiseAlert(tx, deps, { key, what: 'network-check', ...about });
    return;
  }
  // One alert stands for the site: another server's failed check keeps it open, and takes its card over.
  const evidence = await tx.evidence.all([site.code]);
  const failed = [...evidence.values()]
    .map(({ lastCheck }) => lastCheck)
    .find((check) => check?.machine !== machine.name && check?.diagnosis.verdict !== 'healthy');
  if (!failed) {
    await clearAlert(tx, deps, key);
    return;
  }
  const open = await tx.alerts.openByKey(key);
  if (!open) return;
  const about = { site: site.code, machine: failed.machine, checkedAt: failed.checkedAt };
  await raiseAlert(tx, deps, {
    key,
    what: 'network-check',
    ...about,
    diagnosis: failed.diagnosis,
  });
}

const RESULT = {
  healthy: {
    ja: 'ネットワーク確認の結果は正常です。次の手順に進めます。',
    en: 'The network check is fine. You can go on with the next step.',
  },
  degraded: {
    ja: 'ネットワーク確認で注意点が見つかりました。',
    en: 'The network check found something to look at.',
  },
  blocked: {
    ja: 'ネットワーク確認で、通信を止めている箇所が見つかりました。',
    en: 'The network check found what blocks the connection.',
  },
  down: {
    ja: 'ネットワークに接続できていません。',
    en: 'There is no connection to the network.',
  },
  unknown: {
    ja: 'ネットワーク確認の出力を読み取れませんでした。担当エンジニアにご連絡ください。',
    en: 'The output of the network check could not be read. Please contact your engineer.',
  },
} as const satisfies Record<Diagnosis['verdict'], { ja: string; en: string }>;

/** For the server's console: the verdict, and the first remedy. */
function sentences({ verdict, findings }: Diagnosis): { ja: string; en: string } {
  const first = verdict === 'healthy' ? undefined : findings[0];
  const { ja, en } = RESULT[verdict];
  return {
    ja: first ? `${ja}${first.cause.ja}${first.remedy.ja}` : ja,
    en: first ? `${en} ${first.cause.en} ${first.remedy.en}` : en,
  };
}

/** A server's clock may run ahead; nothing was checked in the future. */
function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}

function saidAtOf(kept: string): number {
  return Number((JSON.parse(kept) as { saidAt: number }).saidAt);
}

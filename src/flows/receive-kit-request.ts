import type { KitReport, VerifiedRequest } from '../core/kit-request.ts';
import type { KitAnswer, KitKey, SeenRequest, Store, Tx, Vault } from '../core/ports.ts';
import type { KitContext, KitHandlers } from './kit-handlers.ts';
import { type QuarantineDeps, quarantineKey } from './quarantine.ts';
import {
  type NetworkCheckDeps,
  receiveNetworkCheck,
  receiveStatus,
} from './receive-network-check.ts';
import { isWaiting, registerSuccessor } from './successor.ts';
import { isClosedByTransit, mustBeSucceeded, noticeOldKey, noticeTransit } from './transit.ts';

export interface KitRequestDeps extends QuarantineDeps, NetworkCheckDeps {
  readonly store: Pick<Store, 'write'>;
  readonly vault: Pick<Vault, 'mac'>;
  readonly handlers: KitHandlers;
  readonly signIns: QuarantineDeps['signIns'] & NetworkCheckDeps['signIns'];
}

const HOUR_MS = 60 * 60 * 1000;
const REMEMBERED_MS = 35 * 24 * HOUR_MS;

const STOPPED: KitAnswer = { status: 403, do: 'stop' };

/**
 * What a verified request may do, decided and done in one transaction that also remembers it. The order is a
 * promise (docs/door.md): key's state, payload, id, seq. A throw keeps nothing and uses up no id.
 */
export async function receiveKitRequest(
  deps: KitRequestDeps,
  request: VerifiedRequest,
): Promise<KitAnswer> {
  const { report } = request;
  return deps.store.write(async (tx) => {
    const key = await tx.kits.key(request.kid);
    if (!key) return STOPPED;
    const refused = await refusedByState(tx, deps, key, request);
    if (refused) return refused;
    if (report === 'other-bot') return { status: 409, do: 'stop', code: 'OTHER_BOT', ...ack(key) };
    if (report === 'unreadable') {
      return { status: 409, do: 'ok', code: 'PAYLOAD_REFUSED', ...ack(key) };
    }
    const known = await answerKnown(tx, deps, key, request);
    if (known) return known;
    const passed = await refusedBySeq(tx, deps, key, request);
    if (passed) return passed;
    const { seq, newerBotKey: botKey = key.botKey } = request;
    return accept(tx, deps, { ...key, ack: seq, botKey }, request, report);
  });
}

/** For the timer `forget-requests`. */
export async function forgetOldRequests(tx: Tx, now: Date): Promise<number> {
  return tx.kits.forgetRequests(now);
}

async function refusedByState(
  tx: Tx,
  deps: KitRequestDeps,
  key: KitKey,
  { report, receivedAt }: VerifiedRequest,
): Promise<KitAnswer | undefined> {
  const { marks } = await tx.evidence.of(key.machine);
  if (key.state !== 'quarantined' && isClosedByTransit(marks)) {
    await noticeTransit(tx, deps, key.machine, marks);
    return STOPPED;
  }
  const type = typeof report === 'object' ? report.type : report;
  switch (key.state) {
    case 'quarantined':
      return QUARANTINED;
    case 'closed':
      // A successor that was never confirmed is not an old key.
      if (key.succeeds !== undefined) return NUMBER_OVER;
      await noticeOldKey(tx, deps, key);
      return STOPPED;
    case 'successor-pending':
      if (!isWaiting(key, receivedAt)) return NUMBER_OVER;
      return type === 'watch' ? undefined : NUMBER_NEEDED;
    case 'active':
      return type === 'successor' || !mustBeSucceeded(key, marks) ? undefined : SUCCESSOR_NEEDED;
  }
}

/** A repeat gets what was answered before; the same id with other contents gets nothing. */
async function answerKnown(
  tx: Tx,
  deps: KitRequestDeps,
  key: KitKey,
  request: VerifiedRequest,
): Promise<KitAnswer | undefined> {
  const seen = await tx.kits.request(key.kid, request.id);
  if (!seen) return undefined;
  if (seen.mac !== macOf(deps, request)) {
    return { status: 409, do: 'stop', code: 'ID_REUSED', ...ack(key) };
  }
  if (wasPassed(seen)) return undefined;
  const highest = Math.max(key.ack, request.seq);
  if (request.seq > key.ack) {
    await tx.kits.putKey({ ...key, ack: highest });
    await tx.kits.putRequest({ ...seen, seq: request.seq });
  }
  const { answer } = seen;
  return { ...answer, status: answer.status === 202 ? 200 : answer.status, ack: highest };
}

/**
 * An unknown id must bring a seq above all accepted ones. Two holders of one key give themselves away: one
 * seq with two ids, or one id passed twice under different seqs.
 */
async function refusedBySeq(
  tx: Tx,
  deps: KitRequestDeps,
  key: KitKey,
  request: VerifiedRequest,
): Promise<KitAnswer | undefined> {
  const { id, seq } = request;
  if (seq > key.ack) return undefined;
  const holder = await tx.kits.idOfSeq(key.kid, seq);
  const passedBefore = await tx.kits.request(key.kid, id);
  const isReplay = holder === id && passedBefore !== undefined;
  if (!isReplay && (holder !== undefined || passedBefore !== undefined)) {
    await quarantineKey(tx, deps, key, 'key-cloned');
    return QUARANTINED;
  }
  const answer: KitAnswer = { status: 409, do: 'resign', code: 'SEQ_PASSED', ...ack(key) };
  await remember(tx, deps, request, answer, REMEMBERED_MS);
  return answer;
}

async function accept(
  tx: Tx,
  deps: KitRequestDeps,
  key: KitKey,
  request: VerifiedRequest,
  report: KitReport,
): Promise<KitAnswer> {
  const rollOut = await tx.rollOut();
  const machine = rollOut.machine(key.machine);
  const site = machine && rollOut.siteOf(machine);
  const profile = site && rollOut.profileOf(site);
  if (!machine || !site || !profile) return ROLL_OUT_INCOMPLETE;
  await tx.kits.putKey(key);
  const context = { key, machine, site, profile, at: request.receivedAt, payload: report };
  const answered = await handle(tx, deps, context);
  const answer = { ...answered, ack: key.ack };
  const isPoll = report.type === 'ready' || report.type === 'watch';
  await remember(tx, deps, request, answer, isPoll ? HOUR_MS : REMEMBERED_MS);
  return answer;
}

async function handle(tx: Tx, deps: KitRequestDeps, context: KitContext): Promise<KitAnswer> {
  const { payload, key } = context;
  switch (payload.type) {
    case 'ready':
      return deps.handlers.ready(tx, { ...context, payload });
    case 'watch':
      if (key.state === 'successor-pending') return stillWaiting(key);
      if (payload.round === 0) return { status: 202, do: 'ok', state: 'active' };
      return deps.handlers.watch(tx, { ...context, payload });
    case 'device-code':
      return deps.handlers.deviceCode(tx, { ...context, payload });
    case 'outcome':
      return deps.handlers.outcome(tx, { ...context, payload });
    case 'network-check':
      return receiveNetworkCheck(tx, deps, { ...context, payload });
    case 'status':
    case 'heartbeat':
      return receiveStatus(tx, deps, { ...context, payload });
    case 'successor':
      return registerSuccessor(tx, deps, { ...context, payload });
  }
}

async function remember(
  tx: Tx,
  deps: KitRequestDeps,
  request: VerifiedRequest,
  answer: KitAnswer,
  forMs: number,
): Promise<void> {
  const { kid, id, seq, receivedAt } = request;
  const forgetAt = new Date(receivedAt.getTime() + forMs);
  await tx.kits.putRequest({ kid, id, seq, mac: macOf(deps, request), answer, forgetAt });
}

function macOf(deps: KitRequestDeps, { payload }: VerifiedRequest): string {
  return deps.vault.mac(`kit-payload ${payload}`);
}

function wasPassed(seen: SeenRequest): boolean {
  return seen.answer.code === 'SEQ_PASSED';
}

function stillWaiting(key: KitKey): KitAnswer {
  return {
    status: 202,
    do: 'wait',
    state: 'successor-pending',
    ...(key.pendingUntilAt && { untilAt: key.pendingUntilAt }),
  };
}

function ack({ ack: highest }: KitKey): { ack?: number } {
  return highest > 0 ? { ack: highest } : {};
}

const QUARANTINED: KitAnswer = {
  status: 403,
  do: 'stop',
  code: 'QUARANTINED',
  ja: 'このサーバーの受付を停止しています。拠点の担当エンジニアにご連絡ください。',
  en: 'This server is quarantined. Please contact the engineer of your site.',
};
/** Rows of the roll-out come singly and in any order. */
const ROLL_OUT_INCOMPLETE: KitAnswer = {
  status: 403,
  do: 'wait',
  code: 'ROLL_OUT_INCOMPLETE',
  ja: 'この拠点のデータがまだ登録されていません。担当エンジニアにご連絡ください。',
  en: 'The data of this site is not complete yet. Please contact your engineer.',
};
const NUMBER_NEEDED: KitAnswer = {
  status: 403,
  do: 'wait',
  code: 'NUMBER_NEEDED',
  ja: '新しい鍵の確認を待っています。画面の照合番号をチャットで送ってください。',
  en: 'The new key waits to be confirmed. Please send the match number on the screen in the chat.',
};
const NUMBER_OVER: KitAnswer = {
  status: 403,
  do: 'stop',
  code: 'NUMBER_OVER',
  ja: '照合番号の期限が切れました。もう一度 arrive を実行してください。',
  en: 'The match number is over. Please run "arrive" again.',
};
const SUCCESSOR_NEEDED: KitAnswer = {
  status: 403,
  do: 'stop',
  code: 'SUCCESSOR_NEEDED',
  ja: '到着後の鍵がまだありません。先に arrive を実行してください。',
  en: 'This server has no key from after its arrival yet. Please run "arrive" first.',
};

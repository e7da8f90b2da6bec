import type { IntentName } from '../intent.ts';
import type { Topic } from './cue.ts';
import type { Mood } from './mood.ts';
import type { Named } from './named.ts';
import type { Scores } from './score.ts';

export interface Reading {
  readonly intent: IntentName;
  readonly confidence: number;
  /** Other things it may have meant, best first. */
  readonly others: readonly IntentName[];
}

/** Weaker than this is not about us. */
const WORTH_ASKING = 1.6;
const WORTH_DOING = 2.4;

/** The intent that the words, the names and the mood speak for most; undefined when nothing does. */
export function choose(
  scores: Scores,
  found: Named,
  mood: Mood,
  masked: string,
): Reading | undefined {
  const table = new Map(scores.of);
  weigh(table, found, mood, masked);
  if (table.size === 0 || Math.max(...table.values()) < WORTH_ASKING) {
    const bare = bareName(found, scores.strange + scores.rest);
    if (bare) return bare;
  }
  const ranked = [...table]
    .filter(([, points]) => points >= 1)
    .sort(([, a], [, b]) => b - a)
    .map(([topic, points]) => ({ intent: intentOf(topic, found), points }));
  const [best, second] = ranked;
  if (!best || best.points < WORTH_ASKING) return undefined;
  const others = [...new Set(ranked.slice(1, 4).map(({ intent }) => intent))].filter(
    (intent) => intent !== best.intent,
  );
  const margin = best.points - (second?.points ?? 0);
  const sure = best.points >= WORTH_DOING && margin >= 0.15;
  const confidence = sure
    ? Math.min(0.98, 0.55 + 0.05 * Math.min(best.points, 5) + 0.04 * Math.min(margin, 5))
    : 0.4;
  return { intent: best.intent, confidence, others };
}

function intentOf(topic: Topic, found: Named): IntentName {
  if (topic !== 'status') return topic;
  if (found.machines.length > 0 || (found.strangers.length > 0 && found.sites.length === 0)) {
    return 'machine-status';
  }
  return found.sites.length > 0 ? 'site-status' : 'rollout-status';
}

/** A name alone asks how it stands. */
function bareName(found: Named, strange: number): Reading | undefined {
  if (strange > 0) return undefined;
  const none: readonly IntentName[] = [];
  if (found.machines.length > 0 || found.strangers.length > 0) {
    return { intent: 'machine-status', confidence: 0.7, others: ['next-step', 'network-check'] };
  }
  if (found.sites.length > 0) {
    return { intent: 'site-status', confidence: 0.7, others: ['next-step', 'network-check'] };
  }
  if (found.area !== undefined || found.wave !== undefined) {
    return { intent: 'rollout-status', confidence: 0.65, others: none };
  }
  return undefined;
}

/** What names and mood do to the words' votes. */
function weigh(table: Map<Topic, number>, found: Named, mood: Mood, masked: string): void {
  const has = (topic: Topic) => (table.get(topic) ?? 0) > 0;
  const add = (topic: Topic, points: number) => {
    if (has(topic)) table.set(topic, Math.max(0, (table.get(topic) ?? 0) + points));
  };
  const move = (from: Topic, to: Topic, points = table.get(from) ?? 0) => {
    if (!has(from)) return;
    table.set(to, Math.max(table.get(to) ?? 0, points));
    table.delete(from);
  };
  const oneMachine = found.machines.length > 0 || found.strangers.length > 0;
  const somewhere = oneMachine || found.sites.length > 0;
  const broad = found.area !== undefined || found.wave !== undefined;

  add('status', somewhere || broad ? 0.9 : 0);
  add('next-step', somewhere ? 0.5 : 0);

  // A deed that is asked about, or has not happened, is a question about where the thing is.
  for (const deed of ['mark-arrived', 'mark-shipped', 'mark-powered-on'] as const) {
    if (!has(deed)) continue;
    if (mood.asksHow && !/[\u{e001}\u{e002}]/u.test(masked.slice(0, 1))) table.delete(deed);
    else if ((mood.question && !mood.request) || mood.negated || isFuture(masked, deed)) {
      move(deed, 'status', somewhere ? 3 : 1.8);
    }
  }
  if (has('replace-machine') && mood.question && !mood.request) add('replace-machine', -1.5);
  if (has('status') && has('mark-powered-on')) add('status', -1.5);

  // Disconnected: one machine is its status, a set is a list.
  if (has('disconnected-machines')) {
    table.delete('start-sign-in');
    if (oneMachine) move('disconnected-machines', 'status', 3.4);
    else if (found.sites.length > 0 && !mood.asksWhich) {
      add('disconnected-machines', -1.6);
      table.set('network-check', Math.max(table.get('network-check') ?? 0, 2.3));
    } else add('status', -2.5);
  }

  // Stuck or late: of one place asked about, it is that place's status.
  for (const topic of ['blocked-sites', 'late-sites'] as const) {
    if (!has(topic)) continue;
    if (
      oneMachine ||
      (found.sites.length > 0 && !/(?:どの|どれ|どこ|拠点|サイト|which|sites)/.test(masked))
    ) {
      move(topic, 'status', 3.2);
    } else add('status', -2.5);
  }

  if (has('missing-extension')) {
    const about =
      found.extensions.length > 0 || /拡張|エージェント|extension|agents?(?![a-z])/.test(masked);
    if (!about) table.delete('missing-extension');
    else if (oneMachine)
      move(
        'missing-extension',
        'extension-state',
        Math.max(3.5, table.get('extension-state') ?? 0),
      );
    else if (
      mood.negated ||
      /欠け|足り|不足|漏れ|抜け|忘れ|なし|ない|lack|miss|without|no |need/.test(masked)
    ) {
      add('missing-extension', 1.5);
    }
  }
  if (has('extension-state')) {
    const about = found.extensions.length > 0 || /拡張|エクステンション|extension/.test(masked);
    if (!about) table.delete('extension-state');
    else {
      add('extension-state', somewhere || broad ? 0.8 : 0.2);
      add('status', -2.5);
      if (mood.question && !mood.request) add('repair-extension', -1);
      else if ((table.get('repair-extension') ?? 0) >= 3) add('extension-state', -2);
    }
  }
  if (has('repair-extension') && !has('extension-state')) table.delete('repair-extension');

  if (has('endpoint-requirements')) {
    if (
      has('proxy-command') &&
      found.route &&
      /(?:url|通信|許可|エンドポイント|宛先|allow|endpoint|address|port|host)/.test(masked)
    ) {
      add('endpoint-requirements', 1.5);
      add('proxy-command', -2);
    }
    if (
      found.extensions.length > 0 &&
      /(?:url|通信|宛先|ポート|エンドポイント|port|endpoint|address|host)/.test(masked)
    ) {
      add('endpoint-requirements', 1.5);
      add('extension-state', -1.5);
      table.delete('missing-extension');
    }
    if (
      has('network-check') &&
      /(?:fail|失敗|届か|通ら|つながら|ng|だめ|ダメ|落ち|unreach|blocked)/.test(masked)
    ) {
      add('network-check', 1.5);
      add('endpoint-requirements', -2.5);
      table.delete('disconnected-machines');
      table.delete('blocked-sites');
      add('explain-error', -1.5);
    }
  }
  if (has('run-check')) {
    add('network-check', -2.5);
    if (mood.question && !mood.request && /結果|result/.test(masked)) add('run-check', -3);
  }
  if (has('network-check')) add('status', -1.8);

  if (has('connect-command')) {
    if (/コマンド|スクリプト|手順|方法|やり方|仕方|command|script|azcmagent|how/.test(masked)) {
      table.delete('start-sign-in');
      add('next-step', -1.5);
    }
    if (has('proxy-command') && /プロキシ|proxy|バイパス|bypass/.test(masked)) {
      add('proxy-command', 1);
      add('connect-command', -2);
    }
  }
  if (
    has('proxy-command') &&
    has('connect-command') &&
    !/コマンド|command|設定|setting/.test(masked)
  ) {
    add('proxy-command', -1);
  }

  if (has('start-sign-in')) {
    if (has('pending-sign-ins') || has('stop-sign-ins') || has('resume-sign-ins')) {
      table.delete('start-sign-in');
    } else if (has('status') && mood.question && !mood.request && !/たい/.test(masked)) {
      add('start-sign-in', -2);
    } else if (oneMachine) {
      add('start-sign-in', 0.8);
      add('status', -1.5);
    }
  }
  if (has('pending-sign-ins')) {
    add('my-work', -1);
    add('status', -1.5);
  }
  if (has('my-work') && (table.get('my-work') ?? 0) >= 3) {
    add('responsible-engineer', -3);
    add('next-step', -2);
    add('status', -1.5);
    add('explain-error', -1);
    add('pending-sign-ins', has('who-am-i') ? -1 : 0);
  }
  if (has('responsible-engineer') && (table.get('responsible-engineer') ?? 0) >= 2.4)
    add('my-work', -1.5);
  if (has('ask-person')) {
    if (!somewhere) add('next-step', -1.5);
    add('help', -1.5);
    add('responsible-engineer', mood.question && /誰|どなた|who/.test(masked) ? 0.5 : -2);
    add('my-work', -1.5);
    if ((table.get('explain-error') ?? 0) >= 3) {
      add(
        /助け|電話|話し|(?<![a-z])(?:call|talk|speak)/.test(masked)
          ? 'explain-error'
          : 'ask-person',
        -1.5,
      );
    }
    add('hand-over', -1.5);
  }
  if (has('help') && somewhere) add('help', -1);

  if (has('explain-error')) {
    if (found.error !== undefined) {
      if (!/コマンド|command/.test(masked)) add('connect-command', -4);
      for (const topic of [
        'status',
        'next-step',
        'network-check',
        'ask-person',
        'blocked-sites',
      ] as const) {
        add(topic, -2);
      }
    }
    if (has('next-step') && (table.get('explain-error') ?? 0) >= 3) add('next-step', -1);
    if (/拠点|サイト|sites/.test(masked) && mood.asksWhich) add('explain-error', -2);
  }
  if (has('history')) {
    add('status', -1.5);
    add('mark-arrived', -2);
    add('mark-shipped', -2);
    add('responsible-engineer', -2);
  }
  if (has('export')) {
    for (const topic of [
      'status',
      'history',
      'late-sites',
      'blocked-sites',
      'endpoint-requirements',
      'my-work',
      'extension-state',
      'missing-extension',
      'open-alerts',
    ] as const)
      add(topic, -3);
  }
  if (has('alerts-here')) add('open-alerts', -4);
  if (has('open-alerts')) {
    add('status', -1.5);
    if (/対応(?:し|いた)(?:ます|ました)/.test(masked)) add('open-alerts', -1.5);
    else add('acknowledge', -2);
  }
  if (has('decline')) add('acknowledge', -3);
  if (has('acknowledge') && mood.question && !mood.request) add('acknowledge', -2.5);
  if (has('resume-sign-ins')) {
    add('stop-sign-ins', -5);
    add('continue-sign-in', -4);
    add('lift-quarantine', -4);
  }
  if (has('stop-sign-ins') && mood.question) add('stop-sign-ins', -3);
  if (has('stop-sign-ins')) add('blocked-sites', -3);
  if (has('lift-quarantine')) add('blocked-sites', -2);
  if (has('undo-mark')) {
    for (const topic of [
      'mark-arrived',
      'mark-shipped',
      'mark-powered-on',
      'status',
      'history',
    ] as const) {
      add(topic, -3);
    }
  }
  if (has('unexpected')) {
    add('pending-sign-ins', -3);
    add('start-sign-in', -3);
    add('explain-error', -1.5);
  }
  if (has('continue-sign-in') || has('hand-over')) add('start-sign-in', -2.5);
  if (has('get-kit')) {
    add('status', /ください|ほしい|欲し|want|need|get|give|送/.test(masked) ? -3 : 0);
    add('mark-shipped', -2);
    add('replace-machine', -1);
  }
  if (has('replace-machine')) {
    add('status', -1.5);
    if (!somewhere && !/サーバー|機器|マシン|本体|server|machine/.test(masked))
      add('replace-machine', -2);
  }
  if ((table.get('who-am-i') ?? 0) >= 3) {
    add('my-work', -1.5);
    add('responsible-engineer', -2.5);
  }
}

/** 「明日届きます」, "will arrive": nothing to mark yet. */
function isFuture(masked: string, deed: Topic): boolean {
  if (deed !== 'mark-arrived') return false;
  return (
    /(?:届き|届く|到着し|到着|着き|着く)(?:ます|予定|する|はず|そう|見込)|(?:明日|来週|明後日|あした)/.test(
      masked,
    ) ||
    /(?<![a-z])(?:will|going to|should|expected|arrives?|arriving|tomorrow|next week)(?![a-z])/.test(
      masked,
    )
  );
}

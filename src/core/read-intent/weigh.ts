import type { Topic } from './cue.ts';
import type { Mood } from './mood.ts';
import type { Named } from './named.ts';
import type { Votes } from './votes.ts';
import { weighSignIns } from './weigh-sign-ins.ts';

/** Everything beside the words themselves that decides between intents. */
export interface Sentence {
  readonly found: Named;
  readonly mood: Mood;
  readonly masked: string;
  /** A server is named, or what looks like one. */
  readonly oneMachine: boolean;
  /** A server or a site is named. */
  readonly somewhere: boolean;
  /** Asks to be told, and asks for nothing to be done. */
  readonly asks: boolean;
}

/** What the names in a sentence and its mood do to the votes of its words. */
export function weigh(votes: Votes, found: Named, mood: Mood, masked: string): void {
  const oneMachine = found.machines.length > 0 || found.strangers.length > 0;
  const somewhere = oneMachine || found.sites.length > 0;
  const asks = mood.question && !mood.request;
  const sentence = { found, mood, masked, oneMachine, somewhere, asks };
  weighMarks(votes, sentence);
  weighLists(votes, sentence);
  weighExtensions(votes, sentence);
  weighAddresses(votes, sentence);
  weighCommands(votes, sentence);
  weighSignIns(votes, sentence);
  weighPeople(votes, sentence);
  weighErrors(votes, sentence);
  weighFiles(votes, sentence);
}

/** A deed that is asked about, or has not happened, asks where the thing is. */
function weighMarks(votes: Votes, { found, mood, masked, somewhere, asks }: Sentence): void {
  const broad = found.area !== undefined || found.wave !== undefined;
  if (somewhere || broad) votes.add(0.9, 'status');
  if (somewhere) votes.add(0.5, 'next-step');
  for (const deed of ['mark-arrived', 'mark-shipped', 'mark-powered-on'] as const) {
    if (mood.asksHow && !somewhere) votes.drop(deed);
    else if (asks || mood.negated || (deed === 'mark-arrived' && isFuture(masked))) {
      votes.move(deed, 'status', somewhere ? 3 : 1.8);
    }
  }
  if (votes.has('mark-powered-on')) votes.add(-1.5, 'status');
  if (votes.has('undo-mark')) {
    votes.add(-3, 'mark-arrived', 'mark-shipped', 'mark-powered-on', 'status', 'history');
  }
  if (votes.has('retire-machine')) {
    if (asks || mood.negated) votes.move('retire-machine', 'status', 3.4);
    else votes.add(-1.5, 'status', 'replace-machine');
  }
  if (votes.has('set-serial')) {
    if (asks || mood.negated) votes.move('set-serial', 'status', 3.4);
    else votes.add(-3, 'status', 'replace-machine');
  }
  if (!votes.has('replace-machine')) return;
  if (asks) votes.add(-1.5, 'replace-machine');
  votes.add(-1.5, 'status');
  const ofOurs = somewhere || /サーバー|機器|マシン|本体|server|machine/.test(masked);
  if (!ofOurs) votes.add(-2, 'replace-machine');
}

/** 「明日届きます」, "will arrive": nothing to mark yet. */
function isFuture(masked: string): boolean {
  return (
    /(?:届[きく]|到着し?|着[きく])(?:ます|予定|する|はず|そう|見込)/.test(masked) ||
    /明日|来週|明後日|あした/.test(masked) ||
    /(?<![a-z])(?:will|going to|should|expected|arrives?|arriving|tomorrow|next week)(?![a-z])/.test(
      masked,
    )
  );
}

/** Of one server a state is its status; of many it is a list. */
function weighLists(votes: Votes, { found, mood, masked, oneMachine }: Sentence): void {
  if (votes.has('disconnected-machines')) {
    votes.drop('start-sign-in');
    if (oneMachine) votes.move('disconnected-machines', 'status', 3.4);
    else if (found.sites.length > 0 && !mood.asksWhich) {
      votes.add(-1.6, 'disconnected-machines');
      votes.raise('network-check', 2.3);
    } else votes.add(-2.5, 'status');
  }
  const asksForSites = /どの|どれ|どこ|拠点|サイト|which|sites/.test(masked);
  for (const topic of ['blocked-sites', 'late-sites'] as const) {
    if (!votes.has(topic)) continue;
    if (oneMachine || (found.sites.length > 0 && !asksForSites)) votes.move(topic, 'status', 3.2);
    else votes.add(-2.5, 'status');
  }
  if (votes.has('alerts-here')) votes.add(-4, 'open-alerts');
  if (votes.has('open-alerts')) {
    votes.add(-1.5, 'status');
    if (/対応(?:し|いた)(?:ます|ました)/.test(masked)) votes.add(-1.5, 'open-alerts');
    else votes.add(-2, 'acknowledge');
  }
  if (votes.has('history')) {
    votes.add(-1.5, 'status');
    votes.add(-2, 'mark-arrived', 'mark-shipped', 'responsible-engineer');
  }
}

function weighExtensions(votes: Votes, sentence: Sentence): void {
  const { found, mood, masked, oneMachine, somewhere, asks } = sentence;
  const named = found.extensions.length > 0;
  if (votes.has('missing-extension')) {
    if (!named && !/拡張|エージェント|extension|agents?(?![a-z])/.test(masked)) {
      votes.drop('missing-extension');
    } else if (oneMachine) {
      votes.move('missing-extension', 'extension-state', 3.5);
    } else if (mood.negated || LACKING.test(masked)) votes.add(1.5, 'missing-extension');
  }
  if (!named && !/拡張|エクステンション|extension/.test(masked)) votes.drop('extension-state');
  if (!votes.has('extension-state')) {
    votes.drop('repair-extension');
    return;
  }
  const broad = found.area !== undefined || found.wave !== undefined;
  votes.add(somewhere || broad ? 0.8 : 0.2, 'extension-state');
  votes.add(-2.5, 'status');
  if (asks) votes.add(-1, 'repair-extension');
  else if (votes.of('repair-extension') >= 3) votes.add(-2, 'extension-state');
}

const LACKING = /欠け|足り|不足|漏れ|抜け|忘れ|なし|ない|lack|miss|without|no |need/;
const ADDRESS = /url|通信|許可|エンドポイント|宛先|ポート|allow|endpoint|address|port|host/;
const FAILING = /fail|失敗|届か|通ら|つながら|ng|だめ|ダメ|落ち|unreach|blocked/;

function weighAddresses(votes: Votes, { found, masked, asks }: Sentence): void {
  if (votes.has('endpoint-requirements')) {
    const aboutAddresses = ADDRESS.test(masked);
    if (votes.has('proxy-command') && found.route && aboutAddresses) {
      votes.add(1.5, 'endpoint-requirements');
      votes.add(-2, 'proxy-command');
    }
    if (found.extensions.length > 0 && aboutAddresses) {
      votes.add(1.5, 'endpoint-requirements');
      votes.add(-1.5, 'extension-state');
      votes.drop('missing-extension');
    }
    if (votes.has('network-check') && FAILING.test(masked)) {
      votes.add(1.5, 'network-check');
      votes.add(-2.5, 'endpoint-requirements');
      votes.drop('disconnected-machines', 'blocked-sites');
      votes.add(-1.5, 'explain-error');
    }
  }
  if (votes.has('run-check')) {
    votes.add(-2.5, 'network-check');
    if (asks && /結果|result/.test(masked)) votes.add(-3, 'run-check');
  }
  if (votes.has('network-check')) votes.add(-1.8, 'status');
}

function weighCommands(votes: Votes, { masked }: Sentence): void {
  if (!votes.has('connect-command')) return;
  if (/コマンド|スクリプト|手順|方法|やり方|仕方|command|script|azcmagent|how/.test(masked)) {
    votes.drop('start-sign-in');
    votes.add(-1.5, 'next-step');
  }
  if (votes.has('proxy-command') && /プロキシ|proxy|バイパス|bypass/.test(masked)) {
    votes.add(1, 'proxy-command');
    votes.add(-2, 'connect-command');
  }
  if (!/コマンド|command|設定|setting/.test(masked)) votes.add(-1, 'proxy-command');
}

function weighPeople(votes: Votes, { mood, masked, somewhere }: Sentence): void {
  if (votes.of('my-work') >= 3) {
    votes.add(-3, 'responsible-engineer');
    votes.add(-2, 'next-step');
    votes.add(-1.5, 'status');
    votes.add(-1, 'explain-error');
    if (votes.has('who-am-i')) votes.add(-1, 'pending-sign-ins');
  }
  if (votes.of('responsible-engineer') >= 2.4) votes.add(-1.5, 'my-work');
  if (votes.has('ask-person')) {
    if (!somewhere) votes.add(-1.5, 'next-step');
    votes.add(-1.5, 'help', 'my-work', 'hand-over');
    const asksWho = mood.question && /誰|どなた|who/.test(masked);
    votes.add(asksWho ? 0.5 : -2, 'responsible-engineer');
    if (votes.of('explain-error') >= 3) {
      const wantsTalk = /助け|電話|話し|(?<![a-z])(?:call|talk|speak)/.test(masked);
      votes.add(-1.5, wantsTalk ? 'explain-error' : 'ask-person');
    }
  }
  if (somewhere) votes.add(-1, 'help');
  if (votes.of('who-am-i') >= 3) {
    votes.add(-1.5, 'my-work');
    votes.add(-2.5, 'responsible-engineer');
  }
}

function weighErrors(votes: Votes, { found, mood, masked }: Sentence): void {
  if (!votes.has('explain-error')) return;
  if (found.error !== undefined) {
    if (!/コマンド|command/.test(masked)) votes.add(-4, 'connect-command');
    votes.add(-2, 'status', 'next-step', 'network-check', 'ask-person', 'blocked-sites');
  }
  if (votes.of('explain-error') >= 3) votes.add(-1, 'next-step');
  if (/拠点|サイト|sites/.test(masked) && mood.asksWhich) votes.add(-2, 'explain-error');
}

/** What a file is to hold does not say what is wanted of it. */
const EXPORTED: readonly Topic[] = [
  'status',
  'history',
  'late-sites',
  'blocked-sites',
  'endpoint-requirements',
  'my-work',
  'extension-state',
  'missing-extension',
  'open-alerts',
];

function weighFiles(votes: Votes, { masked }: Sentence): void {
  if (votes.has('export')) votes.add(-3, ...EXPORTED);
  if (!votes.has('get-kit')) return;
  if (/ください|ほしい|欲し|want|need|get|give|送/.test(masked)) votes.add(-3, 'status');
  votes.add(-2, 'mark-shipped');
  votes.add(-1, 'replace-machine');
}

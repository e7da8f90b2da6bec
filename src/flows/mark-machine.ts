import { type Deed, may } from '../core/authority.ts';
import type { Marks } from '../core/evidence.ts';
import type { MachineName } from '../core/ids.ts';
import type { Card, Notice, NoticeOf } from '../core/notice.ts';
import type { AuditRow, Tx } from '../core/ports.ts';
import type { Machine, Person, RollOut } from '../core/roll-out.ts';
import type { Press } from '../core/turn.ts';
import { type ConfirmedDeed, DEED_OF } from './answers/changes.ts';
import type { AnswerDeps } from './answers/deps.ts';
import { nameOfPerson, nameOfSite } from './names.ts';
import { closeKeys } from './quarantine.ts';

type MarkDeps = Pick<AnswerDeps, 'store' | 'clock' | 'signIns' | 'machineClosed'>;
type Mark = Exclude<ConfirmedDeed, 'start-sign-in'>;

/** Which mark a deed sets, under which name it is audited, and how it is told. */
const MARKS = {
  'mark-shipped': { mark: 'shippedAt', event: 'marked-shipped', told: 'shipped' },
  'mark-arrived': { mark: 'arrivedAt', event: 'marked-arrived', told: 'arrived' },
  'mark-powered-on': { mark: 'poweredOnAt', event: 'marked-powered-on', told: 'powered-on' },
  'replace-machine': { mark: 'replacedAt', event: 'machine-replaced', told: 'replaced' },
  'retire-machine': { mark: 'retiredAt', event: 'machine-retired', told: 'retired' },
} as const satisfies Record<
  Mark,
  { mark: keyof Marks; event: string; told: NoticeOf<'marked'>['what'] }
>;

/**
 * The button `confirm` of a question's card: does what the card asked, once. Whether this person may is
 * decided now, not when the question was put. Undefined: not a card of this room.
 */
export async function confirmMark(
  deps: MarkDeps,
  press: Press,
  card: Card,
): Promise<Notice | undefined> {
  if (press.button !== 'confirm') return undefined;
  if (card.notice.kind === 'marked') return card.notice;
  if (card.notice.kind !== 'confirm') return undefined;
  const { what } = card.notice;
  if (what === 'start-sign-in') return openConfirmed(deps, press.person, card);
  return deps.store.write((tx) => mark(tx, deps, press.person, card, what));
}

async function mark(
  tx: Tx,
  deps: MarkDeps,
  person: Person,
  { id }: Card,
  what: Mark,
): Promise<Notice> {
  const now = deps.clock.now();
  const rollOut = await tx.rollOut();
  const kept = (await tx.cards.get(id))?.notice;
  // Pressed twice: the card already says what was done.
  if (kept?.kind === 'marked') return kept;
  if (kept?.kind !== 'confirm') return { kind: 'refusal', reason: 'card-gone' };
  const machines = kept.machines.flatMap((name) => rollOut.machine(name) ?? []);
  const [first] = machines;
  if (!first) return { kind: 'refusal', reason: 'machine-unknown' };
  const forbidden = machines.find((machine) => !mayDo(rollOut, person, DEED_OF[what], machine));
  if (forbidden) return { kind: 'refusal', reason: 'not-allowed', machine: forbidden.name };

  const { event, told, mark: name } = MARKS[what];
  for (const machine of machines) {
    await tx.evidence.mark(machine.name, { [name]: now });
    if (CLOSES_KEYS.has(what)) await closeKeys(tx, hooksOf(deps), machine.name);
    const about = { by: person.key, machine: machine.name, site: machine.site };
    await tx.audit.append({ at: now, event, ...about, facts: {} });
  }
  const notice = marked(rollOut, told, machines, person, now);
  await tx.cards.update(id, notice, now);
  return notice;
}

/** Each sign-in has its own card; the question's card only stops asking. Told is what was refused, if all were. */
async function openConfirmed(deps: MarkDeps, person: Person, card: Card): Promise<Notice> {
  if (card.notice.kind !== 'confirm') return { kind: 'refusal', reason: 'card-gone' };
  const answers: Notice[] = [];
  for (const machine of card.notice.machines) {
    answers.push((await deps.signIns.open(person, machine)).notice);
  }
  const opened = answers.find((notice) => notice.kind !== 'refusal');
  if (!opened) return answers[0] ?? { kind: 'refusal', reason: 'machine-unknown' };
  const asked = { ...card.notice, pending: false };
  await deps.store.write((tx) => tx.cards.update(card.id, asked, deps.clock.now()));
  return opened;
}

/** Such a server's keys are worth nothing from now on; `replace --serial` gives a successor its token. */
const CLOSES_KEYS: ReadonlySet<Mark> = new Set(['replace-machine', 'retire-machine']);

function hooksOf({ machineClosed = async () => {} }: MarkDeps) {
  return { machineClosed };
}

const UNDO_MS = 24 * 60 * 60 * 1000;
const LOOKED_THROUGH = 500;

/**
 * Takes the last mark back, of the machines named or else the asker's own last one with all it marked at
 * once; within 24 hours, by whoever may make that mark.
 */
export async function undoMark(
  tx: Tx,
  deps: Pick<AnswerDeps, 'clock'>,
  person: Person,
  named: readonly MachineName[],
): Promise<Notice> {
  const now = deps.clock.now();
  const rollOut = await tx.rollOut();
  const recent = await recentMarks(tx, now);
  const last = recent.find((row) =>
    named.length > 0 ? row.machine && named.includes(row.machine) : row.by === person.key,
  );
  if (!last) return { kind: 'refusal', reason: 'nothing-to-undo' };
  const together = recent.filter(
    (row) =>
      row.event === last.event &&
      row.by === last.by &&
      row.at.getTime() === last.at.getTime() &&
      (named.length === 0 || (row.machine && named.includes(row.machine))),
  );
  const what = deedOfEvent(last.event);
  const machines = together
    .toReversed()
    .flatMap((row) => (row.machine && rollOut.machine(row.machine)) ?? []);
  const forbidden = machines.find((machine) => !mayDo(rollOut, person, DEED_OF[what], machine));
  if (forbidden) return { kind: 'refusal', reason: 'not-allowed', machine: forbidden.name };
  for (const machine of machines) {
    await tx.evidence.mark(machine.name, { [MARKS[what].mark]: null });
    await tx.audit.append({
      at: now,
      event: 'mark-undone',
      by: person.key,
      machine: machine.name,
      site: machine.site,
      facts: { undone: last.event },
    });
  }
  return marked(rollOut, 'undone', machines, person, now);
}

/** Marks of the last 24 hours that still stand, newest first. */
async function recentMarks(tx: Tx, now: Date): Promise<readonly AuditRow[]> {
  const rows = (await tx.audit.list({ limit: LOOKED_THROUGH })).filter(
    (row) => now.getTime() - row.at.getTime() <= UNDO_MS && isMarkEvent(row.event),
  );
  const standing: AuditRow[] = [];
  for (const row of rows.toReversed()) {
    if (!row.machine) continue;
    const { marks } = await tx.evidence.of(row.machine);
    const at = marks[MARKS[deedOfEvent(row.event)].mark];
    if (at?.getTime() === row.at.getTime()) standing.push(row);
  }
  return standing;
}

function isMarkEvent(event: string): boolean {
  return Object.values(MARKS).some((one) => one.event === event);
}

function deedOfEvent(event: string): Mark {
  const found = Object.entries(MARKS).find(([, one]) => one.event === event);
  return (found?.[0] ?? 'mark-shipped') as Mark;
}

function mayDo(rollOut: RollOut, person: Person, deed: Deed, machine: Machine): boolean {
  return may({ kind: 'person', person }, deed, rollOut.siteOf(machine));
}

function marked(
  rollOut: RollOut,
  what: NoticeOf<'marked'>['what'],
  machines: readonly Machine[],
  by: Person,
  at: Date,
): NoticeOf<'marked'> {
  const [first] = machines;
  const site = first && rollOut.siteOf(first);
  const oneSite = machines.every((machine) => machine.site === first?.site);
  return {
    kind: 'marked',
    what,
    machines: machines.map((machine) => machine.name),
    ...(site && oneSite && { site: nameOfSite(site) }),
    by: nameOfPerson(by),
    markedAt: at,
  };
}

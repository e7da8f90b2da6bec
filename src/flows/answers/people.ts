import { may } from '../../core/authority.ts';
import type { CardId } from '../../core/ids.ts';
import type { Choice } from '../../core/intent.ts';
import type { HistoryRow, NoticeOf } from '../../core/notice.ts';
import type { ReadTx, Tx } from '../../core/ports.ts';
import type { Person, Role, Site } from '../../core/roll-out.ts';
import { nameOfPerson, nameOfSite, personName, siteName } from '../names.ts';
import { type AnswerDeps, type Answered, refuse } from './deps.ts';
import { capped, maySee, ownSites, type Scene, saysWhere, visibleSites } from './scene.ts';

export function answerResponsible(scene: Scene): Answered {
  const sites = placesAsked(scene);
  const [hidden] = scene.slots.sites ?? [];
  if (sites.length === 0 && hidden) {
    return refuse('not-your-site', { site: siteName(scene.rollOut, hidden) });
  }
  const { rows, more } = capped(sites);
  return {
    notice: {
      kind: 'responsible',
      rows: rows.map((site) => responsibleRow(scene, site)),
      ...(more && { more }),
    },
  };
}

function responsibleRow({ rollOut }: Scene, site: Site): NoticeOf<'responsible'>['rows'][number] {
  const engineer = site.engineer && personName(rollOut, site.engineer);
  const deputy = site.deputy && personName(rollOut, site.deputy);
  const onDuty = site.onDuty && personName(rollOut, site.onDuty);
  return {
    site: nameOfSite(site),
    ...(engineer && { engineer }),
    ...(deputy && { deputy }),
    ...(onDuty && { onDuty }),
    ...(site.away && { away: site.away }),
  };
}

function placesAsked(scene: Scene): readonly Site[] {
  const { rollOut, slots } = scene;
  const ofMachines = (slots.machines ?? []).flatMap((name) => {
    const machine = rollOut.machine(name);
    return (machine && rollOut.siteOf(machine)) ?? [];
  });
  if (ofMachines.length > 0) return [...new Set(ofMachines)].filter((site) => maySee(scene, site));
  return saysWhere(slots)
    ? visibleSites(scene)
    : ownSites(scene).filter((site) => maySee(scene, site));
}

const ASKED_AGAIN_MS = 10 * 60 * 1000;

/** Someone wants to be called: the site's engineer gets a card, the asker a name and a number. */
export async function answerAskPerson(
  scene: Scene,
  tx: Tx | undefined,
  deps: AnswerDeps,
): Promise<Answered> {
  const { person, rollOut, now } = scene;
  const [site] = placesAsked(scene);
  const engineer = whoHelps(scene, site);
  if (!person || !tx) {
    return { notice: { kind: 'responsible', rows: site ? [responsibleRow(scene, site)] : [] } };
  }
  const told = {
    kind: 'ask-person',
    asker: nameOfPerson(person),
    ...(engineer && { engineer: nameOfPerson(engineer) }),
    ...(site && person.role === 'site-staff' && { site: nameOfSite(site) }),
    askedAt: now,
  } as const;
  if (engineer && !(await wasJustAsked(tx, engineer, person, now))) {
    const card = deps.random.id() as CardId;
    const notice = { ...told, side: 'engineer' } as const;
    await tx.cards.post(card, { kind: 'person', person: engineer.key }, notice, now);
    await tx.audit.append({
      at: now,
      event: 'person-asked',
      by: person.key,
      ...(site && rollOut.site(site.code) && { site: site.code }),
      facts: { asked: engineer.key },
    });
  }
  return { notice: { ...told, side: 'asker' } };
}

/** The engineer of the place, else a lead; never the asker. */
function whoHelps({ rollOut, person }: Scene, site: Site | undefined): Person | undefined {
  const candidates = [
    ...[site?.onDuty, site?.engineer, site?.deputy].flatMap(
      (key) => (key && rollOut.person(key)) ?? [],
    ),
    ...rollOut.leads(),
  ].filter((one) => one.key !== person?.key);
  const isThere = (one: Person): boolean => !site?.away?.includes(one.key);
  return candidates.find(isThere) ?? candidates[0];
}

async function wasJustAsked(tx: ReadTx, whom: Person, by: Person, now: Date): Promise<boolean> {
  const cards = await tx.cards.list({ kind: 'person', person: whom.key }, { limit: 20 });
  return cards.some(
    ({ notice, createdAt }) =>
      notice.kind === 'ask-person' &&
      notice.asker.key === by.key &&
      now.getTime() - createdAt.getTime() < ASKED_AGAIN_MS,
  );
}

export async function answerHistory(scene: Scene, tx: ReadTx): Promise<Answered> {
  const { rollOut, slots } = scene;
  const [machine] = slots.machines ?? [];
  const [place] = placesAsked(scene);
  const named = machine !== undefined || slots.sites !== undefined;
  if (named && !place) {
    const code = slots.sites?.[0] ?? (machine && rollOut.machine(machine)?.site);
    return refuse('not-your-site', code ? { site: siteName(rollOut, code) } : {});
  }
  if (!named && !may(scene.message.asker, 'see-everything')) {
    const own = ownSites(scene);
    if (own.length !== 1) {
      return refuse('site-needed', { choices: own.map((one) => one.name) });
    }
  }
  const site = machine === undefined && (named || place) ? place : undefined;
  const everything = !named && may(scene.message.asker, 'see-everything');
  const limit = 200;
  const kept = await tx.audit.list({
    limit,
    ...(machine && { machine }),
    ...(!everything && site && { site: site.code }),
  });
  const rows: HistoryRow[] = kept.toReversed().map((row) => {
    const by = row.by === undefined ? undefined : rollOut.person(row.by);
    return {
      at: row.at,
      event: row.event,
      ...(row.machine && { machine: row.machine }),
      ...(by && { by: nameOfPerson(by) }),
    };
  });
  const shown = capped(rows);
  return {
    notice: {
      kind: 'history',
      ...(machine && { machine }),
      ...(!everything && site && { site: nameOfSite(site) }),
      rows: shown.rows,
      ...(shown.more && { more: shown.more }),
    },
  };
}

export function answerExport(scene: Scene): Answered {
  if (!may(scene.message.asker, 'export')) return refuse('not-allowed');
  const said = scene.message.text.normalize('NFKC').toLowerCase();
  const format = said.includes('csv') ? 'csv' : said.includes('json') ? 'json' : 'xlsx';
  const rows = visibleSites(scene).flatMap((site) => scene.rollOut.machinesAt(site.code)).length;
  return { notice: { kind: 'export', format, rows } };
}

export function answerHelp(scene: Scene): Answered {
  return { notice: { kind: 'help', role: roleOf(scene) } };
}

export function answerWhoAmI(scene: Scene): Answered {
  const { person } = scene;
  if (!person) return answerHelp(scene);
  const sites = person.role === 'site-staff' || person.role === 'engineer' ? ownSites(scene) : [];
  return {
    notice: {
      kind: 'who-are-you',
      ...(person.aadObjectId !== undefined && { aadObjectId: person.aadObjectId }),
      person: nameOfPerson(person),
      role: person.role,
      sites: sites.slice(0, 20).map(nameOfSite),
    },
  };
}

export function answerUnknown(scene: Scene): Answered {
  return {
    notice: { kind: 'unknown', suggestions: SUGGESTIONS[scene.lang](roleOf(scene), scene) },
  };
}

function roleOf({ person }: Scene): Role {
  return person?.role ?? 'auditor';
}

/** Sentences that work for this reader, with a place of theirs in them. */
const SUGGESTIONS = {
  ja: (role: Role, scene: Scene): Choice[] => {
    const site = ownSites(scene)[0]?.name;
    const own = site ? [`${site}の状況は?`, `${site}の次の手順は?`] : [];
    const more =
      role === 'site-staff'
        ? ['担当者と話したい', '使い方']
        : ['止まっている拠点は?', '私の待ちを見せて', '使い方'];
    return [...own, ...more].map(asChoice);
  },
  en: (role: Role, scene: Scene): Choice[] => {
    const site = ownSites(scene)[0]?.nameEn;
    const own = site ? [`status of ${site}`, `what's next for ${site}?`] : [];
    const more =
      role === 'site-staff'
        ? ['please call me', 'help']
        : ['which sites are blocked?', 'what is waiting for me?', 'help'];
    return [...own, ...more].map(asChoice);
  },
} as const;

function asChoice(text: string): Choice {
  return { label: text, text };
}

import type { ExtensionState, MachineSummary } from '../core/site-status.ts';
import type { Reader, Row } from './page.ts';
import { BLOCK, HISTORY, LAMP, LAMP_OF, OWNER, SIGN_IN_STATE, STAGE } from './text/labels.ts';
import { STATUS } from './text/status.ts';
import { dateOf } from './times.ts';
import { bold, joined, say, subtle, type Words } from './words.ts';

/** One machine in two or three short lines: stage, what blocks it, its extensions. */
export function machineRow(machine: MachineSummary, reader: Reader): Row {
  const { lang } = reader;
  const under: Words[] = [];
  if (machine.block !== undefined) under.push(...blockLines(machine, reader));
  if (machine.openSignIn !== undefined) {
    under.push(STATUS.signInOpen[lang](SIGN_IN_STATE[machine.openSignIn][lang]));
  }
  if (machine.lastSafeAt !== undefined) {
    under.push(STATUS.lastSafe[lang](dateOf(machine.lastSafeAt, reader)));
  }
  if (machine.status !== 'not-in-azure') under.push(...lampLines(machine.extensions, reader));
  return { words: say`${bold(machine.machine)}  ${stageWords(machine, reader)}`, under };
}

export function stageWords(machine: MachineSummary, { lang }: Reader): Words {
  if (machine.history !== undefined) return subtle(HISTORY[machine.history][lang]);
  const mark = machine.block !== undefined ? '⛔ ' : machine.stage === 'done' ? '✅ ' : '';
  return say`${mark}${STAGE[machine.stage][lang]}`;
}

export function blockLines({ block }: MachineSummary, { lang }: Reader): Words[] {
  if (block === undefined) return [];
  const what = BLOCK[block.reason][lang];
  const detail =
    block.detail !== undefined && block.reason.startsWith('extension') ? ` (${block.detail})` : '';
  return [say`${what}${detail}`, STATUS.blocked[lang](OWNER[block.owner][lang])];
}

/** One line when all is well, else one each. */
function lampLines(states: readonly ExtensionState[], reader: Reader): Words[] {
  const fine = states.every(
    (state) => state.installed === 'ok' && state.configured === 'ok' && state.dataSeen === 'ok',
  );
  if (!fine) return states.map(lampLine(reader));
  return states.length === 0
    ? []
    : [
        joined(
          states.map(({ extension }) => say`${extension} ✅`),
          '  ',
        ),
      ];
}

/** `MDE  導入✅ 設定✅ データ❔未確認`. */
export function lampLine({ lang }: Reader): (state: ExtensionState) => Words {
  return (state) => {
    const lamps = (['installed', 'configured', 'dataSeen'] as const).map(
      (lamp) => say`${LAMP_OF[lamp][lang]}${lang === 'en' ? ' ' : ''}${LAMP[state[lamp]][lang]}`,
    );
    return say`${bold(state.extension)}  ${joined(lamps, lang === 'ja' ? ' ' : ', ')}`;
  };
}

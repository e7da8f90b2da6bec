import type { Person } from '../../core/roll-out.ts';
import { setSerial } from '../replace.ts';
import { oneMachine } from './checks.ts';
import { type AnswerDeps, type Answered, refuse } from './deps.ts';
import type { Scene } from './scene.ts';

/** What follows the word: at least one digit, as serials have, so that a plain word is none. */
const SERIAL =
  /(?:シリアル(?:番号|ナンバー)?|製造番号|serial(?:[ -]?(?:number|no\.?))?)(.{0,80})/iu;
const VALUE =
  /(?<![A-Za-z0-9_./-])(?=[A-Za-z_./-]{0,40}\d)[A-Za-z0-9](?:[A-Za-z0-9_./-]{2,60}[A-Za-z0-9])/g;

/** 「SV-NGY-01の新しいシリアルは JP26009999 です」: the successor of a replaced server may enrol. */
export async function answerSetSerial(
  scene: Scene,
  deps: AnswerDeps,
  person: Person,
): Promise<Answered> {
  const one = oneMachine(scene);
  if ('notice' in one) return one;
  const { machine } = one;
  const serial = serialIn(scene.message.text, machine.name);
  if (serial === undefined) return refuse('serial-needed', { machine: machine.name });
  return {
    notice: await deps.store.write((tx) => setSerial(tx, deps, { machine, serial, by: person })),
  };
}

function serialIn(text: string, machine: string): string | undefined {
  const after = SERIAL.exec(text.normalize('NFKC'))?.[1] ?? '';
  const found = after.match(VALUE) ?? [];
  return found.find((word) => word.toLowerCase() !== machine.toLowerCase());
}

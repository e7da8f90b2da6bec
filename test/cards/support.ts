import { SAMPLE_NOW, SAMPLE_TIME_ZONE } from '../../cards/samples.ts';
import type { DrawOptions } from '../../src/cards/draw.ts';
import type { CardId } from '../../src/core/ids.ts';

export const KEPT: DrawOptions = {
  lang: 'ja',
  now: SAMPLE_NOW,
  timeZone: SAMPLE_TIME_ZONE,
  reveal: 'card',
  card: { id: 'card-1' as CardId, nonce: (button) => `nonce-${button}` },
};

export type Json = Record<string, unknown>;

/** Every object of a card, with the key it stands under. */
export function* objectsOf(value: unknown, under = ''): Generator<{ object: Json; under: string }> {
  if (Array.isArray(value)) {
    for (const item of value) yield* objectsOf(item, under);
  } else if (typeof value === 'object' && value !== null) {
    yield { object: value as Json, under };
    for (const [key, item] of Object.entries(value)) yield* objectsOf(item, key);
  }
}

export function bytesOf(card: unknown): number {
  return Buffer.byteLength(JSON.stringify(card));
}

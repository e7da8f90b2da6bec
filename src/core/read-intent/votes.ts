import type { Topic } from './cue.ts';

/** Points for each intent, and what names and mood do to them. Only what has points can win or lose some. */
export class Votes {
  readonly #points: Map<Topic, number>;

  constructor(points: ReadonlyMap<Topic, number>) {
    this.#points = new Map(points);
  }

  of(topic: Topic): number {
    return this.#points.get(topic) ?? 0;
  }

  has(topic: Topic): boolean {
    return this.of(topic) > 0;
  }

  add(points: number, ...topics: readonly Topic[]): void {
    for (const topic of topics) {
      if (this.has(topic)) this.#points.set(topic, Math.max(0, this.of(topic) + points));
    }
  }

  drop(...topics: readonly Topic[]): void {
    for (const topic of topics) this.#points.delete(topic);
  }

  /** At least so many, even where no word spoke for it. */
  raise(topic: Topic, points: number): void {
    this.#points.set(topic, Math.max(this.of(topic), points));
  }

  /** What was said of the one is really about the other. */
  move(from: Topic, to: Topic, points: number): void {
    if (!this.has(from)) return;
    this.drop(from);
    this.raise(to, points);
  }

  ranked(): readonly (readonly [Topic, number])[] {
    return [...this.#points].sort(([, a], [, b]) => b - a);
  }
}

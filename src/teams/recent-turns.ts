/**
 * Turns of the last messages, so that a message delivered again while, or after, it was answered is not
 * answered twice. A failed turn is forgotten: its repeat is the one that may succeed.
 */
export class RecentTurns<T> {
  readonly #turns = new Map<string, Promise<T>>();
  readonly #size: number;

  constructor(size = 1_000) {
    this.#size = size;
  }

  once(key: string, turn: () => Promise<T>): Promise<T> {
    const known = this.#turns.get(key);
    if (known !== undefined) return known;
    const [oldest] = this.#turns.keys();
    if (this.#turns.size >= this.#size && oldest !== undefined) this.#turns.delete(oldest);
    const running = turn();
    this.#turns.set(key, running);
    running.catch(() => this.#turns.delete(key));
    return running;
  }
}

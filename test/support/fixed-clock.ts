import type { Clock } from '../../src/core/ports.ts';

/** A clock that stands until a test moves it. */
export class FixedClock implements Clock {
  #now: Date;

  constructor(start: Date | string = '2026-11-25T01:00:00Z') {
    this.#now = new Date(start);
  }

  now(): Date {
    return new Date(this.#now);
  }

  set(to: Date | string): void {
    this.#now = new Date(to);
  }

  forward(ms: number): void {
    this.#now = new Date(this.#now.getTime() + ms);
  }
}

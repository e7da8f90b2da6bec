import type { Store } from './core/ports.ts';

/** A store that says when something was written: what went into the outbox goes out at once. */
export interface WakingStore extends Store {
  onWrite(listener: () => void): void;
}

export function wakingStore(store: Store): WakingStore {
  let tell = (): void => undefined;
  return {
    outbox: store.outbox,
    read: (work) => store.read(work),
    async write(work) {
      const result = await store.write(work);
      tell();
      return result;
    },
    close: () => store.close(),
    onWrite(listener) {
      tell = listener;
    },
  };
}

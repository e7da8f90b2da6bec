import type { ReadTx, Store, Tx } from '../core/ports.ts';
import type { RollOut } from '../core/roll-out.ts';
import { Alerts } from './alerts.ts';
import { Audit } from './audit.ts';
import { Cards } from './cards.ts';
import { Conversations } from './conversations.ts';
import { DutyTables } from './duty.ts';
import type { Db, Engine } from './engine.ts';
import { EvidenceTables } from './evidence.ts';
import { Kits } from './kits.ts';
import { Outbox } from './outbox.ts';
import { Repairs } from './repairs.ts';
import { loadRollOut, RollOutCache, RollOutTables } from './roll-out-rows.ts';
import { Settings } from './settings.ts';
import { SignIns } from './sign-ins.ts';
import { TimerTable } from './timers.ts';

export function createStore(engine: Engine): Store {
  const cache = new RollOutCache();
  return {
    read: (work) => engine.read((db) => work(transaction(db, cache) satisfies ReadTx)),
    write: (work) => engine.write((db) => work(transaction(db, cache))),
    outbox: new Outbox(engine),
    close: () => engine.close(),
  };
}

function transaction(db: Db, cache: RollOutCache): Tx {
  let changed = false;
  // Rows that may still be rolled back never reach the cache.
  const rollOut = (): Promise<RollOut> => (changed ? loadRollOut(db) : cache.get(db));
  return {
    rollOut,
    rows: new RollOutTables(db, () => {
      changed = true;
    }),
    evidence: new EvidenceTables(db, rollOut),
    signIns: new SignIns(db),
    kits: new Kits(db),
    cards: new Cards(db),
    alerts: new Alerts(db),
    conversations: new Conversations(db),
    audit: new Audit(db),
    settings: new Settings(db),
    timers: new TimerTable(db),
    repairs: new Repairs(db),
    duty: new DutyTables(db),
  };
}

import process from 'node:process';
import { openStore } from '../../src/store/open.ts';

// Writes row after row and says each one aloud once it is kept, until someone kills this process.
const [dataDir = '', first = '0'] = process.argv.slice(2);
const store = await openStore({ kind: 'sqlite', dataDir }, { clock: { now: () => new Date() } });
for (let number = Number(first); ; number += 1) {
  await store.write(async (tx) => {
    await tx.settings.set(`row-${number}`, String(number));
    await tx.audit.append({ at: new Date(), event: 'row', facts: { number } });
  });
  process.stdout.write(`${number}\n`);
}

import { startSimulatedAzure } from '../src/sim/azure.ts';
import { putMachine } from '../test/azure/given.ts';
import { MACHINES } from './azure.ts';

/** The simulated Azure in a process of its own, so that only the bot's memory and pauses are measured. */
const azure = await startSimulatedAzure({ now: () => new Date() });
for (let i = 0; i < MACHINES; i += 1) {
  putMachine(azure.fleet, `SV-${String(i).padStart(6, '0')}`);
}
process.on('message', () => {
  azure.graph.joinRefused = true;
  process.send?.('done');
});
process.send?.(azure.url);

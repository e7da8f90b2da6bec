import { proveFaults } from './azure-faults.ts';
import { proveRollOut } from './azure-roll-out.ts';
import { proveScale } from './azure-scale.ts';
import { AzureWorld } from './azure-world.ts';
import { proveWrite } from './azure-write.ts';

/** What issue by issue was promised of reading Azure, counted on the real clients, flows and store. */
export async function prove(print: (line: string) => void): Promise<boolean> {
  let fine = true;
  for (const part of [proveFaults, proveScale]) {
    const world = await AzureWorld.start();
    try {
      fine = (await part(world, print)) && fine;
      const foreign = world.tokens.foreign.size;
      const own = [...world.tokens.home].every((header) => header.startsWith('Bearer '));
      print(`tokens sent to a host that is not Azure's: ${foreign}, at most 0`);
      fine = foreign === 0 && own && fine;
    } finally {
      await world.close();
    }
  }
  fine = (await proveWrite(print)) && fine;
  return (await proveRollOut(print)) && fine;
}

if (import.meta.main) {
  const fine = await prove((line) => process.stdout.write(`${line}\n`));
  process.exitCode = fine ? 0 : 1;
}

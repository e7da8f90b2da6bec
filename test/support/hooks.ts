import process from 'node:process';
import { stopPostgres } from './postgres.ts';

// Nothing may be left open or unhandled: a rejected promise that no one awaits fails the run.
process.on('unhandledRejection', (reason) => {
  throw reason;
});

export const mochaHooks = {
  async afterAll(): Promise<void> {
    await stopPostgres();
  },
};

import process from 'node:process';

// Nothing may be left open or unhandled: a rejected promise that no one awaits fails the run.
process.on('unhandledRejection', (reason) => {
  throw reason;
});

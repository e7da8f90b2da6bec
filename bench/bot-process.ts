import process from 'node:process';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { openApp } from '../src/open-app.ts';
import { serve } from '../src/serve.ts';

// The bot in a process of its own, as `start` runs it but for its identity: Teams and Azure are simulated.
// Settings come from the environment; it says its ports once it answers, and ends when it is told to.
const {
  SIMULATED_AZURE: azure = '',
  TENANT: tenantId = '',
  AZURE_EVERY_MS = '60000',
} = process.env;
const config = readConfig(process.env);
const app = await openApp({
  config,
  log: createLog(config.LOG_LEVEL, process.stderr),
  lockWaitMs: 5_000,
  simulated: { azure, entra: 'http://127.0.0.1:9' },
});
const bot = await serve(app, {
  port: config.PORT,
  metricsPort: 0,
  host: '127.0.0.1',
  identity: { kind: 'demo', tenantId },
  azureEveryMs: Number(AZURE_EVERY_MS),
});
process.send?.({ port: bot.port, metricsPort: bot.metricsPort });
process.once('disconnect', async () => {
  await bot.close();
  await app.store.close();
});

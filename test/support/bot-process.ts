import { once } from 'node:events';
import process from 'node:process';
import { runCommand } from '../../src/cli/commands.ts';
import { listenLocally } from '../../src/cli/local-socket.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { openApp } from '../../src/open-app.ts';
import { serve } from '../../src/serve.ts';

// The bot as a process of its own, as the demo runs it, against simulators that live in another process.
// Settings come from the environment; the simulators' addresses and the tenant from the command line.
const [azure = '', entra = '', tenantId = ''] = process.argv.slice(2);
const config = readConfig(process.env);
const log = createLog(config.LOG_LEVEL, process.stderr);
const app = await openApp({ config, log, simulated: { azure, entra } });
const bot = await serve(app, {
  port: config.PORT,
  metricsPort: 0,
  host: '127.0.0.1',
  identity: { kind: 'demo', tenantId },
  azureEveryMs: 60_000,
});
const socket = await listenLocally(
  config.DATA_DIR ?? '',
  (call) => runCommand(app, call, { mayChange: true }),
  log,
);
process.stdout.write(`listening ${bot.port}\n`);

await once(process, 'SIGTERM');
await socket.close();
await bot.close();
await app.store.close();

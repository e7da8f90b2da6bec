import type { App } from '../app.ts';
import type { Config } from '../config.ts';
import { OpsBotError } from '../core/errors.ts';
import { dataDirOf, openApp } from '../open-app.ts';
import { type RunningBot, serve } from '../serve.ts';
import type { BotIdentity } from '../teams/authentication.ts';
import { EXIT } from './io.ts';
import { type LocalSocket, listenLocally } from './local-socket.ts';
import type { Settings, Terminal } from './main.ts';

/** The bot, until the process is asked to end. */
export async function start(terminal: Terminal, settings: Settings): Promise<number> {
  const { config, log } = settings;
  const identity = identityOf(config);
  const app = await openApp(settings);
  const bot = await serve(app, {
    port: config.PORT,
    metricsPort: config.METRICS_PORT,
    host: '0.0.0.0',
    identity,
  });
  const socket = await localSocket(app, settings);
  log.info('started', { port: bot.port, metricsPort: bot.metricsPort, signIn: config.SIGN_IN });
  await new Promise<void>((resolve) => terminal.onSignal(resolve));
  await stop(app, bot, socket);
  return EXIT.fine;
}

async function localSocket(app: App, settings: Settings): Promise<LocalSocket | undefined> {
  if (settings.config.DATABASE_URL !== undefined) return undefined;
  const { runCommand } = await import('./commands.ts');
  return listenLocally(dataDirOf(settings), (call) => runCommand(app, call, { mayChange: false }));
}

async function stop(app: App, bot: RunningBot, socket: LocalSocket | undefined): Promise<void> {
  await socket?.close();
  await bot.close();
  await app.store.close();
}

/** A real deployment has an identity and the keys its door needs: everything missing is named together. */
function identityOf(config: Config): BotIdentity {
  const { MicrosoftAppId: appId, MicrosoftAppTenantId: tenantId } = config;
  const missing = [
    ...(appId === '' ? ['MicrosoftAppId: needed (only demo runs without one)'] : []),
    ...(tenantId === '' ? ['MicrosoftAppTenantId: needed'] : []),
    ...(config.CODE_KEY === undefined ? ['CODE_KEY: needed for the door for reports'] : []),
    ...(config.MicrosoftAppType === 'SingleTenant' && config.MicrosoftAppPassword === ''
      ? ['MicrosoftAppPassword: needed with SingleTenant']
      : []),
  ];
  if (missing.length > 0) throw new OpsBotError('CONFIG_REFUSED', missing.join('\n'));
  const government = config.AZURE_CLOUD === 'AzureUSGovernment';
  switch (config.MicrosoftAppType) {
    case 'SingleTenant':
      return {
        kind: 'SingleTenant',
        appId,
        tenantId,
        password: config.MicrosoftAppPassword,
        government,
      };
    case 'UserAssignedMSI':
      return { kind: 'UserAssignedMSI', appId, tenantId, government };
  }
}

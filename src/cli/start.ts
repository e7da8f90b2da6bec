import type { App } from '../app.ts';
import type { Config } from '../config.ts';
import { dataDirOf, openApp } from '../open-app.ts';
import { type RunningBot, serve } from '../serve.ts';
import type { BotIdentity } from '../teams/authentication.ts';
import { type Call, EXIT, LOCK_WAIT_MS } from './io.ts';
import { botRunsOn, type LocalSocket, listenLocally } from './local-socket.ts';
import { type Options, type Settings, settingsOf, type Terminal } from './terminal.ts';
import { SAY } from './words.ts';

/** The bot, until the process is asked to end. */
export async function start(terminal: Terminal, options: Options): Promise<number> {
  const settings = settingsOf(terminal, options, missingFor);
  const { config, log } = settings;
  const identity = identityOf(config);
  if (config.DATABASE_URL === undefined && (await botRunsOn(dataDirOf(settings)))) {
    terminal.stderr.write(SAY.botRuns[terminal.language]());
    return EXIT.bad;
  }
  const app = await openApp({ ...settings, lockWaitMs: LOCK_WAIT_MS });
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
  const answer = (call: Call) => runCommand(app, call, { mayChange: false });
  return listenLocally(dataDirOf(settings), answer, settings.log);
}

async function stop(app: App, bot: RunningBot, socket: LocalSocket | undefined): Promise<void> {
  await socket?.close();
  await bot.close();
  await app.store.close();
}

type Given = Readonly<Record<string, string>>;

/** A real deployment has an identity and the keys its door needs: everything missing is named together. */
function missingFor(given: Given): string[] {
  const { MicrosoftAppId, MicrosoftAppTenantId, MicrosoftAppPassword, CODE_KEY } = given;
  const { MicrosoftAppType = 'SingleTenant' } = given;
  return [
    ...(MicrosoftAppId ? [] : ['MicrosoftAppId: needed (only demo runs without one)']),
    ...(MicrosoftAppTenantId ? [] : ['MicrosoftAppTenantId: needed']),
    ...(CODE_KEY ? [] : ['CODE_KEY: needed for the door for reports']),
    ...(MicrosoftAppType === 'SingleTenant' && !MicrosoftAppPassword
      ? ['MicrosoftAppPassword: needed with SingleTenant']
      : []),
  ];
}

function identityOf(config: Config): BotIdentity {
  const { MicrosoftAppId: appId, MicrosoftAppTenantId: tenantId } = config;
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

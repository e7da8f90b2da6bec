import { setImmediate } from 'node:timers/promises';
import { Registry } from 'prom-client';
import type { App } from './app.ts';
import { CLOUDS } from './azure/clouds.ts';
import { AUTHORITY } from './azure/write-credential.ts';
import { startRelay } from './delivery/relay.ts';
import { enrolMachine, isTokenKnown } from './flows/enrol-machine.ts';
import { identify, UpnMemory } from './flows/identify.ts';
import { takeKitFile } from './flows/kit-file.ts';
import { forgetConversation, learnConversation } from './flows/learn-conversation.ts';
import { noteAllDone } from './flows/note-all-done.ts';
import { createAzurePoll } from './flows/poll-azure.ts';
import { createDataSeenPoll } from './flows/poll-data-seen.ts';
import { receiveKitRequest } from './flows/receive-kit-request.ts';
import { followRepairs } from './flows/repair/index.ts';
import { createKitHandlers, createSignInHooks } from './flows/sign-in/index.ts';
import { burnForeignCodes } from './flows/sign-in/stop.ts';
import { startForgetting, sweep } from './flows/sweep.ts';
import { createClientAddress } from './http/client-address.ts';
import { createDoor, type Door } from './http/door.ts';
import { BOT_FRAMEWORK_METADATA, createDemoGate, createTeamsGate, type Gate } from './http/gate.ts';
import { createDoorLimits, type DoorLimits } from './http/rate-limits.ts';
import { createMetricsServer } from './http/request-metrics.ts';
import { createServer } from './http/server.ts';
import { createSigningKeys } from './http/signing-keys.ts';
import { readPublicKey, strangersKey, verifyEs256 } from './keys/es256.ts';
import { createDeliveryMetrics } from './metrics.ts';
import { repeatEvery } from './repeat.ts';
import { createTeamsEdge, type TeamsEdge } from './teams/adapter.ts';
import type { BotIdentity } from './teams/authentication.ts';
import { createFetchFile, type FetchFileOptions } from './teams/fetch-file.ts';
import { mayFetch } from './teams/file-hosts.ts';
import { createSso, type SsoDoor } from './teams/sso.ts';
import { createUploadFile } from './teams/upload-file.ts';

const SWEEP_EVERY_MS = 500;
const AZURE_EVERY_MS = 60_000;
/** Loading Azure's clients takes what the first people after a start wait for; its last state is kept. */
const AZURE_FIRST_AFTER_MS = 2_000;
/** A fleet of 50,000 takes 20 s, and a minute where it must be read in parts. */
const AZURE_TIMEOUT_MS = 5 * 60_000;
/** Long-running operations of extensions take minutes. */
const REPAIRS_EVERY_MS = 15_000;
const SCOPES_EVERY_MS = 10 * 60_000;
const SCOPES_TIMEOUT_MS = 30_000;

export interface ServeOptions {
  readonly port: number;
  readonly metricsPort: number;
  readonly host: string;
  readonly identity: BotIdentity;
  readonly azureEveryMs?: number;
  /** For tests: where the tenant's SharePoint hosts are found instead. */
  readonly sharePoint?: Pick<FetchFileOptions, 'port' | 'ca' | 'lookup'>;
}

export interface RunningBot {
  readonly port: number;
  readonly metricsPort: number;
  /** Reads Azure now instead of within a minute. */
  readAzure(): Promise<boolean>;
  close(): Promise<void>;
}

/** Puts the bot on the network: the HTTP door, Teams, the outbox relay, the timers and the Azure poll. */
export async function serve(app: App, options: ServeOptions): Promise<RunningBot> {
  const { store, clock, random, log, signIns } = app;
  await burnForeignCodes(signIns);
  await startForgetting(signIns);

  const registry = new Registry();
  const teams = teamsEdge(app, options);
  const delivery = createDeliveryMetrics(registry, store.outbox);
  const relay = startRelay({
    store,
    notifier: teams.notifier,
    clock,
    log,
    jitter: Math.random,
    draw: app.drawCard,
    metrics: delivery,
    // Whoever is due is found by the sweep: the unreachable are skipped there.
    onUnreachable: async () => void (await sweep(signIns)),
  });
  store.onWrite(() => relay.wake());

  const limits = createDoorLimits(clock);
  const server = createServer({
    clock,
    log,
    door: await kitDoor(app, limits),
    limits,
    gate: gateFor(app, options.identity),
    onActivity: (request, response) => teams.process(request, response),
    isReady: async () => delivery.isAuthorized() && (await isStoreReady(app)),
    clientAddress: createClientAddress(app.config.TRUSTED_PROXIES),
    newRequestId: () => random.id(),
    registry,
  });
  await server.listen(options.port, options.host);
  const metrics = createMetricsServer({ registry, log });
  await metrics.listen(options.metricsPort);

  const { directory, heartbeats } = app;
  const poll = createAzurePoll({ store, directory, clock, log }, app.noteFleet);
  const pollDataSeen = createDataSeenPoll({ store, heartbeats, clock, log });
  const readAzure = async (signal: AbortSignal): Promise<boolean> => {
    const isComplete = await poll(signal);
    await pollDataSeen(signal);
    if (isComplete) await noteAllDone(store, { clock, driftOf: app.driftOf }, setImmediate);
    return isComplete;
  };
  const azureEveryMs = options.azureEveryMs ?? AZURE_EVERY_MS;
  const firstAfterMs = Math.min(AZURE_FIRST_AFTER_MS, azureEveryMs);
  const loops = [
    repeatEvery(SWEEP_EVERY_MS, 'sweep', log, () => sweep(signIns)),
    repeatEvery(
      REPAIRS_EVERY_MS,
      'repairs-followed',
      log,
      (ending) => followRepairs(app.repairs.deps, ending),
      { firstAfterMs },
    ),
    repeatEvery(
      SCOPES_EVERY_MS,
      'scopes-read',
      log,
      (ending) =>
        app.learnScopes(AbortSignal.any([ending, AbortSignal.timeout(SCOPES_TIMEOUT_MS)])),
      { firstAfterMs },
    ),
    repeatEvery(
      azureEveryMs,
      'azure-poll',
      log,
      (ending) => readAzure(AbortSignal.any([ending, AbortSignal.timeout(AZURE_TIMEOUT_MS)])),
      { firstAfterMs },
    ),
  ];
  return {
    port: server.port,
    metricsPort: metrics.port,
    readAzure: () => readAzure(AbortSignal.timeout(azureEveryMs)),
    async close() {
      await server.close();
      await metrics.close();
      await Promise.all(loops.map((loop) => loop.stop()));
      await app.repairs.idle();
      await relay.stop();
      teams.close();
    },
  };
}

function teamsEdge(app: App, { identity, sharePoint: where }: ServeOptions): TeamsEdge {
  const { store, clock, log, turns, vault, kitFile } = app;
  const upns = new UpnMemory();
  const sharePoint = app.config.SHAREPOINT_HOSTS;
  return createTeamsEdge({
    identity,
    ...(sharePoint.length > 0 && { fetchFile: createFetchFile({ ...where, hosts: sharePoint }) }),
    ...(sharePoint.length > 0 && {
      takeFile: (consent) =>
        takeKitFile(
          {
            ...{ store, clock, log, vault, kitFile },
            upload: createUploadFile({ ...where, hosts: sharePoint }),
            mayLink: (url) => mayFetch(url, sharePoint) && !url.includes('?'),
          },
          consent,
        ),
    }),
    clock,
    log,
    turns,
    identify: (sender) => identify({ store, clock, upns }, sender),
    reply: app.reply,
    learn: (seen) => learnConversation({ store, clock }, seen),
    forget: (gone) => forgetConversation({ store }, gone),
    drawAnswer: app.drawAnswer,
    ...ssoFor(app, identity),
  });
}

/** Where people's own rights are used: with any other setting a token is not even looked at. */
function ssoFor(app: App, identity: BotIdentity): { readonly sso?: SsoDoor } {
  const { config, clock, log, random } = app;
  if (config.WRITE !== 'on-behalf-of' || identity.kind === 'demo') return {};
  const { tenantId, appId } = identity;
  const authority = AUTHORITY[config.AZURE_CLOUD];
  const scope = `${CLOUDS[config.AZURE_CLOUD].armEndpoint}/user_impersonation`;
  return {
    sso: createSso({ tenantId, appId, authority, scope, clock, log, newId: () => random.id() }),
  };
}

async function kitDoor(app: App, limits: DoorLimits): Promise<Door> {
  const { store, clock, random, vault, log, signIns } = app;
  const answerKeys = await app.answerKeys();
  const hooks = createSignInHooks(signIns);
  const deps = { store, clock, random, vault, log, signIns: hooks };
  const receiving = {
    ...deps,
    diagnose: app.diagnose,
    handlers: createKitHandlers(signIns),
  };
  return createDoor({
    clock,
    log,
    limits,
    aud: await app.aud(),
    answerKeys,
    crypto: {
      verify: verifyEs256,
      isPublicKey: (spki) => readPublicKey(spki) !== undefined,
      strangersKey,
    },
    findKey: (kid) => store.read((tx) => tx.kits.key(kid)),
    receive: (request) => receiveKitRequest(receiving, request),
    isTokenKnown: (token) => isTokenKnown(deps, token),
    enrol: (asked) => enrolMachine(deps, asked),
  });
}

function gateFor({ clock, log }: App, identity: BotIdentity): Gate {
  if (identity.kind === 'demo') return createDemoGate();
  const { appId, tenantId } = identity;
  const keys = createSigningKeys({ metadataUrl: BOT_FRAMEWORK_METADATA, clock, log });
  return createTeamsGate({ appId, tenantId, keys, clock });
}

async function isStoreReady({ store, log }: App): Promise<boolean> {
  try {
    await store.read((tx) => tx.settings.get('aud'));
    return true;
  } catch (error) {
    log.warn('not-ready', { error });
    return false;
  }
}

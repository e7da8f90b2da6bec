import { createArmReader } from './azure/arm.ts';
import { CLOUDS } from './azure/clouds.ts';
import { azureCredential } from './azure/credential.ts';
import { readScope, type ScopeInAzure } from './azure/scope-addresses.ts';
import { afterCheck, checkOpening } from './azure/sign-in-checks.ts';
import { buttonLabel } from './cards/buttons.ts';
import { drawReveal, drawRevealDialog } from './cards/code-shown-card.ts';
import { buttonsOf, drawNotice } from './cards/draw.ts';
import { drawToken, drawTokenDialog, fileAttachment } from './cards/kit-cards.ts';
import type { Config } from './config.ts';
import { diagnoseText, expectationsFor, explainError, readPrompt } from './core/diagnose/index.ts';
import { driftOf } from './core/drift.ts';
import { requirementsFor } from './core/endpoints/index.ts';
import { type FleetFinding, findingsByMachine } from './core/fleet-findings.ts';
import type { CardId, Lang } from './core/ids.ts';
import type { Finding } from './core/network-check.ts';
import type { Audience, ButtonId, Card, Notice } from './core/notice.ts';
import type { Clock, DrawnNotice, Log, MachineDirectory, Random, Vault } from './core/ports.ts';
import type { Profile, Site } from './core/roll-out.ts';
import type { PressAnswer, Turns } from './core/turn.ts';
import { type AnswerDeps, answerMessage } from './flows/answer-message.ts';
import type { DriftOf } from './flows/answers/deps.ts';
import { fileNonce, type MakeKitFile } from './flows/kit-file.ts';
import { confirmMark } from './flows/mark-machine.ts';
import type { PollDataSeenDeps } from './flows/poll-data-seen.ts';
import { pressButton } from './flows/press-button.ts';
import { askRepair, pressRepair } from './flows/repair/index.ts';
import {
  createSignInFlows,
  createSignInHooks,
  hasPersonalChat,
  nonceFor,
  type SignInDeps,
} from './flows/sign-in/index.ts';
import type { AnswerKeys } from './keys/answer-keys.ts';
import { commandsFor, connectStory } from './kit/commands.ts';
import { readStepCodes } from './kit/step-codes.ts';
import { zipKit } from './kit/write-kit.ts';
import { kitInputFor } from './kit-input.ts';
import { createRepairs, type Repairs } from './repair-rights.ts';
import { ScopeMemory } from './scope-memory.ts';
import type { WakingStore } from './waking-store.ts';

/** For cards that speak of no one site; the others are told in their site's own. */
const DEFAULT_TIME_ZONE = 'Asia/Tokyo';

export interface AppDeps {
  readonly config: Config;
  readonly store: WakingStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly vault: Vault;
  readonly log: Log;
  /** This bot's id, made at first start; kits are bound to it. */
  aud(): Promise<string>;
  /** Throws CONFIG_REFUSED where there is no CODE_KEY to seal them under. */
  answerKeys(): Promise<AnswerKeys>;
  /** Addresses of the demo's simulators on loopback; a real bot has none. */
  readonly simulated?: { readonly azure: string; readonly entra: string };
}

/** The bot without its network edges: what a terminal needs, and what `serve` puts on the network. */
export interface App extends AppDeps {
  readonly turns: Turns;
  readonly signIns: SignInDeps;
  readonly directory: Pick<MachineDirectory, 'listMachines' | 'isGone'>;
  readonly heartbeats: PollDataSeenDeps['heartbeats'];
  /** What Azure's picture of a machine, and of all machines together, says against the plan. */
  readonly driftOf: DriftOf;
  /** What was found when the whole fleet was looked at; kept until it is looked at again. */
  noteFleet(findings: readonly FleetFinding[]): void;
  diagnose(text: string, site?: Site, profile?: Profile): ReturnType<typeof diagnoseText>;
  explain(code: string): Finding | undefined;
  /** The addresses that a site must open. */
  requirements: AnswerDeps['requirements'];
  readonly repairs: Repairs;
  /** A profile's private link scope as Azure has it. */
  readScope(profile: Profile, signal: AbortSignal): Promise<ScopeInAzure | undefined>;
  /** Reads the scopes' addresses, by which a check is judged from then on. */
  learnScopes(signal: AbortSignal): Promise<void>;
  /** A kept card as its audience sees it, buttons and all. */
  drawCard(card: Card, lang: Lang): DrawnNotice;
  /** A notice that is kept nowhere: without buttons. */
  drawNotice(notice: Notice, lang: Lang): DrawnNotice;
  /** The buttons a kept card of this notice carries. */
  buttonsOf: typeof buttonsOf;
  buttonLabel: typeof buttonLabel;
  nonceFor(card: Card, button: ButtonId): string;
  /** What a presser alone sees. */
  drawAnswer(answer: PressAnswer, lang: Lang): DrawnNotice;
  /** A server's kit as a zip, without a token. */
  readonly kitFile: MakeKitFile;
  /** Keeps a notice as a card with its post in the outbox. */
  reply(to: Audience, notice: Notice, card?: CardId): Promise<void>;
}

/** The one place that sees every folder: joins flows with store, Azure, cards and kit. */
export function createApp(deps: AppDeps): App {
  const { config, store, clock, random, vault, log, simulated } = deps;
  const botHost = config.PUBLIC_URL ? new URL(config.PUBLIC_URL).hostname : undefined;
  const azure = lazyAzure(deps);
  const steps = readStepCodes();

  const scopes = new ScopeMemory();
  const diagnose: App['diagnose'] = (text, site, profile) =>
    diagnoseText(
      text,
      expectationsFor(site, profile, undefined, {
        ...(botHost && { botHost }),
        scopeAddresses: scopes.of(profile),
      }),
    );
  const explain: App['explain'] = (code) => explainError(code, steps);

  const requirements: App['requirements'] = (site, profile, route) =>
    requirementsFor(site, profile, botHost, route ? { route } : {});
  const scopeOf: App['readScope'] = async (profile, signal) =>
    readScope((await azure()).arm, profile, signal);

  const signIns: SignInDeps = {
    store,
    clock,
    random,
    vault,
    log,
    signIn: signInSettings(config),
    readPrompt,
    explainError: explain,
    canReach: hasPersonalChat,
    checkOpening: async (profile, site, machine, signal) => {
      const { arm, directory } = await azure();
      return checkOpening(arm, directory, profile, site, machine.name, signal);
    },
    afterCheck: async (plan, signal) => {
      const { arm, directory } = await azure();
      return afterCheck(arm, directory, plan, signal);
    },
  };
  const flows = createSignInFlows(signIns);
  const repairs = createRepairs({ ...deps, azure });
  const hooks = createSignInHooks(signIns);
  let ofFleet = findingsByMachine([]);
  const drift: DriftOf = (machine, site, profile, evidence) => [
    ...(ofFleet.get(machine.name.toLowerCase()) ?? []),
    ...driftOf({ machine, site, profile, evidence }, clock.now()),
  ];
  const answerDeps: AnswerDeps = {
    store,
    clock,
    random,
    signIns: flows,
    diagnose,
    explainError: explain,
    requirements,
    driftOf: drift,
    commands: (what, machine, site, profile, options = {}) => {
      const auth = options.auth ?? (config.SIGN_IN === 'off' ? 'certificate' : 'device-code');
      return what === 'connect'
        ? connectStory(machine, site, profile, { ...options, auth })
        : commandsFor(what, machine, site, profile, { auth });
    },
    readScope: scopeOf,
    repair: (person, asked) => askRepair(repairs.deps, person, asked),
    keyStopped: hooks.keyStopped,
    machineClosed: hooks.machineClosed,
    // Without its tenant's SharePoint named, a file could not be put anywhere.
    ...(config.SHAREPOINT_HOSTS.length > 0 && { kitFile: (machine) => app.kitFile(machine) }),
  };

  const drawOptions = (lang: Lang) => ({
    lang,
    now: clock.now(),
    timeZone: DEFAULT_TIME_ZONE,
    reveal: config.REVEAL,
  });

  const app: App = {
    ...deps,
    signIns,
    diagnose,
    explain,
    requirements,
    repairs,
    learnScopes: (signal) => scopes.learn({ store, log, readScope: scopeOf }, signal),
    readScope: scopeOf,
    directory: {
      async *listMachines(signal) {
        yield* (await azure()).directory.listMachines(signal);
      },
      isGone: async (resourceId, signal) => (await azure()).directory.isGone(resourceId, signal),
    },
    async *heartbeats(workspaceId, machines, signal) {
      yield* (await azure()).heartbeats(workspaceId, machines, signal);
    },
    driftOf: drift,
    noteFleet(findings) {
      ofFleet = findingsByMachine(findings);
    },
    turns: {
      answer: (message) => answerMessage(answerDeps, message),
      press: (press) =>
        pressButton(
          {
            ...signIns,
            pressElsewhere: async (pressed, card) =>
              (await pressRepair(repairs.deps, pressed, card)) ??
              confirmMark(answerDeps, pressed, card),
          },
          press,
        ),
    },
    drawCard(card, lang) {
      const drawn = drawNotice(card.notice, {
        ...drawOptions(lang),
        card: { id: card.id, nonce: (button) => nonceFor(vault, card, button) },
      });
      const { notice, audience } = card;
      if (notice.kind !== 'kit-file' || audience.kind !== 'person') return drawn;
      const act = { card: card.id, nonce: fileNonce(vault, card.id, audience.person) };
      const attachment = fileAttachment(notice, act, lang);
      return attachment ? { ...drawn, attachment } : drawn;
    },
    drawNotice: (notice, lang) => drawNotice(notice, drawOptions(lang)),
    buttonsOf,
    buttonLabel,
    nonceFor: (card, button) => nonceFor(vault, card, button),
    drawAnswer(answer, lang) {
      const drawn = drawNotice(answer.notice, drawOptions(lang));
      if (answer.reveal) {
        const entra = simulated ? { entraUrl: `${simulated.entra}/devicelogin` } : {};
        const options = { ...drawOptions(lang), cloud: config.AZURE_CLOUD, ...entra };
        return { ...drawn, card: drawReveal(answer.reveal, options) };
      }
      if (answer.token) return { ...drawn, card: drawToken(answer.token, drawOptions(lang)) };
      const { dialogNonce: nonce, dialogCard: card } = answer;
      if (nonce === undefined || card === undefined) return drawn;
      if (answer.notice.kind === 'kit') {
        const { machine } = answer.notice;
        return { ...drawn, card: drawTokenDialog({ card, nonce, machine }, lang) };
      }
      const machine = answer.notice.kind === 'sign-in' ? { machine: answer.notice.machine } : {};
      return { ...drawn, card: drawRevealDialog({ card, nonce, ...machine }, lang) };
    },
    async kitFile(machine) {
      const input = await kitInputFor(app, machine, { withToken: false });
      return { name: `${machine.name}.zip`, bytes: zipKit(input) };
    },
    async reply(to, notice, card) {
      const id = card ?? (random.id() as CardId);
      await store.write((tx) => tx.cards.post(id, to, notice, clock.now()));
    },
  };
  return app;
}

function signInSettings(config: Config): SignInDeps['signIn'] {
  return {
    mode: config.SIGN_IN,
    twoPersons: config.TWO_PERSONS === 'on',
    reveal: config.REVEAL,
    ...(config.SIGN_IN_POLICY ? { policy: config.SIGN_IN_POLICY } : {}),
    ...(config.SIGN_IN_APPLICATION ? { application: config.SIGN_IN_APPLICATION } : {}),
    ...(config.ONBOARDING_ACCOUNT ? { onboardingAccount: config.ONBOARDING_ACCOUNT } : {}),
  };
}

/** Azure's clients cost 400 ms to load: made when something first asks for them, once. */
function lazyAzure({ config, store, simulated }: AppDeps) {
  const make = async () => {
    const { createMachineDirectory } = await import('./azure/machine-directory.ts');
    const { createHeartbeats } = await import('./azure/heartbeats.ts');
    const cloud = CLOUDS[config.AZURE_CLOUD];
    const where = {
      credential: await azureCredential(),
      cloud,
      ...(simulated ? { simulated: simulated.azure } : {}),
    };
    const subscriptions = async () => {
      const rollOut = await store.read((tx) => tx.rollOut());
      return [...new Set(rollOut.profiles.map((profile) => profile.subscriptionId))];
    };
    return {
      arm: createArmReader(where),
      directory: createMachineDirectory({ ...where, subscriptions }),
      heartbeats: createHeartbeats(where),
    };
  };
  let made: ReturnType<typeof make> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

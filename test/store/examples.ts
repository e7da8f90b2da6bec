import type { AzureMachine } from '../../src/core/azure.ts';
import type {
  AlertId,
  CardId,
  Kid,
  MachineName,
  PersonKey,
  ProfileName,
  SignInId,
  SiteCode,
} from '../../src/core/ids.ts';
import type { KeptCheck } from '../../src/core/network-check.ts';
import type { Notice } from '../../src/core/notice.ts';
import type { Alert, KeptConversation, KitKey } from '../../src/core/ports.ts';
import type { Machine, Person, Profile, Site } from '../../src/core/roll-out.ts';
import type { SignIn } from '../../src/core/sign-in.ts';

export const at = (time: string): Date => new Date(`2026-11-25T${time}Z`);
export const machineName = (name: string): MachineName => name as MachineName;
export const siteCode = (code: string): SiteCode => code as SiteCode;
export const personKey = (key: string): PersonKey => key as PersonKey;
export const cardId = (id: string): CardId => id as CardId;
export const signInId = (id: string): SignInId => id as SignInId;
export const alertId = (id: string): AlertId => id as AlertId;
export const kid = (id: string): Kid => id as Kid;

const SUBSCRIPTION = '00000000-0000-4000-8000-00000000000b';

export function aProfile(over: Partial<Profile> = {}): Profile {
  return {
    name: 'jpe-site' as ProfileName,
    tenantId: '00000000-0000-4000-8000-00000000000a',
    subscriptionId: SUBSCRIPTION,
    resourceGroup: 'rg-arc-jpe',
    location: 'japaneast',
    cloud: 'AzureCloud',
    proxyBypass: ['Arc'],
    tags: { Datacenter: '{code}', City: '{name_en}' },
    connectAt: 'site',
    timeZone: 'Asia/Tokyo',
    extensions: ['MDE', 'AMA'],
    deployedBy: { MDE: 'defender', AMA: 'policy' },
    ...over,
  };
}

export function aSite(over: Partial<Site> = {}): Site {
  return {
    code: siteCode('osaka-01'),
    name: '大阪支店',
    nameKana: 'おおさかしてん',
    nameEn: 'Osaka Branch',
    aliases: ['大阪'],
    kind: 'site',
    prefecture: '大阪府',
    region: '関西',
    profile: 'jpe-site' as ProfileName,
    ...over,
  };
}

export function aMachine(over: Partial<Machine> = {}): Machine {
  return {
    name: machineName('SV-OSK-01'),
    site: siteCode('osaka-01'),
    os: 'Windows Server 2022',
    serial: 'JP26000901',
    role: 'file',
    ...over,
  };
}

export function aPerson(over: Partial<Person> = {}): Person {
  return {
    key: personKey('yamamoto'),
    name: '山本 陽',
    nameEn: 'Haru Yamamoto',
    role: 'site-staff',
    sites: [siteCode('osaka-01')],
    language: 'ja',
    ...over,
  };
}

export function anAzureMachine(over: Partial<AzureMachine> = {}): AzureMachine {
  const name = over.name ?? 'SV-OSK-01';
  const resourceGroup = over.resourceGroup ?? 'rg-arc-jpe';
  return {
    resourceId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${resourceGroup}/providers/Microsoft.HybridCompute/machines/${name}`,
    name,
    resourceGroup,
    subscriptionId: SUBSCRIPTION,
    location: 'japaneast',
    status: 'connected',
    proxyBypass: [],
    tags: {},
    addresses: ['10.27.0.11'],
    extensions: [],
    ...over,
  };
}

export function aCheck(over: Partial<KeptCheck> = {}): KeptCheck {
  return {
    machine: machineName('SV-OSK-01'),
    site: siteCode('osaka-01'),
    checkedAt: at('01:00:00'),
    diagnosis: {
      kind: 'check',
      verdict: 'healthy',
      endpoints: [],
      findings: [],
      errors: [],
      facts: { agentVersion: '1.60' },
    },
    ...over,
  };
}

export function aSignIn(over: Partial<SignIn> = {}): SignIn {
  return {
    id: signInId('s-1'),
    machine: machineName('SV-OSK-01'),
    site: siteCode('osaka-01'),
    openedBy: personKey('yamamoto'),
    openedAt: at('01:00:00'),
    asked: [],
    progress: { state: 'opened', expiresAt: at('01:30:00') },
    ...over,
  } as SignIn;
}

export const ENDED: SignIn['progress'] = {
  state: 'completed',
  settledAt: at('01:10:00'),
  reason: 'connected',
  rounds: 1,
};

export function aKey(over: Partial<KitKey> = {}): KitKey {
  return {
    kid: kid('k-1'),
    machine: machineName('SV-OSK-01'),
    publicKey: 'MFkw',
    alg: 'es256-der',
    serial: 'JP26000901',
    vmUuid: '00000000-0000-4000-8000-0000000000ff',
    state: 'active',
    enrolledAt: at('00:30:00'),
    ack: 0,
    botKey: 'MFkw',
    strayCodes: 0,
    ...over,
  };
}

export function anAlert(over: Partial<Alert> = {}): Alert {
  return {
    id: alertId('a-1'),
    key: 'unexpected:SV-OSK-01',
    what: 'unexpected',
    state: 'open',
    card: cardId('c-alert'),
    raisedAt: at('01:00:00'),
    ...over,
  };
}

export function aConversation(over: Partial<KeptConversation> = {}): KeptConversation {
  return {
    conversationId: 'a:1',
    kind: 'personal',
    person: personKey('yamamoto'),
    serviceUrl: 'https://smba.example/jp/',
    reference: { conversation: { id: 'a:1' }, createdAt: '2026-11-25T01:00:00.000Z' },
    learnedAt: at('01:00:00'),
    ...over,
  };
}

/** A notice told apart from others by its text alone. */
export function aNotice(error: string): Notice {
  return { kind: 'explain-error', code: error };
}

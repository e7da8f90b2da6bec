import { readFileSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { OpsBotError } from './core/errors.ts';
import { SHAREPOINT_HOST } from './teams/file-hosts.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const onOff = z.enum(['on', 'off']);
const key32 = z
  .string()
  .refine((value) => /^[A-Za-z0-9+/]{43}=$/.test(value), 'must be 32 bytes, base64');

/** Names separated by commas, as in `contoso.sharepoint.com,contoso-my.sharepoint.com`. */
const hosts = z
  .string()
  .transform((value) => value.split(',').map((host) => host.trim().toLowerCase()))
  .refine((list) => list.every((host) => SHAREPOINT_HOST.test(host)), {
    message: "must be your tenant's SharePoint hosts, such as contoso-my.sharepoint.com",
  });

/** Every setting, once. `docs/settings.md` and the README table say the same in words. */
const SETTINGS = z.object({
  MicrosoftAppId: z.string().default(''),
  MicrosoftAppType: z.enum(['SingleTenant', 'UserAssignedMSI']).default('SingleTenant'),
  MicrosoftAppTenantId: z.string().default(''),
  MicrosoftAppPassword: z.string().default(''),
  PORT: port.default(3978),
  METRICS_PORT: port.default(3979),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  DATA_DIR: z.string().min(1).optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  CODE_KEY: key32.optional(),
  SIGN_IN: z.enum(['off', 'device-code']).default('off'),
  SIGN_IN_POLICY: z.string().min(1).optional(),
  SIGN_IN_APPLICATION: z.string().min(1).optional(),
  ONBOARDING_ACCOUNT: z.string().min(1).optional(),
  TWO_PERSONS: onOff.default('off'),
  REVEAL: z.enum(['dialog', 'card']).default('dialog'),
  WRITE: z.enum(['off', 'on-behalf-of', 'bot-identity']).default('off'),
  WRITE_CLIENT_ID: z.guid().optional(),
  AZURE_CLOUD: z.enum(['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud']).default('AzureCloud'),
  SHAREPOINT_HOSTS: hosts.default([]),
  TRUSTED_PROXIES: z.string().default(''),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

/** What settings ask of each other; looked at beside the schema, so that its mistakes hide none of these. */
function mistakesBetween(given: Readonly<Record<string, string>>): string[] {
  const isRelay = given.SIGN_IN === 'device-code';
  return [
    ...(given.DATA_DIR && given.DATABASE_URL
      ? ['DATABASE_URL: DATA_DIR and DATABASE_URL exclude each other']
      : []),
    ...(isRelay && !given.SIGN_IN_POLICY
      ? [
          'SIGN_IN_POLICY: SIGN_IN=device-code needs the name of the Conditional Access policy that limits it',
        ]
      : []),
    ...mistakesInWriting(given),
    ...(isRelay && !given.CODE_KEY
      ? ['CODE_KEY: SIGN_IN=device-code needs CODE_KEY (or CODE_KEY_FILE outside the data folder)']
      : []),
  ];
}

/** Writing needs an identity of its own, and borrowing rights an application that Teams has tokens for. */
function mistakesInWriting(given: Readonly<Record<string, string>>): string[] {
  const { WRITE, WRITE_CLIENT_ID: second, MicrosoftAppId: bot, MicrosoftAppType: type } = given;
  if (WRITE === 'on-behalf-of' && type === 'UserAssignedMSI') {
    return [
      'WRITE: on-behalf-of needs an Entra application that exposes an API: MicrosoftAppType=SingleTenant',
    ];
  }
  if (WRITE !== 'bot-identity') return [];
  if (!second)
    return ['WRITE_CLIENT_ID: WRITE=bot-identity needs the client id of a second identity'];
  return second.toLowerCase() === bot?.toLowerCase()
    ? ["WRITE_CLIENT_ID: must be another identity than the bot's own"]
    : [];
}

export type Config = z.infer<typeof SETTINGS>;

/** Where the embedded store lies unless a setting says otherwise. */
export const DEFAULT_DATA_DIR = './data';

/** Settings that may also be given as `NAME_FILE`, a path whose content is the value. */
const FROM_FILE = ['MicrosoftAppPassword', 'CODE_KEY', 'DATABASE_URL'] as const;

/**
 * Reads the settings of an environment; throws OpsBotError CONFIG_REFUSED that names all mistakes
 * together and never a value. `missing` tells what else a command cannot do without.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  missing: (given: Readonly<Record<string, string>>) => readonly string[] = () => [],
): Config {
  const mistakes: string[] = [];
  const given: Record<string, string> = {};
  for (const name of Object.keys(SETTINGS.shape)) {
    const value = env[name];
    if (value !== undefined && value !== '') given[name] = value;
  }
  for (const name of FROM_FILE) {
    const path = env[`${name}_FILE`];
    if (path === undefined || path === '') continue;
    if (given[name] !== undefined) mistakes.push(`${name}: given twice, also as ${name}_FILE`);
    if (name === 'CODE_KEY' && isInside(path, given.DATA_DIR ?? DEFAULT_DATA_DIR)) {
      mistakes.push('CODE_KEY_FILE: must be outside the data folder, whose codes it seals');
    }
    try {
      given[name] = readFileSync(path, 'utf8').trim();
    } catch {
      mistakes.push(`${name}_FILE: the file cannot be read`);
    }
  }
  mistakes.push(...missing(given), ...mistakesBetween(given));
  const reader = env.AZURE_CLIENT_ID?.toLowerCase();
  if (given.WRITE === 'bot-identity' && reader && reader === given.WRITE_CLIENT_ID?.toLowerCase()) {
    mistakes.push(
      'WRITE_CLIENT_ID: must be another identity than the one that reads (AZURE_CLIENT_ID)',
    );
  }
  const parsed = SETTINGS.safeParse(given);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      mistakes.push(`${issue.path.join('.')}: ${issue.message}`);
    }
  }
  if (!parsed.success || mistakes.length > 0) {
    throw new OpsBotError('CONFIG_REFUSED', mistakes.join('\n'));
  }
  return parsed.data;
}

function isInside(path: string, folder: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

export const CODE_KEY_NEEDED =
  'CODE_KEY: needed for kits and the door for reports (32 bytes, base64)';

/** The names of all settings, for docs and `doctor`. */
export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS.shape);

import { existsSync, readFileSync } from 'node:fs';
import { strToU8, zipSync } from 'fflate';
import { OpsBotError } from '../src/core/errors.ts';

export interface AppPackage {
  /** MicrosoftAppId: the Entra application of the bot. */
  readonly botAppId: string;
  /** The app's own id in Teams; the bot's id unless it has one. */
  readonly teamsAppId?: string;
  /** PUBLIC_URL: its host becomes a valid domain. */
  readonly publicUrl?: string;
  /** `1.2.3`, at first `1.0.0`; Teams takes an update only with a higher one. */
  readonly version?: string;
  /** Adds webApplicationInfo, which Teams needs for single sign-on. */
  readonly singleSignOn?: boolean;
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const VERSION = /^(?:0|[1-9]\d{0,4})(?:\.(?:0|[1-9]\d{0,4})){2}$/;

/** The app package to upload to Teams: manifest, both icons and the English texts, zipped. */
export function packManifest(app: AppPackage): Uint8Array {
  const files = {
    'manifest.json': strToU8(`${JSON.stringify(manifestOf(app), undefined, 2)}\n`),
    'en.json': asset('en.json'),
    'color.png': asset('color.png'),
    'outline.png': asset('outline.png'),
  };
  // The same settings give the same bytes: no clock in the archive.
  return zipSync(files, { level: 9, mtime: new Date(2026, 0, 1) });
}

/** The template with its ids filled in. */
export function manifestOf(app: AppPackage): Record<string, unknown> {
  const { teamsAppId = app.botAppId, version = '1.0.0' } = app;
  refuseUnless(GUID.test(app.botAppId), 'the id of the bot (MicrosoftAppId) must be a GUID');
  refuseUnless(GUID.test(teamsAppId), 'the id of the Teams app must be a GUID');
  refuseUnless(VERSION.test(version), 'the version must be three numbers, such as 1.0.0');
  const text = new TextDecoder()
    .decode(asset('manifest.json'))
    .replaceAll('{{botAppId}}', app.botAppId)
    .replaceAll('{{teamsAppId}}', teamsAppId)
    .replaceAll('{{version}}', version);
  const manifest = JSON.parse(text) as Record<string, unknown>;
  const host = app.publicUrl === undefined ? undefined : hostOf(app.publicUrl);
  return {
    ...manifest,
    validDomains: host === undefined ? [] : [host],
    ...(app.singleSignOn && {
      webApplicationInfo: { id: app.botAppId, resource: `api://botid-${app.botAppId}` },
    }),
  };
}

function hostOf(publicUrl: string): string {
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : undefined;
  refuseUnless(url?.protocol === 'https:', 'PUBLIC_URL must begin with https:// for Teams');
  return url?.hostname ?? '';
}

function refuseUnless(fine: boolean, message: string): void {
  if (!fine) throw new OpsBotError('VALUE_REFUSED', message);
}

/** Built code stands in dist/manifest, two folders below what is not code. */
function asset(name: string): Uint8Array {
  const beside = new URL(name, import.meta.url);
  const file = existsSync(beside) ? beside : new URL(`../../manifest/${name}`, import.meta.url);
  return new Uint8Array(readFileSync(file));
}

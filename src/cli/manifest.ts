import { Buffer } from 'node:buffer';
import { packManifest } from '../../manifest/pack.ts';
import type { Config } from '../config.ts';
import { OpsBotError } from '../core/errors.ts';
import { fine, type Outcome } from './io.ts';

/** The Teams app package for this bot's app id. */
export function manifest(config: Config, options: Readonly<Record<string, unknown>>): Outcome {
  if (config.MicrosoftAppId === '') {
    throw new OpsBotError('CONFIG_REFUSED', 'MicrosoftAppId: needed for the app package');
  }
  const path = String(options.out);
  const bytes = packManifest({
    botAppId: config.MicrosoftAppId,
    singleSignOn: config.WRITE === 'on-behalf-of',
    ...(config.PUBLIC_URL ? { publicUrl: config.PUBLIC_URL } : {}),
  });
  return fine(`${path}\n`, [{ path, base64: Buffer.from(bytes).toString('base64'), mode: 0o644 }]);
}

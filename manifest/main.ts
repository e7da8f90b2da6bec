import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { packManifest } from './pack.ts';

// npm run manifest:pack -- --bot <app id> [--app <teams app id>] [--url https://…] [--version 1.0.0] [--out file.zip]
const { values } = parseArgs({
  options: {
    bot: { type: 'string' },
    app: { type: 'string' },
    url: { type: 'string' },
    version: { type: 'string', default: '1.0.0' },
    out: { type: 'string', default: 'arc-onboarding-bot.zip' },
    sso: { type: 'boolean', default: false },
  },
});

if (values.bot === undefined) {
  process.stderr.write('--bot <MicrosoftAppId> is missing: the id of the bot in Entra.\n');
  process.exitCode = 2;
} else {
  const zip = packManifest({
    botAppId: values.bot,
    version: values.version,
    singleSignOn: values.sso,
    ...(values.app !== undefined && { teamsAppId: values.app }),
    ...(values.url !== undefined && { publicUrl: values.url }),
  });
  writeFileSync(values.out, zip);
  process.stdout.write(`${values.out} (${zip.length} bytes)\n`);
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { chromium, type Page } from 'playwright-core';
import { drawReveal, drawRevealDialog } from '../src/cards/code-shown-card.ts';
import { drawNotice } from '../src/cards/draw.ts';
import type { CardId, Lang } from '../src/core/ids.ts';
import { MADE_CODES } from '../test/support/made-codes.ts';
import { TEAMS_LIKE } from './host-config.ts';
import { SAMPLE_NOW, SAMPLE_REVEAL, SAMPLE_TIME_ZONE, SAMPLES } from './samples.ts';

// Renders every sample to PNG: npm run cards:preview [name…]
const OUT = new URL('../.previews/', import.meta.url);
const WIDTHS = { phone: 375, desktop: 720 } as const;
const LANGS: readonly Lang[] = ['ja', 'en'];

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function refuseWithoutJapaneseFont(): void {
  let fonts = '';
  try {
    fonts = execFileSync('fc-list', [':lang=ja'], { encoding: 'utf8' });
  } catch {
    // No fontconfig is as good as no font.
  }
  if (fonts.trim() !== '') return;
  say('No Japanese font is installed, the pictures would show boxes.');
  say('Install one, on Debian: apt-get install fonts-noto-cjk fonts-noto-color-emoji');
  process.exit(1);
}

function cardsOf(lang: Lang): Map<string, Record<string, unknown>> {
  const card = { id: 'sample' as CardId, nonce: (button: string) => `sample-${button}` };
  const options = { lang, now: SAMPLE_NOW, timeZone: SAMPLE_TIME_ZONE, reveal: 'card' as const };
  const cards = new Map<string, Record<string, unknown>>();
  for (const { name, notice } of SAMPLES) {
    cards.set(name, drawNotice(notice, { ...options, card }).card);
  }
  const answer = { ...SAMPLE_REVEAL, kind: 'reveal', userCode: MADE_CODES[0] } as const;
  cards.set('code-shown', drawReveal(answer, options));
  cards.set('code-dialog', drawRevealDialog({ ...answer, nonce: 'sample' }, lang));
  return cards;
}

const PAGE = `<!doctype html><meta charset="utf-8"><style>
  body { margin: 0; padding: 12px; background: #f5f5f5; font-family: 'Noto Sans CJK JP', sans-serif; }
  #card { background: #fff; border: 1px solid #d1d1d1; border-radius: 8px; overflow: hidden; }
  .ac-pushButton { font: inherit; font-size: 14px; font-weight: 600; padding: 6px 12px; margin: 0;
    border: 1px solid #d1d1d1; border-radius: 4px; background: #fff; min-height: 36px; }
  .ac-pushButton.style-positive { background: #5b5fc7; color: #fff; border-color: #5b5fc7; }
  .ac-pushButton.style-destructive { background: #c4314b; color: #fff; border-color: #c4314b; }
  .ac-actionSet { flex-wrap: wrap; gap: 8px; }
  .ac-actionSet > div:not([role]) { display: none; }
  .ac-input { font: inherit; font-size: 16px; padding: 6px; border: 1px solid #bbb; border-radius: 4px;
    width: 100%; box-sizing: border-box; }
  .ac-richTextBlock, .ac-textBlock { line-height: 1.45 !important; }
</style><div id="card"></div>`;

interface Renderer {
  render(): HTMLElement;
  hostConfig: unknown;
  parse(card: unknown): void;
}
declare const AdaptiveCards: {
  AdaptiveCard: new () => Renderer;
  HostConfig: new (config: unknown) => unknown;
};
interface HTMLElement {
  readonly nodeName: string;
}
declare const document: {
  getElementById(id: string): { replaceChildren(...nodes: HTMLElement[]): void } | null;
};

async function render(page: Page, card: Record<string, unknown>): Promise<void> {
  await page.evaluate(
    ([json, hostConfig]) => {
      const renderer = new AdaptiveCards.AdaptiveCard();
      renderer.hostConfig = new AdaptiveCards.HostConfig(hostConfig);
      renderer.parse(json);
      document.getElementById('card')?.replaceChildren(renderer.render());
    },
    [card, TEAMS_LIKE] as const,
  );
}

async function main(wanted: readonly string[]): Promise<void> {
  refuseWithoutJapaneseFont();
  const require = createRequire(import.meta.url);
  const library = require.resolve('adaptivecards/dist/adaptivecards.min.js');
  if (wanted.length === 0) rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const browser = await chromium.launch({
    // biome-ignore lint/style/noProcessEnv: a developer's script, no setting of the bot
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
  let count = 0;
  try {
    for (const [device, width] of Object.entries(WIDTHS)) {
      const page = await browser.newPage({
        viewport: { width, height: 400 },
        deviceScaleFactor: device === 'phone' ? 2 : 1,
      });
      await page.setContent(PAGE);
      await page.addScriptTag({ content: readFileSync(library, 'utf8') });
      for (const lang of LANGS) {
        for (const [name, card] of cardsOf(lang)) {
          if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
          await render(page, card);
          const path = new URL(`${name}.${lang}.${device}.png`, OUT).pathname;
          await page.locator('body').screenshot({ path });
          count += 1;
        }
      }
      await page.close();
    }
  } finally {
    await browser.close();
  }
  say(`${count} pictures in ${OUT.pathname}`);
}

await main(process.argv.slice(2));

import { createRequire } from 'node:module';
import alert from '../../cards/alert.json' with { type: 'json' };
import codeShown from '../../cards/code-shown.json' with { type: 'json' };
import commands from '../../cards/commands.json' with { type: 'json' };
import confirm from '../../cards/confirm.json' with { type: 'json' };
import help from '../../cards/help.json' with { type: 'json' };
import list from '../../cards/list.json' with { type: 'json' };
import machineStatus from '../../cards/machine-status.json' with { type: 'json' };
import message from '../../cards/message.json' with { type: 'json' };
import networkCheck from '../../cards/network-check.json' with { type: 'json' };
import requirements from '../../cards/requirements.json' with { type: 'json' };
import rolloutStatus from '../../cards/rollout-status.json' with { type: 'json' };
import signIn from '../../cards/sign-in.json' with { type: 'json' };
import signInSettled from '../../cards/sign-in-settled.json' with { type: 'json' };
import siteStatus from '../../cards/site-status.json' with { type: 'json' };
import tokenShown from '../../cards/token-shown.json' with { type: 'json' };

const LAYOUTS = {
  alert,
  'code-shown': codeShown,
  commands,
  confirm,
  help,
  list,
  'machine-status': machineStatus,
  message,
  'network-check': networkCheck,
  requirements,
  'rollout-status': rolloutStatus,
  'sign-in': signIn,
  'sign-in-settled': signInSettled,
  'site-status': siteStatus,
  'token-shown': tokenShown,
} as const;

export type TemplateName = keyof typeof LAYOUTS;
export const TEMPLATE_NAMES = Object.keys(LAYOUTS) as readonly TemplateName[];

/** Data for a template: complete, no null; what it lacks would stand on the card as `${…}`. */
export type TemplateData = Readonly<Record<string, unknown>>;

// Its own types drag the TypeScript sources of adaptivecards into the build.
interface Template {
  expand(context: { readonly $root: TemplateData }): unknown;
}
interface Templating {
  readonly Template: new (layout: object) => Template;
}

// The library takes 150 ms to load and each layout some more to parse: once, when the first card is drawn.
const require = createRequire(import.meta.url);
const parsed = new Map<TemplateName, Template>();

export function expand(name: TemplateName, data: TemplateData): Record<string, unknown> {
  let template = parsed.get(name);
  if (template === undefined) {
    const library = require('adaptivecards-templating') as Templating;
    template = new library.Template(LAYOUTS[name]);
    parsed.set(name, template);
  }
  return template.expand({ $root: data }) as Record<string, unknown>;
}

import type { Notice } from '../core/notice.ts';
import { alertPage } from './alert-card.ts';
import * as choices from './choice-cards.ts';
import * as commands from './command-cards.ts';
import * as duties from './duty-cards.ts';
import * as kits from './kit-cards.ts';
import * as lists from './list-cards.ts';
import * as machines from './machine-cards.ts';
import * as messages from './message-cards.ts';
import { networkCheckPage } from './network-check-card.ts';
import type { Page, Reader } from './page.ts';
import { repairPage } from './repair-card.ts';
import { requirementsPage } from './requirements-card.ts';
import { signInPage } from './sign-in-card.ts';
import * as sites from './site-cards.ts';

/** The one switch over Notice: a new kind stops the build here. */
export function pageOf(notice: Notice, reader: Reader): Page {
  switch (notice.kind) {
    case 'sign-in':
      return signInPage(notice, reader);
    case 'network-check':
      return networkCheckPage(notice, reader);
    case 'no-check-yet':
      return messages.noCheckPage(notice, reader);
    case 'site-status':
      return sites.siteStatusPage(notice, reader);
    case 'machine-status':
      return machines.machineStatusPage(notice, reader);
    case 'rollout-status':
      return sites.rolloutStatusPage(notice, reader);
    case 'next-step':
      return lists.nextStepPage(notice, reader);
    case 'extension-state':
      return machines.extensionStatePage(notice, reader);
    case 'list':
      return lists.listPage(notice, reader);
    case 'responsible':
      return lists.responsiblePage(notice, reader);
    case 'ask-person':
      return messages.askPersonPage(notice, reader);
    case 'commands':
      return commands.commandsPage(notice, reader);
    case 'dns-records':
      return commands.dnsPage(notice, reader);
    case 'endpoint-requirements':
      return requirementsPage(notice, reader);
    case 'explain-error':
      return messages.explainPage(notice, reader);
    case 'confirm':
      return choices.confirmPage(notice, reader);
    case 'marked':
      return messages.markedPage(notice, reader);
    case 'alert':
      return alertPage(notice, reader);
    case 'history':
      return lists.historyPage(notice, reader);
    case 'export':
      return commands.exportPage(notice, reader);
    case 'ask-back':
      return choices.askBackPage(notice, reader);
    case 'run-check':
      return commands.runCheckPage(notice, reader);
    case 'kit':
      return kits.kitPage(notice, reader);
    case 'kit-file':
      return kits.kitFilePage(notice, reader);
    case 'duty':
      return duties.dutyPage(notice, reader);
    case 'reachable':
      return duties.reachablePage(notice, reader);
    case 'contact-test':
      return duties.contactTestPage(notice, reader);
    case 'channel-set':
      return messages.channelSetPage(notice, reader);
    case 'sign-ins-switched':
      return messages.switchedPage(notice, reader);
    case 'quarantine-lifted':
      return messages.liftedPage(notice, reader);
    case 'who-are-you':
      return messages.whoAreYouPage(notice, reader);
    case 'repair':
      return repairPage(notice, reader);
    case 'refusal':
      return messages.refusalPage(notice, reader);
    case 'done':
      return messages.donePage(notice, reader);
    case 'help':
      return choices.helpPage(notice, reader);
    case 'unknown':
      return choices.unknownPage(notice, reader);
  }
}

import { type MailContext, mailFor } from '../../core/diagnose/mail.ts';
import type { Diagnosis } from '../../core/network-check.ts';
import type { Machine, Site } from '../../core/roll-out.ts';
import { evidenceOf, type Scene } from './scene.ts';

export interface MailAbout {
  readonly machine?: Machine;
  readonly site?: Site;
  readonly at: Date;
  /** As the server said it; else as Azure knows it, else its subnet. */
  readonly address?: string;
}

/** With a ready mail beside each finding that the network team must act on, for whoever would write it. */
export function withMails(scene: Scene, diagnosis: Diagnosis, about: MailAbout): Diagnosis {
  if (!writesMails(scene)) return diagnosis;
  const context = contextOf(scene, about);
  const findings = diagnosis.findings.map((finding) => {
    const mail = mailFor(finding, context);
    return mail ? { ...finding, mail } : finding;
  });
  return { ...diagnosis, findings };
}

function writesMails({ person }: Scene): boolean {
  return person === undefined || person.role === 'engineer' || person.role === 'lead';
}

function contextOf(scene: Scene, { machine, site, at, address }: MailAbout): MailContext {
  const seen = machine && evidenceOf(scene, machine.name).azure?.machine.addresses[0];
  const sourceAddress = address ?? seen ?? site?.subnet;
  return {
    at,
    ...(sourceAddress && { sourceAddress }),
    ...(machine && { machine: machine.name }),
    ...(site && { siteName: site.name, siteNameEn: site.nameEn }),
    ...(site?.proxyUrl && { proxyUrl: site.proxyUrl }),
  };
}

/**
 * Where a bot's token may go. `*.trafficmanager.net` can be registered by anyone, so hosts are compared
 * whole: learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages.
 */
const TEAMS_HOSTS: ReadonlySet<string> = new Set([
  'smba.trafficmanager.net',
  'smba.infra.gcc.teams.microsoft.com',
  'smba.infra.gov.teams.microsoft.us',
]);

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Teams over https on a known host; without an app id, this machine only. */
export function mayServe(serviceUrl: string, where: 'teams' | 'loopback'): boolean {
  const url = URL.parse(serviceUrl);
  if (url === null || url.username + url.password !== '') return false;
  switch (where) {
    case 'teams':
      return url.protocol === 'https:' && url.port === '' && TEAMS_HOSTS.has(url.hostname);
    case 'loopback':
      return /^https?:$/.test(url.protocol) && LOOPBACK_HOSTS.has(url.hostname);
  }
}

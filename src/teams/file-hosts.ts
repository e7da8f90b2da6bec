/**
 * Where a file sent to the bot may be fetched. Teams keeps it in the sender's OneDrive and names an address
 * on the tenant's own SharePoint hosts (learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4);
 * the activity is made by the sender's client, and anyone can own a tenant: only the hosts that this bot was
 * told are its tenant's are asked, whole names, https, the usual port.
 */
export function mayFetch(address: string, hosts: readonly string[]): boolean {
  const url = URL.parse(address);
  if (url === null || url.protocol !== 'https:' || url.port !== '') return false;
  if (url.username + url.password !== '') return false;
  return hosts.includes(url.hostname);
}

/**
 * A tenant's SharePoint in the public, US Government and China clouds:
 * learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges (SharePoint Online and OneDrive).
 */
export const SHAREPOINT_HOST = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.sharepoint\.(?:com|us|cn)$/;

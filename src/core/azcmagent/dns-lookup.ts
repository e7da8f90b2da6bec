/** What `nslookup` said of a name: our own remedies ask people to run it. */
export interface Lookup {
  readonly host: string;
  readonly addresses: readonly string[];
  /** `no-such-name`: DNS answered that there is none. `silent`: no DNS server answered. */
  readonly failed?: 'no-such-name' | 'silent';
}

export interface Lookups {
  readonly lookups: readonly Lookup[];
  /** The text without the lines that were understood. */
  readonly rest: string;
}

const TELLS = /\bnslookup\b|\bName:|名前:|can't find|Non-authoritative|権限のない回答/i;
const ASKED = /\bnslookup(?:\.exe)?\s{1,4}(?:-[\w=]{1,20}\s{1,4})?([a-z0-9.-]{4,253})/i;
const NAME =
  /^\s{0,8}(?:Name|名前)\s{0,4}:\s{0,8}([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})\s{0,8}$/i;
const ALIAS = /^\s{0,8}(?:Aliases:\s{0,8})?([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){2,8})\s{0,8}$/i;
const ADDRESS = /^\s{0,8}(?:Address(?:es)?:)?\s{0,8}(\d{1,3}(?:\.\d{1,3}){3})\s{0,8}$/i;
const SERVER = /^\s{0,8}(?:Server|サーバー|Default Server|既定のサーバー)\s{0,4}:/i;
const SERVER_ADDRESS = /^\s{0,8}Address(?:es)?:\s{0,8}[\d.:a-f%]{3,45}(?:#53)?\s{0,8}$/i;
const HEADLINE = /^\s{0,8}(?:Non-authoritative answer|権限のない回答)/i;
const NO_NAME =
  /(?:can't find|見つかりません:?)\s{1,4}([a-z0-9.-]{4,253}?)\.?:\s{0,4}(?:NXDOMAIN|Non-existent domain|No answer|SERVFAIL|Query refused)/i;
const SILENT =
  /^\s{0,8}(?:DNS request timed out|;; connection timed out|;; no servers could be reached|;; communications error to)/i;
const MOST = 200;

export function readLookups(text: string): Lookups {
  if (!TELLS.test(text)) return { lookups: [], rest: text };
  const found: { host: string; addresses: string[]; failed?: Lookup['failed'] }[] = [];
  const rest: string[] = [];
  let asked: string | undefined;
  let server = false;
  let open: (typeof found)[number] | undefined;
  const begin = (host: string, failed?: Lookup['failed']): void => {
    if (found.length >= MOST) return;
    open = { host: publicName(asked ?? host), addresses: [], ...(failed ? { failed } : {}) };
    found.push(open);
  };
  for (const line of text.split('\n')) {
    const name = NAME.exec(line)?.[1];
    const missing = NO_NAME.exec(line)?.[1];
    const question = ASKED.exec(line)?.[1];
    const address = ADDRESS.exec(line)?.[1];
    if (question) {
      asked = question.toLowerCase();
      server = false;
      open = undefined;
    } else if (SERVER.test(line)) server = true;
    else if (server && SERVER_ADDRESS.test(line)) server = false;
    else if (name) begin(name.toLowerCase());
    else if (missing) begin(missing.toLowerCase(), 'no-such-name');
    else if (SILENT.test(line) && asked) {
      if (open?.failed !== 'silent') begin(asked, 'silent');
    } else if (open && address) open.addresses.push(address);
    else if (open && ALIAS.test(line)) {
      const alias = ALIAS.exec(line)?.[1]?.toLowerCase();
      if (alias && !asked) open.host = publicName(alias);
    } else if (!HEADLINE.test(line)) rest.push(line);
  }
  const lookups = found.filter((one) => one.failed || one.addresses.length > 0);
  return lookups.length > 0 ? { lookups, rest: rest.join('\n') } : { lookups: [], rest: text };
}

/** `gbl.privatelink.his.arc.azure.com` is the same service as the name without `privatelink`. */
function publicName(host: string): string {
  return host.replace('.privatelink.', '.').replace(/\.$/, '');
}

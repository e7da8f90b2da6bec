import type { CheckRow, Probe, ProbeResult } from './reading.ts';

/**
 * The kit tests what `azcmagent check` does not: AMA's and MDE's endpoints and the bot's own address. It
 * prints one line for each:
 *
 *   PROBE name=<AMA|MDE|BOT> host=<host> port=<port> via=<proxy|direct> dns=<r> tcp=<r> tls=<r> detail=<rest>
 *
 * where <r> is `ok`, `fail` or `skip`. Layers after the first failed one are `skip`. Through a proxy the
 * proxy resolves the name, so `dns=skip` is usual there. `detail` is the tool's own words to the line's end.
 */
export function isProbe(line: string): boolean {
  return /^PROBE\s/i.test(line);
}

export function readProbe(line: string): CheckRow | undefined {
  const detailAt = line.search(/\sdetail=/i);
  const head = detailAt === -1 ? line : line.slice(0, detailAt);
  const detail =
    detailAt === -1
      ? ''
      : line
          .slice(detailAt)
          .replace(/^\sdetail=/i, '')
          .trim();
  const fields = new Map(
    [...head.slice(0, 600).matchAll(/\s([a-z]{2,5})=(\S{1,253})/gi)].map((match) => [
      match[1]?.toLowerCase(),
      match[2]?.toLowerCase() ?? '',
    ]),
  );
  const field = (name: string): string => fields.get(name) ?? '';
  const host = field('host');
  if (!/^[a-z0-9.-]{3,253}$/.test(host)) return undefined;
  const name = NAMES.get(field('name'));
  if (!name) return undefined;
  const probe: Probe = {
    name,
    host,
    port: Number(field('port')) || 443,
    via: field('via') === 'proxy' ? 'proxy' : 'direct',
    dns: result(field('dns')),
    tcp: result(field('tcp')),
    tls: result(field('tls')),
    detail: detail.slice(0, 600),
  };
  const layers = [probe.dns, probe.tcp, probe.tls];
  const failed = layers.includes('fail');
  const tested = probe.tcp === 'ok' || probe.tls === 'ok';
  return {
    url: `${probe.port === 80 ? 'http' : 'https'}://${host}${probe.port === 443 || probe.port === 80 ? '' : `:${probe.port}`}`,
    reachable: failed ? false : tested ? true : 'unknown',
    private: 'unknown',
    tls: 'unknown',
    proxy: probe.via === 'proxy' ? 'set' : 'not set',
    from: 'probe',
    probe,
  };
}

const NAMES: ReadonlyMap<string, Probe['name']> = new Map([
  ['ama', 'AMA'],
  ['mde', 'MDE'],
  ['bot', 'BOT'],
]);

function result(word: string): ProbeResult {
  if (word === 'ok') return 'ok';
  return word === 'fail' || word.startsWith('fail:') ? 'fail' : 'skip';
}

/**
 * The kit's probes end with what curl said: `curl 56, connect 407, http 000`. `connect` is the proxy's answer
 * to CONNECT, `curl` its exit code (https://curl.se/libcurl/c/libcurl-errors.html).
 */
export function curlCause(detail: string, byProxy: boolean): string | undefined {
  const said = /\bcurl (\d{1,3}), connect (\d{3})\b/.exec(detail);
  if (!said) return undefined;
  const answer = Number(said[2]);
  if (byProxy && answer >= 400) return BY_ANSWER[answer] ?? 'proxy-reason-phrase';
  const code = Number(said[1]);
  if (byProxy && answer === 0 && code === 7) return 'proxy-connect-refused-tcp';
  return BY_CODE[code];
}

const BY_ANSWER: Readonly<Record<number, string>> = {
  403: 'proxy-forbidden',
  407: 'proxy-auth-required',
  502: 'proxy-502-504',
  503: 'proxy-503-text',
  504: 'proxy-502-504',
};

const BY_CODE: Readonly<Record<number, string>> = {
  5: 'proxy-name-unresolved',
  35: 'tls-handshake-failure',
  51: 'x509-host-mismatch',
  60: 'x509-unknown-authority',
};

import type { IncomingMessage, ServerResponse } from 'node:http';

/** What goes wrong with one request. `on` picks the request (`METHOD path`); without it any is taken. */
export type Fault = { readonly on?: RegExp } & (
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  /** The connection is cut before an answer. */
  | { readonly reset: true }
  /** No answer ever comes. */
  | { readonly hang: true }
  /** The true answer, changed. */
  | { readonly change: (body: Record<string, unknown>) => unknown }
  /** The first half of the true answer. */
  | { readonly half: true }
  /** Nothing: lets one request pass that a later fault would have taken. */
  | { readonly pass: true }
);

export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

export function armError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  send(response, status, { error: { code, message } }, headers);
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

export function takeFault(faults: Fault[], request: IncomingMessage): Fault | undefined {
  const line = `${request.method} ${request.url}`;
  const at = faults.findIndex((fault) => fault.on?.test(line) ?? true);
  return at < 0 ? undefined : faults.splice(at, 1)[0];
}

/** True when the fault has answered; else the true answer must still be given. */
export function applyFault(
  fault: Fault,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if ('reset' in fault) {
    request.socket.destroy();
    return true;
  }
  if ('hang' in fault) return true;
  if ('status' in fault) {
    response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
    response.end(fault.body ?? JSON.stringify({ error: { code: 'Fault', message: 'as asked' } }));
    return true;
  }
  if ('pass' in fault) return false;
  const end = response.end.bind(response);
  response.end = ((text: unknown) => {
    const body = typeof text === 'string' ? text : '';
    if ('half' in fault) return end(body.slice(0, Math.floor(body.length / 2)));
    return end(JSON.stringify(fault.change(JSON.parse(body) as Record<string, unknown>)));
  }) as ServerResponse['end'];
  return false;
}

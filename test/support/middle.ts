import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Whatever stands between a site and the bot: passes requests on and may change what comes back. */
export class Middle {
  readonly #server: Server;
  change: (reply: Reply) => Reply = (reply) => reply;
  requests = 0;
  readonly bodies: string[] = [];

  constructor(target: string) {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        this.requests += 1;
        const body = Buffer.concat(chunks);
        this.bodies.push(body.toString('latin1'));
        const answer = await fetch(target + request.url, {
          method: request.method ?? 'GET',
          ...(body.length > 0 && { body }),
        });
        const type = answer.headers.get('content-type') ?? '';
        const reply = this.change({ status: answer.status, type, body: await answer.text() });
        response.statusCode = reply.status;
        response.setHeader('content-type', reply.type);
        response.end(reply.body);
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

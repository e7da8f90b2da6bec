import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Whoever stands between a site and the bot: passes requests on and changes what comes back. */
export class Middle {
  readonly #server: Server;
  change: (reply: Reply) => Reply = (reply) => reply;

  constructor(target: string) {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const answer = await fetch(target + request.url, {
          method: request.method ?? 'GET',
          ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
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

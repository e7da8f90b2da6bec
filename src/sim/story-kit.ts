import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';

/** What a story server's kit needs to speak to the door. */
export interface StoryKitOptions {
  readonly botUrl: string;
  readonly aud: string;
  readonly botKey: string;
  readonly name: string;
  readonly serial: string;
  readonly vmUuid: string;
  readonly token: string;
  readonly now: () => Date;
}

/**
 * The kit of a server that the demo tells of but does not run: it enrols and reports over the real door,
 * signed as .NET signs (P1363), as the Windows kit does.
 */
export class StoryKit {
  readonly #options: StoryKitOptions;
  readonly #key: KeyObject;
  #kid = '';
  #seq = 0;

  constructor(options: StoryKitOptions) {
    this.#options = options;
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  }

  async enrol(): Promise<void> {
    const { aud, token, name, serial, vmUuid, botKey } = this.#options;
    const publicKey = createPublicKey(this.#key).export({ type: 'spki', format: 'der' });
    const payload = base64({
      aud,
      token,
      name,
      serial,
      vmUuid,
      alg: 'es256-p1363',
      publicKey: publicKey.toString('base64'),
      botKey,
    });
    const [id, ts] = [newId(), this.#seconds()];
    const sig = this.#sign(`v1e.${id}.${ts}.${payload}`);
    const answer = await this.#post('enroll', { v: 1, id, ts, payload, sig });
    this.#kid = /^kid=(.+)$/m.exec(answer)?.[1] ?? '';
    if (this.#kid === '') throw new Error(`${name} was not enrolled: ${answer}`);
  }

  async check(text: string): Promise<void> {
    await this.#report({ type: 'network-check', text_b64: Buffer.from(text).toString('base64') });
  }

  async heartbeat(seen: { mde: 'running' | 'missing'; ama: 'running' | 'missing' }): Promise<void> {
    await this.#report({ type: 'heartbeat', ...seen });
  }

  async #report(report: Record<string, unknown>): Promise<void> {
    const [kid, id, ts] = [this.#kid, newId(), this.#seconds()];
    this.#seq += 1;
    const payload = base64({ aud: this.#options.aud, at: ts, ...report });
    const sig = this.#sign(`v1.${kid}.${id}.${ts}.${this.#seq}.${payload}`);
    const answer = await this.#post('reports', { v: 1, kid, id, ts, seq: this.#seq, payload, sig });
    if (!/^do=ok$/m.test(answer)) throw new Error(`${this.#options.name}: ${answer}`);
  }

  async #post(route: string, body: object): Promise<string> {
    const answer = await fetch(`${this.#options.botUrl}/api/v1/${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.text();
  }

  #sign(text: string): string {
    const key = { key: this.#key, dsaEncoding: 'ieee-p1363' as const };
    return sign('sha256', Buffer.from(text, 'ascii'), key).toString('base64');
  }

  #seconds(): number {
    return Math.floor(this.#options.now().getTime() / 1000);
  }
}

function newId(): string {
  return randomBytes(16).toString('base64url');
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64');
}

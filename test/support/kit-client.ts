import assert from 'node:assert/strict';
import type { Clock } from '../../src/core/ports.ts';
import type { Machine } from '../../src/core/roll-out.ts';
import { makeKeyPair, readPrivateKey, signEs256, verifyEs256 } from '../../src/keys/es256.ts';
import { SV1 } from './door-world.ts';
import { opensslKey, opensslVerifies } from './openssl.ts';

/** What a kit holds: its own key and the way it signs. */
export interface KitHolder {
  readonly alg: 'es256-der' | 'es256-p1363';
  readonly publicKey: string;
  sign(text: string): string;
}

/** The bot as a kit sees it. */
export interface KitDoor {
  readonly aud: string;
  readonly clock: Clock;
  readonly answerKeys: { current(): string };
  token(machine: Machine): Promise<string>;
  post(path: string, body: string): Promise<Response>;
}

/** Signs with the real openssl, as kits on Linux do. */
export function opensslHolder(): KitHolder & { remove(): void } {
  return { alg: 'es256-der', ...opensslKey() };
}

/** Signs 64 bytes as .NET does; quick enough for tests that send much. */
export function dotnetHolder(alg: KitHolder['alg'] = 'es256-p1363'): KitHolder {
  const pair = makeKeyPair();
  const key = readPrivateKey(pair.privateKey);
  return {
    alg,
    publicKey: pair.publicKey,
    sign: (text) => signEs256(key, alg, Buffer.from(text)).toString('base64'),
  };
}

export interface Answered {
  readonly status: number;
  /** The lines of a signed answer, verified; empty when it was unsigned. */
  readonly lines: Readonly<Record<string, string>>;
  readonly text: string;
  readonly contentType: string;
  readonly headers: Headers;
}

interface Attempt {
  readonly id?: string;
  readonly ts?: number;
  readonly seq?: number;
}

/** A kit's side of the door, written from docs/door.md alone. */
export class KitClient {
  readonly world: KitDoor;
  readonly holder: KitHolder;
  kid = '';
  seq = 0;
  botKey: string;
  #ids = 0;

  constructor(world: KitDoor, holder: KitHolder = dotnetHolder()) {
    this.world = world;
    this.holder = holder;
    this.botKey = world.answerKeys.current();
  }

  static async enrolled(
    world: KitDoor,
    holder: KitHolder = dotnetHolder(),
    machine = SV1,
  ): Promise<KitClient> {
    const kit = new KitClient(world, holder);
    const answer = await kit.enrol(await world.token(machine), {
      name: machine.name,
      serial: machine.serial,
    });
    assert.equal(answer.status, 202, answer.text);
    return kit;
  }

  now(): number {
    return Math.floor(this.world.clock.now().getTime() / 1000);
  }

  newId(): string {
    this.#ids += 1;
    return `id-${this.kid.slice(0, 8)}-${this.#ids}`;
  }

  async enrol(
    token: string,
    changes: Record<string, unknown> = {},
    attempt: { id?: string; ts?: number } = {},
  ): Promise<Answered> {
    const payload = base64({
      aud: this.world.aud,
      token,
      name: SV1.name,
      serial: SV1.serial,
      vmUuid: '564D0101-0000-4000-8000-000000000001',
      alg: this.holder.alg,
      publicKey: this.holder.publicKey,
      botKey: this.botKey,
      ...changes,
    });
    const { id = this.newId(), ts = this.now() } = attempt;
    const sig = this.holder.sign(`v1e.${id}.${ts}.${payload}`);
    const body = JSON.stringify({ v: 1, id, ts, payload, sig });
    const answer = await this.#read(await this.world.post('/api/v1/enroll', body), id);
    if (answer.lines.kid) this.kid = answer.lines.kid;
    return answer;
  }

  /** One attempt at one message, with the next seq and a new id unless the test says otherwise. */
  send(payload: Record<string, unknown>, attempt: Attempt = {}): Promise<Answered> {
    return this.sendRaw(this.payload(payload), attempt);
  }

  payload(payload: Record<string, unknown>): string {
    return base64({ aud: this.world.aud, at: this.now(), ...payload });
  }

  async sendRaw(payload: string, attempt: Attempt = {}): Promise<Answered> {
    const { body, id } = this.envelope(payload, attempt);
    return this.#read(await this.world.post('/api/v1/reports', JSON.stringify(body)), id);
  }

  envelope(payload: string, attempt: Attempt = {}) {
    const { id = this.newId(), ts = this.now() } = attempt;
    if (attempt.seq === undefined) this.seq += 1;
    const seq = attempt.seq ?? this.seq;
    const sig = this.holder.sign(`v1.${this.kid}.${id}.${ts}.${seq}.${payload}`);
    return { id, body: { v: 1, kid: this.kid, id, ts, seq, payload, sig } };
  }

  async #read(response: Response, id: string): Promise<Answered> {
    const text = await response.text();
    const contentType = response.headers.get('content-type') ?? '';
    const isSigned = contentType.startsWith('text/plain');
    const lines = isSigned ? this.verified(text, id) : {};
    return { status: response.status, lines, text, contentType, headers: response.headers };
  }

  /** Checks signature, `v` and `id` as a kit must, then takes the lines apart. */
  verified(text: string, id: string): Record<string, string> {
    const at = text.lastIndexOf('\nsig=') + 1;
    const covered = text.slice(0, at);
    const signature = text.slice(at + 4).trimEnd();
    assert.ok(covered.endsWith('\n') && text.endsWith('\n'), 'lines end in LF');
    const isRight =
      this.holder.alg === 'es256-der'
        ? opensslVerifies(this.botKey, covered, signature)
        : verifyEs256(
            this.botKey,
            'es256-p1363',
            Buffer.from(covered),
            Buffer.from(signature, 'base64'),
          );
    assert.ok(isRight, `the answer's signature is wrong:\n${text}`);
    const pairs = covered
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [, name, value] = /^([a-z_]+)=(.*)$/.exec(line) ?? [];
        assert.ok(name !== undefined && value !== undefined, `not a line: ${line}`);
        return [name, value] as const;
      });
    const lines = Object.fromEntries(pairs);
    assert.equal(Object.keys(lines).length, pairs.length, 'each name once');
    assert.equal(lines.v, 'a1');
    assert.equal(lines.id, id);
    return lines;
  }
}

export function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}

import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { countedAs, createClientAddress, isLoopback } from '../../src/http/client-address.ts';

const from = (remoteAddress: string, forwarded?: string): IncomingMessage =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

describe('createClientAddress', () => {
  for (const [trusted, request, expected] of [
    ['', from('203.0.113.9'), '203.0.113.9'],
    ['', from('203.0.113.9', '198.51.100.1'), '203.0.113.9'],
    ['10.0.0.0/8', from('10.1.2.3', '198.51.100.1'), '198.51.100.1'],
    ['10.0.0.0/8', from('::ffff:10.1.2.3', '198.51.100.1'), '198.51.100.1'],
    ['10.0.0.0/8', from('10.1.2.3', '6.6.6.6, 198.51.100.1'), '198.51.100.1'],
    ['10.0.0.0/8', from('10.1.2.3', '198.51.100.1, 10.9.9.9'), '198.51.100.1'],
    ['10.0.0.0/8', from('10.1.2.3', 'nonsense'), '10.1.2.3'],
    ['10.0.0.0/8', from('10.1.2.3', '198.51.100.1, nonsense'), '10.1.2.3'],
    ['10.0.0.0/8', from('10.1.2.3'), '10.1.2.3'],
    ['192.0.2.7', from('192.0.2.8', '198.51.100.1'), '192.0.2.8'],
    ['fd00::/8, 10.0.0.1', from('fd00::1', '2001:db8::1'), '2001:db8::1'],
  ] as const) {
    const { remoteAddress } = request.socket;
    const forwarded = String(request.headers['x-forwarded-for'] ?? 'nothing');
    it(`trusting "${trusted}", ${remoteAddress} with "${forwarded}" is ${expected}`, () => {
      assert.equal(createClientAddress(trusted)(request), expected);
    });
  }

  for (const wrong of ['proxy.example', '10.0.0.0/33', '10.0.0.0/x', 'fd00::/129']) {
    it(`refuses TRUSTED_PROXIES=${wrong}`, () => {
      assert.throws(() => createClientAddress(wrong), { code: 'CONFIG_REFUSED' });
    });
  }
});

describe('countedAs', () => {
  for (const [address, expected] of [
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', ''],
  ] as const) {
    it(`counts ${address || 'no address'} as ${expected || 'itself'}`, () => {
      assert.equal(countedAs(address), expected);
    });
  }
});

describe('isLoopback', () => {
  it('knows loopback from what looks like it', () => {
    for (const own of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
      assert.equal(isLoopback(own), true, own);
    }
    for (const other of ['10.0.0.1', '127.0.0.1.evil.example', '::2', '', '128.0.0.1']) {
      assert.equal(isLoopback(other), false, other);
    }
  });
});

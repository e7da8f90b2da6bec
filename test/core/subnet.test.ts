import assert from 'node:assert/strict';
import { standsInSubnet } from '../../src/core/subnet.ts';

describe('standsInSubnet', () => {
  const cases: readonly (readonly [readonly string[], string | undefined, boolean])[] = [
    [['10.20.0.1'], '10.20.0.0/24', true],
    [['10.20.1.1'], '10.20.0.0/24', false],
    [['fe80::1', '10.20.0.255'], '10.20.0.0/24', true],
    [['192.168.3.4'], '192.168.0.0/16', true],
    [['10.20.0.7'], '10.20.0.7', true],
    [['10.20.0.8'], '10.20.0.7', false],
    [['1.2.3.4'], '0.0.0.0/0', true],
    [[], '10.20.0.0/24', false],
    [['999.20.0.1', '10.20.0'], '10.20.0.0/24', false],
    [['10.9.9.9'], undefined, true],
    [['10.9.9.9'], '2001:db8::/32', true],
  ];
  for (const [addresses, subnet, expected] of cases) {
    it(`${addresses.join(' ')} in ${subnet}: ${expected}`, () => {
      assert.equal(standsInSubnet(addresses, subnet), expected);
    });
  }
});

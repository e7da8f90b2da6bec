import assert from 'node:assert/strict';
import { agentCode } from '../../../src/core/sign-in/agent-code.ts';

describe('agentCode', () => {
  const cases: readonly [string | undefined, number, string | undefined][] = [
    ['AZCM0041: failed (AADSTS53003: blocked by Conditional Access)', 41, 'AADSTS53003'],
    ['Your sign-in was successful but ... Error Code: 53003', 41, 'AADSTS53003'],
    ['level=fatal msg="AZCM0041: Failed to obtain access token"', 41, 'AZCM0041'],
    ['it stopped', 42, '42'],
    [undefined, 1, '1'],
    ['Connected machine to Azure', 0, undefined],
  ];
  for (const [text, exitCode, expected] of cases) {
    it(`reads ${expected ?? 'nothing'} out of "${text ?? ''}" with exit code ${exitCode}`, () => {
      assert.equal(agentCode(text, exitCode), expected);
    });
  }
});

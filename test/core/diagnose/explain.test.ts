import assert from 'node:assert/strict';
import { AGENT_ERRORS, explainError } from '../../../src/core/diagnose/explain.ts';
import { finding, OWN_RULES, type Rule, TEXT_RULES } from '../../../src/core/diagnose/rules.ts';

/** https://learn.microsoft.com/azure/azure-arc/servers/troubleshoot-agent-onboard#agent-error-codes */
const EXIT_CODES = [
  0, 1, 2, 3, 4, 5, 6, 11, 12, 16, 18, 19, 20, 23, 26, 27, 28, 41, 42, 43, 44, 45, 61, 62, 63, 64,
  65, 66, 67, 68, 69, 70, 72, 73, 74, 75, 76, 81, 82, 83, 101, 102, 103, 104, 105, 106, 107, 108,
];

describe('explainError', () => {
  it('knows every AZCM code and every exit code', () => {
    const codes = AGENT_ERRORS.flatMap((one) => one.code ?? []);

    assert.equal(codes.length, 69);
    for (const code of codes) assert.ok(explainError(code), code);
    for (const exit of EXIT_CODES) assert.ok(explainError(String(exit)), `exit ${exit}`);
  });

  it('takes an exit code for the AZCM code of that number', () => {
    assert.equal(explainError('42')?.id, explainError('AZCM0042')?.id);
    assert.equal(explainError('azcm42')?.id, 'azcm-0042');
    assert.equal(explainError('104')?.id, 'exit-104');
  });

  it('knows Entra’s codes, and says where it does not', () => {
    assert.equal(explainError('AADSTS53003')?.owner, 'identity');
    assert.equal(explainError('AADSTS1234567')?.id, 'aadsts-any');
  });

  it('knows nothing of other codes, and asks the registry for them', () => {
    const line = { ja: '確認しています。', en: 'Checking.' };
    const registry = new Map([
      ['K-12', { line, explanation: { ja: '待ってください。', en: 'Wait.' } }],
    ]);

    assert.equal(explainError('K-12'), undefined);
    assert.equal(explainError('999'), undefined);
    assert.equal(explainError('0x80070005'), undefined);
    assert.deepEqual(explainError('k-12', registry)?.cause, line);
  });
});

describe('the words of the rules', () => {
  const all: readonly (Omit<Rule, 'id'> & {
    readonly id?: string;
    readonly code?: string | null;
  })[] = [...OWN_RULES, ...TEXT_RULES, ...AGENT_ERRORS];

  it('have a source and a page of Microsoft, and a confidence that is honest', () => {
    for (const rule of all) {
      const name = rule.id ?? rule.code ?? '';
      assert.ok(rule.source.length > 0, name);
      assert.match(
        rule.link,
        /^https:\/\/(?:learn\.microsoft\.com|azure\.status\.microsoft)\//,
        name,
      );
      assert.ok(rule.confidence > 0 && rule.confidence <= 1, name);
    }
  });

  it('are polite Japanese sentences and English ones', () => {
    for (const rule of all) {
      for (const text of [rule.cause, rule.remedy]) {
        assert.match(text.ja, /。$/, text.ja);
        assert.match(
          text.ja,
          /(?:です|ます|ました|ません|ください|ませんでした|せん)(?:[(（][^)）]*[)）])?。$/,
          text.ja,
        );
        assert.match(text.en, /^[{"A-Za-z*].{4,300}\.$/, text.en);
      }
    }
  });

  it('are found under their own id, once', () => {
    const ids = [...OWN_RULES, ...TEXT_RULES].map((rule) => rule.id);

    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.equal(finding(id, { route: 'unknown' }).id, id);
  });

  it('leave no placeholder open in a command', () => {
    for (const rule of [...OWN_RULES, ...TEXT_RULES]) {
      const { commands } = finding(rule.id, { route: 'private' });
      assert.ok(!commands.some((one) => /\{[a-z]\w+\}/i.test(one)), `${rule.id}: ${commands}`);
    }
  });
});

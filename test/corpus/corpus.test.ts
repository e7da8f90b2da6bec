import assert from 'node:assert/strict';
import { type DiagnosedText, diagnoseText } from '../../src/core/diagnose/index.ts';
import { MADE_CODES } from '../support/made-codes.ts';
import { type Case, type Expect, readCases } from './cases.ts';
import { seeded, variations } from './vary.ts';

const cases = readCases();
const literal = cases.filter((one) => !one.expect.made);

describe('the corpus', () => {
  it('is big enough, and every expectation names its source', () => {
    const made = cases.filter((one) => one.expect.made);
    const nothing = cases.filter((one) => one.expect.findings.length === 0);

    assert.ok(made.length >= 150, `${made.length} made cases`);
    assert.ok(nothing.length >= 40, `${nothing.length} cases without a finding`);
    assert.deepEqual(
      cases.filter((one) => one.expect.source === '').map((one) => one.name),
      [],
    );
  });

  it('holds no sign-in code but made ones', () => {
    const codes = cases.flatMap((one) =>
      [...one.text.matchAll(/enter the code ([A-Z0-9]{8,10})/g)].map((match) => match[1] ?? ''),
    );

    const real = codes.filter((code) => !(MADE_CODES as readonly string[]).includes(code));

    assert.ok(codes.length > 0);
    assert.deepEqual(real, []);
  });

  it('is read right where it is literal, every case', () => {
    const wrong = literal.flatMap((one) => mistakes(one));

    assert.ok(literal.length >= 40);
    assert.deepEqual(wrong, []);
  });

  it('is read right on cause and owner in 98 of 100 cases, and never finds what is not there', () => {
    const wrong = cases.filter((one) => mistakes(one).length > 0);
    const invented = wrong.filter((one) => one.expect.findings.length === 0);

    assert.ok(wrong.length <= cases.length * 0.02, wrong.flatMap(mistakes).join('\n'));
    assert.deepEqual(invented.flatMap(mistakes), []);
  });

  it('means the same after wrapping, colours, escaping, quoting, cutting and talk around it', () => {
    const random = seeded(20_261_125);
    const varied = literal.flatMap((one) =>
      variations(one.text, random, one.expect.evidence).map((variation) => ({ one, variation })),
    );

    const wrong = varied.flatMap(({ one, variation }) => {
      const got = diagnose(variation.text, one.expect);
      const same = causes(got) === wanted(one.expect);
      return same
        ? []
        : [`${one.name} ${variation.name}: ${causes(got)} for ${wanted(one.expect)}`];
    });

    assert.ok(varied.length >= 60, `${varied.length} variations`);
    assert.deepEqual(wrong, []);
  });
});

function mistakes({ name, text, expect }: Case): string[] {
  const got = diagnose(text, expect);
  const { diagnosis, codeRemoved } = got;
  const found: string[] = [];
  if (causes(got) !== wanted(expect))
    found.push(`${causes(got) || '-'} for ${wanted(expect) || '-'}`);
  if (expect.kind && diagnosis.kind !== expect.kind) found.push(`kind ${diagnosis.kind}`);
  if (expect.verdict && diagnosis.verdict !== expect.verdict)
    found.push(`verdict ${diagnosis.verdict}`);
  if (expect.codeRemoved !== undefined && codeRemoved !== expect.codeRemoved) found.push('code');
  for (const [fact, value] of Object.entries(expect.facts ?? {})) {
    if (diagnosis.facts[fact] !== value) found.push(`${fact}=${diagnosis.facts[fact]}`);
  }
  return found.map((one) => `${name}: ${one}`);
}

function diagnose(text: string, expect: Expect): DiagnosedText {
  return diagnoseText(text, { route: expect.route ?? 'unknown', ...expect.site });
}

function causes({ diagnosis }: DiagnosedText): string {
  return diagnosis.findings
    .map((one) => `${one.id} (${one.owner})`)
    .sort()
    .join(', ');
}

function wanted(expect: Expect): string {
  return expect.findings
    .map((one) => `${one.id} (${one.owner})`)
    .sort()
    .join(', ');
}

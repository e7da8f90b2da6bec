import assert from 'node:assert/strict';
import { diagnoseText, mailFor } from '../../../src/core/diagnose/index.ts';
import type { Finding } from '../../../src/core/network-check.ts';

const LINE =
  'FATAL   required endpoints unavailable: https://login.microsoftonline.com/ (error: Get "https://login.microsoftonline.com/": Blocked by policy group 7)';

function firstOf(text: string): Finding {
  const [found] = diagnoseText(text).diagnosis.findings;
  assert.ok(found);
  return found;
}

describe('mailFor', () => {
  it('gives the proxy team all they need to find it in their log', () => {
    const mail = mailFor(firstOf(LINE), {
      at: new Date('2026-11-09T01:12:14Z'),
      sourceAddress: '10.20.0.5',
      machine: 'SV-OSK-03',
      siteName: '大阪第一支店',
      siteNameEn: 'Osaka 1',
      proxyUrl: 'http://proxy-w.corp.example:8080',
    });

    for (const text of [mail?.ja ?? '', mail?.en ?? '']) {
      for (const part of [
        '2026-11-09 10:12:14',
        '10.20.0.5',
        'login.microsoftonline.com:443',
        'Blocked by policy group 7',
        'http://proxy-w.corp.example:8080',
        'SV-OSK-03',
      ]) {
        assert.ok(text.includes(part), `${part} in ${text}`);
      }
    }
    assert.ok(mail?.ja.includes('大阪第一支店'));
  });

  it('names who issued the certificate, where that was seen', () => {
    const finding = firstOf(
      'x509: certificate signed by unknown authority (issuer: CN=Corp Inspection CA)',
    );

    const mail = mailFor(finding, { at: new Date(0), issuer: 'CN=Corp Inspection CA' });

    assert.match(mail?.ja ?? '', /証明書の発行元: CN=Corp Inspection CA/);
  });

  it('keeps pasted words on one line', () => {
    const finding: Finding = { ...firstOf(LINE), evidence: { words: 'a\nSubject: b\r\nc' } };

    assert.match(mailFor(finding, { at: new Date(0) })?.en ?? '', /Words shown: a Subject: b c/);
  });

  it('writes to nobody when the network has nothing to do', () => {
    assert.equal(mailFor(firstOf('AZCM0018'), { at: new Date(0) }), undefined);
  });
});

import assert from 'node:assert/strict';
import { Folder, runJson } from './command-line.ts';

describe('dns', () => {
  let folder: Folder;
  before(async () => {
    folder = await Folder.imported();
  });
  after(() => folder.remove());
  const gbl = 'gbl.his.arc.azure.com 10.13.0.4\n';

  it('prints pasted names for Windows DNS, BIND and hosts, and warns of missing ones', async () => {
    const { exit, out, err } = await folder.with(
      { stdin: gbl },
      'dns',
      'kobe-01',
      '--addresses',
      '-',
    );

    assert.equal(exit, 0, err);
    assert.match(out, /Add-DnsServerResourceRecordA -ZoneName 'gbl\.his\.arc\.azure\.com'/);
    assert.match(out, /^@ IN A 10\.13\.0\.4$/m);
    assert.match(out, /^10\.13\.0\.4 gbl\.his\.arc\.azure\.com$/m);
    assert.match(err, /je\.his\.arc\.azure\.com/);
  });

  it('refuses lines that hold anything else, by their number', async () => {
    const stdin = `${gbl}login.example 10.0.0.1\n`;

    const { exit, out, err } = await folder.with({ stdin }, 'dns', 'kobe-01', '--addresses', '-');

    assert.deepEqual([exit, out], [2, '']);
    assert.match(err, /\(2\)/);
  });

  it('knows no site of that name', async () => {
    assert.equal((await folder.run('dns', 'nowhere-01')).exit, 2);
  });
});

describe('requirements', () => {
  let folder: Folder;
  before(async () => {
    folder = await Folder.imported();
  });
  after(() => folder.remove());

  it('is a form to save as CSV, the site’s subnet in front', async () => {
    const env = { LANG: 'ja_JP.UTF-8' };

    const { exit, out } = await folder.with({ env }, 'requirements', 'kobe-01', '--format', 'csv');

    const [header, first, ...rest] = out.split('\r\n');
    assert.equal(exit, 0);
    assert.equal(header, '\uFEFF送信元,宛先,ポート,経路,用途,時期,TLS検査除外,根拠URL');
    assert.match(first ?? '', /^10\.\d+\.\d+\.0\/24,/);
    assert.ok(rest.length > 10);
  });

  it('has nothing to leave out where no check has failed', async () => {
    const { exit, out } = await folder.run('requirements', 'kobe-01', '--missing');

    assert.deepEqual([exit, out], [2, '']);
  });
});

describe('diagnose', () => {
  it('writes the mail beside what the network team must do', async () => {
    const stdin =
      'level=error msg="Get \\"https://gbl.his.arc.azure.com/discovery\\": Service Unavailable"';

    const { document } = await runJson(['diagnose', '-'], { stdin });

    const mailed = document.findings.filter((one: { owner: string }) => one.owner === 'network');
    assert.ok(mailed.length > 0);
    for (const { mail } of mailed)
      assert.match(mail.ja, /宛先\(CONNECT\):\n {2}gbl\.his\.arc\.azure\.com:443/);
  });
});

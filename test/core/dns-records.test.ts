import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dnsLines, missingNames, readRecords, scopeName } from '../../src/core/dns-records.ts';

const GBL = { name: 'gbl.his.arc.azure.com', address: '10.13.0.4' };

describe('DNS records of a scope', () => {
  it('are read as a hosts file, a zone or the portal has them', () => {
    const read = readRecords(
      [
        '# from the portal',
        'gbl.his.arc.azure.com\t10.13.0.4',
        '10.13.0.4 gbl.privatelink.his.arc.azure.com',
        'GBL.his.arc.azure.com. 300 IN A 10.13.0.4 ; the same',
        '',
        '10.13.0.7,agentserviceapi.guestconfiguration.azure.com',
      ].join('\r\n'),
    );

    assert.deepEqual(read, {
      ok: true,
      records: [
        GBL,
        { name: 'agentserviceapi.guestconfiguration.azure.com', address: '10.13.0.7' },
      ],
    });
  });

  const wrong = [
    'login.microsoftonline.com 10.0.0.1',
    'gbl.his.arc.azure.com 20.43.66.1',
    'gbl.his.arc.azure.com 10.0.0.256',
    'gbl.his.arc.azure.com 10.0.0.01',
    'gbl.his.arc.azure.com',
    '10.0.0.1',
    "gbl.his.arc.azure.com'; Remove-DnsServerZone x 10.0.0.1",
    'gbl.his.arc.azure.com 10.0.0.1 10.0.0.2',
  ];
  for (const line of wrong) {
    it(`are refused by the number of their line: ${line}`, () => {
      assert.deepEqual(readRecords(`${GBL.name} ${GBL.address}\n${line}`), {
        ok: false,
        lines: [2],
      });
    });
  }

  it('are refused when one name has two addresses', () => {
    const read = readRecords(`${GBL.name} 10.0.0.1\n${GBL.name} 10.0.0.2`);

    assert.equal(read.ok, false);
  });

  it('become Windows commands, BIND and hosts lines, each name in a zone of its own', () => {
    const { windows, bind, hosts } = dnsLines([GBL]);

    assert.deepEqual(windows, [
      "Add-DnsServerPrimaryZone -Name 'gbl.his.arc.azure.com' -ReplicationScope 'Forest'",
      "Add-DnsServerResourceRecordA -ZoneName 'gbl.his.arc.azure.com' -Name '@' -IPv4Address '10.13.0.4'",
    ]);
    assert.deepEqual(bind, [
      'zone "gbl.his.arc.azure.com" { type primary; file "db.gbl.his.arc.azure.com"; };',
      '; db.gbl.his.arc.azure.com',
      '$TTL 300',
      '@ IN SOA localhost. hostmaster.localhost. ( 1 3600 600 86400 300 )',
      '@ IN NS localhost.',
      '@ IN A 10.13.0.4',
    ]);
    assert.deepEqual(hosts, ['10.13.0.4 gbl.his.arc.azure.com']);
  });

  it('lack what the region needs, as far as Microsoft proves it', () => {
    assert.ok(missingNames([GBL], 'japaneast').includes('je.his.arc.azure.com'));
    assert.deepEqual(missingNames([GBL], 'japanwest'), [
      'agentserviceapi.guestconfiguration.azure.com',
    ]);
  });

  it('hold nothing that a shell or zone could read as more, whatever is pasted', () => {
    const part = fc.constantFrom(GBL.name, '10.0.0.1', "'", '"', ';', '$(x)', '\n', ' ', '@', '`');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const read = readRecords(parts.join(''));
        if (!read.ok) return;
        for (const { name, address } of read.records) {
          assert.equal(scopeName(name), name);
          assert.match(`${name} ${address}`, /^[a-z0-9.-]+ [0-9.]+$/);
        }
      }),
      { numRuns: 200 },
    );
  });
});

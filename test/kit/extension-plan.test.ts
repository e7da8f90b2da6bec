import assert from 'node:assert/strict';
import { OpsBotError } from '../../src/core/errors.ts';
import type { Machine, Profile, Site } from '../../src/core/roll-out.ts';
import { extensionLines, extensionRequest } from '../../src/kit/extension-plan.ts';
import { sampleRollOut } from '../support/sample-roll-out.ts';

const machine = sampleRollOut.machine('SV-OSK-01') as Machine;
const site = sampleRollOut.siteOf(machine) as Site;
const profile = sampleRollOut.profileOf(site) as Profile;

describe('the plan of an extension', () => {
  it("gives AMA the site's proxy, in words of its own", () => {
    const request = extensionRequest('AMA', machine, site, profile);

    assert.deepEqual(request.settings, {
      proxy: { mode: 'application', address: site.proxyUrl, auth: 'false' },
    });
    assert.equal(
      `${request.publisher}/${request.type}`,
      'Microsoft.Azure.Monitor/AzureMonitorWindowsAgent',
    );
  });

  it('says that there is none where the site has none, or AMA goes past it', () => {
    const { proxyUrl: _, ...without } = site;

    const none = extensionRequest('AMA', machine, without, profile);
    const past = extensionRequest('AMA', machine, site, { ...profile, proxyBypass: ['AMA'] });

    assert.deepEqual(none.settings, { proxy: { mode: 'none' } });
    assert.deepEqual(past.settings, { proxy: { mode: 'none' } });
  });

  it('takes the package of the system, and the name a resource has already', () => {
    const linux = extensionRequest(
      'MDE',
      { ...machine, os: 'Ubuntu 22.04' },
      site,
      profile,
      'mde-old',
    );

    assert.equal(linux.type, 'MDE.Linux');
    assert.equal(linux.name, 'mde-old');
    assert.deepEqual(linux.settings, {});
  });

  it('refuses a proxy that is none', () => {
    const wrong = { ...site, proxyUrl: 'http://proxy" --protected-settings "{}' };

    assert.throws(
      () => extensionRequest('AMA', machine, wrong, profile),
      (error) => error instanceof OpsBotError && error.code === 'VALUE_REFUSED',
    );
  });

  it('has the same steps as lines for Azure CLI, each value one word', () => {
    const request = extensionRequest('AMA', machine, site, profile, "it's AMA");

    const lines = (['install', 'remove', 'remediate'] as const).flatMap((what) =>
      extensionLines(what, request, profile),
    );

    const where = `--subscription ${profile.subscriptionId} --resource-group rg-arc-jpe`;
    assert.deepEqual(lines, [
      `az connectedmachine extension create ${where} --machine-name SV-OSK-01 --name 'it'\\''s AMA' --location japaneast --publisher Microsoft.Azure.Monitor --type AzureMonitorWindowsAgent --settings '${JSON.stringify(request.settings)}'`,
      `az connectedmachine extension delete ${where} --machine-name SV-OSK-01 --name 'it'\\''s AMA' --yes`,
      `az policy remediation create --name remediate-azuremonitorwindowsagent --policy-assignment POLICY_ASSIGNMENT ${where} --resource-discovery-mode ReEvaluateCompliance`,
    ]);
  });
});

import assert from 'node:assert/strict';
import { expectationsFor, publicRoute } from '../../../src/core/diagnose/expectations.ts';
import type { Profile, Site } from '../../../src/core/roll-out.ts';

const site = { code: 'osaka-01', proxyUrl: 'http://proxy-w.corp.example:8080' } as unknown as Site;
const profile = {
  location: 'japaneast',
  cloud: 'AzureCloud',
  privateLinkScopeId: '/subscriptions/x/privateLinkScopes/pls-jpe',
  proxyBypass: ['Arc'],
} as unknown as Profile;

describe('expectationsFor', () => {
  it('takes the road from the profile, and the word of the command line before it', () => {
    assert.equal(expectationsFor(site, profile).route, 'private');
    assert.equal(
      expectationsFor(site, { ...profile, privateLinkScopeId: undefined } as unknown as Profile)
        .route,
      'public',
    );
    assert.equal(expectationsFor(site, profile, 'public').route, 'public');
    assert.equal(expectationsFor().route, 'unknown');
  });

  it('carries the site’s own values and what else is known', () => {
    const expected = expectationsFor(site, profile, undefined, { botHost: 'bot.corp.example' });

    assert.equal(expected.proxyUrl, site.proxyUrl);
    assert.equal(expected.location, 'japaneast');
    assert.equal(expected.botHost, 'bot.corp.example');
  });
});

describe('publicRoute', () => {
  it('is the site’s proxy, else direct; without a site it goes by what is known', () => {
    assert.equal(publicRoute(expectationsFor(site), false), 'proxy');
    assert.equal(publicRoute({ route: 'public', siteCode: 'x' }, true), 'direct');
    assert.equal(publicRoute({ route: 'private' }, false), 'proxy');
    assert.equal(publicRoute({ route: 'public' }, true), 'proxy');
    assert.equal(publicRoute({ route: 'public' }, false), 'direct');
  });
});

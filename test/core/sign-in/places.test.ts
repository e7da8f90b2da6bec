import assert from 'node:assert/strict';
import type { PersonKey, SiteCode } from '../../../src/core/ids.ts';
import { hasPlace, type Place } from '../../../src/core/sign-in/places.ts';

const place = (site: string, engineer: string, at: Place['at'] = 'site'): Place => {
  return { site: site as SiteCode, engineer: engineer as PersonKey, at };
};
const places = (count: number, of: (index: number) => Place) =>
  Array.from({ length: count }, (_, i) => of(i));

describe('hasPlace', () => {
  it('has ten per engineer, over all sites', () => {
    const taken = places(10, (i) => place(`site-${i}`, 'sato'));

    assert.ok(hasPlace(place('tokyo-01', 'sato'), taken.slice(1)));
    assert.ok(!hasPlace(place('tokyo-01', 'sato'), taken));
    assert.ok(hasPlace(place('tokyo-01', 'suzuki'), taken));
  });

  it('has twenty per site, whoever is asked', () => {
    const taken = places(20, (i) => place('tokyo-01', `engineer-${i}`));

    assert.ok(!hasPlace(place('tokyo-01', 'sato'), taken));
    assert.ok(hasPlace(place('osaka-01', 'sato'), taken));
  });

  it('has a hundred at a base, which count for no engineer elsewhere', () => {
    const taken = places(99, () => place('base', 'sato', 'base'));

    assert.ok(hasPlace(place('base', 'sato', 'base'), taken));
    assert.ok(!hasPlace(place('base', 'sato', 'base'), [...taken, place('base', 'sato', 'base')]));
    assert.ok(hasPlace(place('tokyo-01', 'sato'), taken));
  });
});

import assert from 'node:assert/strict';
import { sameUuid } from '../../src/core/uuid.ts';

const UUID = '4c4c4544-0034-3010-8052-b4c04f4a4332';
const SWAPPED = '44454c4c-3400-1030-8052-b4c04f4a4332';

describe('sameUuid', () => {
  it('holds both byte orders of the first three fields, and case, for one', () => {
    assert.ok(sameUuid(UUID, SWAPPED));
    assert.ok(sameUuid(SWAPPED, UUID.toUpperCase()));
    assert.ok(sameUuid(UUID, UUID));
    assert.ok(!sameUuid(UUID, UUID.replace('4332', '2343')));
  });
});

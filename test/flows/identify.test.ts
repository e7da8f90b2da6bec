import assert from 'node:assert/strict';
import { identify, UpnMemory } from '../../src/flows/identify.ts';
import { AnswerWorld } from '../support/answer-world.ts';

const NEWCOMER = '99999999-0000-4000-8000-000000000001';

describe('identify', () => {
  let world: AnswerWorld;
  let memory: UpnMemory;
  let lookedUp: number;
  beforeEach(async () => {
    world = await AnswerWorld.make();
    memory = new UpnMemory();
    lookedUp = 0;
  });
  afterEach(() => world.close());

  const who = async (aadObjectId: string, upn?: string) => {
    const lookUpn = async () => {
      lookedUp += 1;
      return upn;
    };
    const found = await identify(
      { store: world.store, clock: world.clock, upns: memory },
      { aadObjectId, lookUpn },
    );
    return found.kind === 'person' ? found.person.key : found.kind;
  };

  it('knows an engineer by object id alone, without asking the connector', async () => {
    assert.equal(await who('00000000-0000-4000-8000-000000000104'.toUpperCase()), 'takahashi');
    assert.equal(lookedUp, 0);
  });

  it('meets site staff by principal name once, without case, and keeps the object id', async () => {
    assert.equal(await who(NEWCOMER, 'Nakamura@CORP.example'), 'nakamura');
    assert.equal(await who(NEWCOMER), 'nakamura');

    assert.equal(lookedUp, 1);
    const [row] = await world.store.read((tx) => tx.audit.list());
    assert.deepEqual([row?.event, row?.by], ['object-id-learned', 'nakamura']);
  });

  for (const [title, upn] of [
    ['an engineer’s name', 'takahashi@corp.example'],
    ['the name of someone whose object id is another', 'yamamoto@corp.example'],
    ['a guest', 'nakamura_corp.example#EXT#@other.example'],
    ['a name that only looks the same', 'na\u212aamura@corp.example'],
    ['a name nobody has', 'nobody@corp.example'],
  ] as const) {
    it(`takes no one for known by ${title}`, async () => {
      assert.equal(await who(NEWCOMER, upn), 'stranger');

      assert.deepEqual(await world.store.read((tx) => tx.audit.list()), []);
    });
  }

  it('asks the connector once for a stranger who keeps writing', async () => {
    await who(NEWCOMER, 'nobody@corp.example');
    await who(NEWCOMER, 'nobody@corp.example');

    assert.equal(lookedUp, 1);
  });

  it('asks again when the connector did not say', async () => {
    await who(NEWCOMER);

    assert.equal(await who(NEWCOMER, 'nakamura@corp.example'), 'nakamura');
  });

  it('does not meet two people by one name', async () => {
    await who(NEWCOMER, 'nakamura@corp.example');

    assert.equal(
      await who('99999999-0000-4000-8000-000000000002', 'nakamura@corp.example'),
      'stranger',
    );
  });
});

import { afterAll, beforeAll } from 'vitest';
import { provesForeignIds, provesOwnIds } from './foreign-ids.js';
import { provesHosts, provesMarkers, provesPaths } from './hosts-and-paths.js';
import { openWorld, type World } from './world.js';
import { provesRepeats, provesSeats } from './writes-once.js';

/*
 * That nobody reaches what is another's, through the running platform: every route, every kind of caller. One house
 * for all of it, so that the suite is bounded by what it proves and not by starting up.
 */
let world: World;

beforeAll(async () => {
  world = await openWorld({ port: 24_000, address: '127.87.3.1' });
});
afterAll(() => world?.close());

provesForeignIds(() => world);
provesHosts(() => world);
provesPaths(() => world);
provesMarkers(() => world);
provesRepeats(() => world);
provesSeats(() => world);
provesOwnIds(() => world);

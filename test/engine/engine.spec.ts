import { afterAll, beforeAll } from 'vitest';
import { provesArrival } from './arriving.js';
import { type Filling, fillMailboxes, provesFilling } from './filling.js';
import { provesPop3, provesReading } from './reading.js';
import { provesScripts } from './scripts.js';
import { provesSending } from './sending.js';
import { provesSignIn } from './sign-in.js';
import { provesSigning } from './signing.js';
import { provesSwitches } from './switches.js';
import { provesTraces } from './tracing.js';
import { openWorld, type World } from './world.js';

/*
 * The engine's promises, through the running platform: web, worker, agent, policy and the real daemons, set up by
 * the API alone. One house for all of them, so that the suite is bounded by what it proves and not by starting up.
 */
let world: World;
let filling: Filling;

beforeAll(async () => {
  world = await openWorld({ port: 25_000, address: '127.87.4.1' });
  filling = await fillMailboxes(world);
});
afterAll(() => world?.house.close());

provesSignIn(() => world);
provesSending(() => world);
provesArrival(() => world);
provesScripts(() => world);
provesReading(() => world);
provesTraces(() => world);
provesSwitches(() => world);
provesSigning(() => world);
provesFilling(
  () => world,
  () => filling,
);
provesPop3(() => world);

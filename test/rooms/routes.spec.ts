import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiDocsModule } from '../../src/api-docs/api-docs.module.js';
import { RouteAudit } from '../../src/platform/access/route-audit.js';
import { type Rooms, startRooms } from './harness.js';

let rooms: Rooms;

beforeAll(async () => {
  rooms = await startRooms([], [ApiDocsModule]);
});
afterAll(() => rooms.stop());

/** The isolation suite walks this list, so a route that is not on it is a route that nobody has tried to break into. */
it('has the routes of its golden list and no others', async () => {
  const lines = rooms
    .get(RouteAudit)
    .routes()
    .map(({ method, path, access }) => `${method} ${path} ${access}\n`);
  expect(lines.length).toBeGreaterThan(50);
  await expect(lines.join('')).toMatchFileSnapshot('../golden/routes.golden.txt');
});

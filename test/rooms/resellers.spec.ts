import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ResellersService } from '../../src/resellers/resellers.service.js';
import { type Rooms, startRooms } from './harness.js';

let rooms: Rooms;
const operator = { kind: 'operator' } as const;

beforeAll(async () => {
  rooms = await startRooms();
});
afterAll(async () => {
  await rooms.stop();
});

describe('resellers', () => {
  it('pages through all of them, each once', async () => {
    const resellers = rooms.get(ResellersService);
    for (const name of ['one', 'two', 'three']) await rooms.as(operator, () => resellers.create({ name }));
    const first = await rooms.as(operator, () => resellers.list({ limit: 2 }));
    const second = await rooms.as(operator, () => resellers.list({ limit: 2, after: first.next ?? '' }));
    expect([...first.items, ...second.items].map((item) => item.name)).toEqual(['one', 'two', 'three']);
    expect(second.next).toBeNull();
  });

  it('refuses an edited page marker', async () => {
    const resellers = rooms.get(ResellersService);
    const { next } = await rooms.as(operator, () => resellers.list({ limit: 1 }));
    const edited = `${Buffer.from('["x"]').toString('base64url')}.${(next ?? '').split('.')[1]}`;
    await expect(rooms.as(operator, () => resellers.list({ limit: 1, after: edited }))).rejects.toMatchObject(
      {
        code: 'request.bad-cursor',
      },
    );
  });

  it('shows a reseller itself and hides the others', async () => {
    const resellers = rooms.get(ResellersService);
    const mine = await rooms.as(operator, () => resellers.create({ name: 'mine' }));
    const other = await rooms.as(operator, () => resellers.create({ name: 'other' }));
    const scope = { kind: 'reseller', resellerId: mine.id } as const;
    await expect(rooms.as(scope, () => resellers.require(mine.id))).resolves.toMatchObject({ name: 'mine' });
    await expect(rooms.as(scope, () => resellers.require(other.id))).rejects.toMatchObject({ status: 404 });
  });
});

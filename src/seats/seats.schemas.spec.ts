import { describe, expect, it } from 'vitest';
import { OpenTenantWithSeats } from './seats.schemas.js';

const PLAN = '0192f0c1-0000-7000-8000-000000000001';
const WISH = { name: 'Bakery', contactEmail: 'Owner@Elsewhere.example', brandId: PLAN };

describe('OpenTenantWithSeats', () => {
  it('opens without seats when none are named', () => {
    expect(OpenTenantWithSeats.parse(WISH)).toEqual({
      ...WISH,
      contactEmail: 'owner@elsewhere.example',
      seats: [],
    });
  });

  it.each([
    { seats: [{ planId: PLAN, count: 0 }] },
    { seats: [PLAN] },
    { seats: [1, 2].map((count) => ({ planId: PLAN, count })) },
    { tenantId: PLAN },
  ])('refuses %j', (change) => {
    expect(OpenTenantWithSeats.safeParse({ ...WISH, ...change }).success).toBe(false);
  });
});

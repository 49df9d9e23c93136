import { describe, expect, it } from 'vitest';
import { CreatePlan, PlanContent } from './plans.schemas.js';

const CONTENT = { quotaBytes: 1, aliasesPerMailbox: 0, hourlyMessages: 1, protocols: ['imap'] };

describe('PlanContent', () => {
  it.each([
    { protocols: [] },
    { protocols: ['imap', 'imap'] },
    { protocols: ['ftp'] },
    { quotaBytes: 0 },
    { quotaBytes: 1.5 },
    { quotaBytes: 2 ** 53 },
    { hourlyMessages: 0 },
    { aliasesPerMailbox: -1 },
    { name: 'a version has no name' },
  ])('refuses %j', (change) => {
    expect(PlanContent.safeParse({ ...CONTENT, ...change }).success).toBe(false);
  });

  it('is what a plan is created with, beside its name', () => {
    expect(CreatePlan.safeParse({ ...CONTENT, name: 'Office' }).success).toBe(true);
    expect(CreatePlan.safeParse({ ...CONTENT, name: 'Office', price: 1 }).success).toBe(false);
  });
});

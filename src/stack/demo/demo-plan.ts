/** What the demo shows: one internet provider, one brand, two customers with three domains between them. */
export const DEMO = {
  reseller: 'Fjordnet',
  brand: {
    name: 'Fjord Mail',
    supportEmail: 'help@hello.fjordnet.example',
    mailHost: 'mail.fjordnet.localhost',
    zoneName: 'mailzone.fjordnet.example',
    mailDomain: 'hello.fjordnet.example',
    portalHost: 'my.fjordnet.localhost',
  },
  plan: {
    name: 'Mailbox 10',
    quotaBytes: 10_000_000_000,
    aliasesPerMailbox: 20,
    hourlyMessages: 200,
    protocols: ['imap', 'pop3', 'smtp', 'sieve'],
  },
  tenants: [
    {
      name: 'Bakery Lindqvist',
      contactEmail: 'owner@elsewhere.example',
      seats: 5,
      domains: ['lindqvist.example'],
      people: [
        { at: 'lindqvist.example', localPart: 'ana', displayName: 'Ana Lindqvist', alias: 'orders' },
        { at: 'lindqvist.example', localPart: 'erik', displayName: 'Erik Lindqvist' },
      ],
    },
    {
      name: 'Harbour Dental',
      contactEmail: 'practice@elsewhere.example',
      seats: 10,
      domains: ['harbourdental.example', 'harbour-kids.example'],
      people: [
        { at: 'harbourdental.example', localPart: 'reception', displayName: 'Reception' },
        { at: 'harbour-kids.example', localPart: 'hello', displayName: 'Harbour Kids' },
      ],
    },
  ],
} as const;

export type DemoTenant = (typeof DEMO.tenants)[number];

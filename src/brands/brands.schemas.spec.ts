import { describe, expect, it } from 'vitest';
import { ChangeBrand, CreateBrand } from './brands.schemas.js';

const WISH = {
  name: 'Fjord Mail',
  supportEmail: 'Help+Mail@Fjordnet.example',
  mailHost: 'mail.fjordnet.localhost',
  zoneName: 'Mailzone.BÜCHER.example.',
};

describe('CreateBrand', () => {
  it('reads names as lower-case A-labels and the address in lower case', () => {
    expect(CreateBrand.parse(WISH)).toEqual({
      ...WISH,
      supportEmail: 'help+mail@fjordnet.example',
      zoneName: 'mailzone.xn--bcher-kva.example',
    });
  });

  it.each([
    [{ zoneName: '*.fjordnet.example' }, 'Enter one exact domain name, without an asterisk.'],
    [{ mailHost: 'mail' }, 'Enter the whole domain name with its ending, for example acme.com.'],
    [{ supportEmail: 'help' }, 'Enter an address with one @ sign, for example ana@acme.com.'],
  ])('refuses %j in words', (change, say) => {
    expect(CreateBrand.safeParse({ ...WISH, ...change }).error?.issues.map((issue) => issue.message)).toEqual(
      [say],
    );
  });
});

describe('ChangeBrand', () => {
  it('refuses to name a zone: it is set once', () => {
    expect(ChangeBrand.safeParse({ zoneName: 'other.example' }).success).toBe(false);
    expect(ChangeBrand.safeParse({ mailHost: 'imap.fjordnet.localhost' }).success).toBe(true);
  });
});

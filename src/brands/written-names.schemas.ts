import { domainNameRefusals, mailAddressRefusals, parseContactAddress, parseDomainName } from '#libs/address';
import { z } from 'zod';

const LONGEST_TEXT = 1000;

/** A domain name as people write it; read as lower-case A-labels without a final dot. */
export const WrittenName = z
  .string()
  .max(LONGEST_TEXT)
  .superRefine((text, context) => {
    const parsed = parseDomainName(text);
    if (!parsed.ok) context.addIssue({ code: 'custom', message: domainNameRefusals[parsed.reason] });
  })
  .overwrite((text) => {
    const parsed = parseDomainName(text);
    return parsed.ok ? parsed.name : text;
  });

/** A mail address that may live anywhere; read in lower case. */
export const ContactAddress = z
  .string()
  .max(LONGEST_TEXT)
  .superRefine((text, context) => {
    const parsed = parseContactAddress(text);
    if (!parsed.ok) context.addIssue({ code: 'custom', message: mailAddressRefusals[parsed.reason] });
  })
  .overwrite((text) => {
    const parsed = parseContactAddress(text);
    return parsed.ok ? parsed.address : text;
  });

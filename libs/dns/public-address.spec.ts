import { describe, expect, it } from 'vitest';
import { isPublicAddress } from './public-address.js';

describe('isPublicAddress', () => {
  it.each(['1.1.1.1', '8.8.8.8', '100.128.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
    'lets %s pass',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each(
    (
      '0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.87.1.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.2.1 ' +
      '192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ' +
      '::ffff:7f00:1 ::ffff:8.8.8.8 ::7f00:1 64:ff9b::a00:1 2002:7f00:1:: 2001:db8::1 fc00::1 fd12::1 fe80::1 ff02::1'
    ).split(' '),
  )('keeps %s out', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['', 'localhost', '127.1', '0x7f000001', '2130706433', '8.8.8.8:53', '[::1]', 'fe80::1%eth0'])(
    'takes %j for no address at all',
    (text) => expect(isPublicAddress(text)).toBe(false),
  );
});

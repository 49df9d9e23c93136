import { BlockList, isIPv4, isIPv6 } from 'node:net';

/*
 * Addresses that are not on the public Internet: IANA's special-purpose registries (RFC 6890) with loopback,
 * private, link-local, shared, documentation, benchmark, multicast and reserved ranges, and the IPv6 forms that
 * carry an IPv4 address inside.
 */
const RANGES = {
  ipv4:
    '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 ' +
    '192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
  ipv6:
    '::/96 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 ' +
    '5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8',
} as const;

/** A list per family: with one for both, Node takes every IPv4 address for a part of ::ffff:0:0/96. */
function blockList(family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of RANGES[family].split(' ')) {
    const [network = '', prefix = ''] = range.split('/');
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}

const blocked = { ipv4: blockList('ipv4'), ipv6: blockList('ipv6') };

/** True for an IP address out on the Internet: a place that a name chosen by a stranger may send us to. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !blocked.ipv4.check(address, 'ipv4');
  return isIPv6(address) && !blocked.ipv6.check(address, 'ipv6');
}

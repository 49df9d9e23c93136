/**
 * Lower-case base32 with the "extended hex" alphabet 0–9 a–v (RFC 4648 §7), without padding. Safe in DNS labels,
 * URLs and anywhere case is lost. Bits that do not fill a last character count from the front.
 */
export function base32(bytes: Uint8Array): string {
  const bits = bytes.length * 8;
  const padding = (5 - (bits % 5)) % 5;
  const digits = Math.ceil(bits / 5);
  const number = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`) << BigInt(padding);
  return number === 0n ? '0'.repeat(digits) : number.toString(32).padStart(digits, '0');
}

import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { decrypt, encrypt, fromBase64Url } from './gcm.js';
import { SealError } from './seal-error.js';

const VERSION = 'box1';
const KEY_BYTES = 32;

/** An X25519 pair (RFC 7748), each half as base64url of its 32 bytes. */
export interface SealingPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Makes the pair of a key holder: the public half goes to whoever seals, the private half stays. */
export function makeKeyPair(): SealingPair {
  const pair = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
  return { publicKey: pair.x ?? '', privateKey: pair.d ?? '' };
}

/**
 * Encrypts a text that only the holder of the private half can open; the sealer itself cannot. Format:
 * `box1.<recipient>.<ephemeral>.<ciphertext and tag>`, both keys public and base64url. As in HPKE (RFC 9180), a
 * fresh pair per text agrees on a secret, from which HKDF-SHA256 derives key and nonce. `context` as in `seal`.
 */
export function sealFor(publicKey: string, plaintext: string, context: string): string {
  const ephemeral = makeKeyPair();
  const { key, nonce } = derive(ephemeral.privateKey, publicKey, [publicKey, ephemeral.publicKey]);
  const head = `${VERSION}.${publicKey}.${ephemeral.publicKey}`;
  return `${head}.${encrypt(key, nonce, plaintext, `${head}.${context}`).toString('base64url')}`;
}

/** Opens what `sealFor` made; throws `SealError`. */
export function unsealWith(privateKey: string, sealed: string, context: string): string {
  const [version, recipient, ephemeral, body, ...rest] = sealed.split('.');
  if (version !== VERSION || recipient === undefined || ephemeral === undefined || rest.length > 0)
    throw new SealError('malformed');
  if (recipient !== publicHalf(privateKey)) throw new SealError('other-key');
  const { key, nonce } = derive(privateKey, ephemeral, [recipient, ephemeral]);
  const authenticated = `${VERSION}.${recipient}.${ephemeral}.${context}`;
  return decrypt(key, nonce, fromBase64Url(body, null), authenticated);
}

/** Both public keys go into the salt, so that a secret belongs to this very exchange. */
function derive(privateKey: string, publicKey: string, exchange: string[]): { key: Buffer; nonce: Buffer } {
  const salt = Buffer.concat(exchange.map((half) => fromBase64Url(half, KEY_BYTES)));
  const secret = agree(readPrivateKey(privateKey), readPublicKey(publicKey));
  const bytes = Buffer.from(hkdfSync('sha256', secret, salt, `${VERSION} key and nonce`, 44));
  return { key: bytes.subarray(0, 32), nonce: bytes.subarray(32) };
}

/** OpenSSL refuses points of small order, whose secret would be all zero and known (RFC 7748 §6.1). */
function agree(privateKey: KeyObject, publicKey: KeyObject): Buffer {
  try {
    return diffieHellman({ privateKey, publicKey });
  } catch {
    throw new SealError('malformed');
  }
}

function publicHalf(privateKey: string): string {
  return createPublicKey(readPrivateKey(privateKey)).export({ format: 'jwk' }).x ?? '';
}

function readPublicKey(text: string): KeyObject {
  fromBase64Url(text, KEY_BYTES);
  return createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: text }, format: 'jwk' });
}

// PKCS #8 around the 32 bytes (RFC 8410 §7): unlike a JWK it does not ask for the public half as well.
const PKCS8_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');

function readPrivateKey(text: string): KeyObject {
  const der = Buffer.concat([PKCS8_HEAD, fromBase64Url(text, KEY_BYTES)]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

// Must stay first: the X.509 library asks for it while it loads.
import 'reflect-metadata';
import { createPublicKey, randomBytes, webcrypto } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';
import * as x509 from '@peculiar/x509';

const DAY_MS = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;
/** Browsers refuse more than 398 days. */
const LEAF_DAYS = 90;
const RENEW_DAYS_BEFORE = 7;
const CLOCK_SKEW_MS = 60 * 60 * 1000;
const KEY_KIND = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;

x509.cryptoProvider.set(webcrypto);

type CryptoKey = webcrypto.CryptoKey;

interface KeyedCertificate {
  readonly certificate: x509.X509Certificate;
  readonly privateKey: CryptoKey;
}

export interface LeafFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** False when the files on disk were still good. */
  readonly renewed: boolean;
}

/**
 * A certificate authority for one stack on one machine. Its key (0600) stays in `<dataDir>/tls` and nothing on the
 * machine trusts it by itself: a client is handed `authority.pem` by name.
 */
export class LocalAuthority {
  private constructor(
    private readonly folder: string,
    private readonly authority: KeyedCertificate,
    private readonly now: () => Date,
  ) {}

  /** Opens the authority in `<dataDir>/tls`, making it on the first start. */
  static async open(dataDir: string, now: () => Date = () => new Date()): Promise<LocalAuthority> {
    const folder = path.join(dataDir, 'tls');
    await mkdir(folder, { recursive: true });
    const known = await readPair(folder, 'authority');
    if (known !== null && known.certificate.notAfter > now()) return new LocalAuthority(folder, known, now);
    const made = await makeAuthority(now());
    await writePair(folder, 'authority', made, []);
    return new LocalAuthority(folder, made, now);
  }

  get certificatePem(): string {
    return `${this.authority.certificate.toString('pem')}\n`;
  }

  /**
   * Ensures `<name>.pem` (with the authority's certificate behind it) and `<name>.key` (0600) for exactly these
   * host names, wildcards and IP addresses. Renewed when less than seven days are left, when the names differ or
   * when the authority is another.
   */
  async ensureLeaf(name: string, names: readonly string[]): Promise<LeafFiles> {
    const files = {
      certFile: path.join(this.folder, `${name}.pem`),
      keyFile: path.join(this.folder, `${name}.key`),
    };
    const known = await readPair(this.folder, name);
    if (known !== null && (await this.isGood(known.certificate, names))) return { ...files, renewed: false };
    const leaf = await this.sign(names);
    await writePair(this.folder, name, leaf, [this.authority.certificate]);
    return { ...files, renewed: true };
  }

  private async isGood(certificate: x509.X509Certificate, names: readonly string[]): Promise<boolean> {
    const renewFrom = certificate.notAfter.getTime() - RENEW_DAYS_BEFORE * DAY_MS;
    if (this.now().getTime() >= renewFrom) return false;
    if (!sameNames(namesOf(certificate), names)) return false;
    return certificate.verify({ publicKey: this.authority.certificate.publicKey, signatureOnly: true });
  }

  private async sign(names: readonly string[]): Promise<KeyedCertificate> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: `CN=${names[0] ?? 'localhost'}`,
      issuer: this.authority.certificate.subject,
      ...validity(this.now(), LEAF_DAYS),
      publicKey: keys.publicKey,
      signingKey: this.authority.privateKey,
      signingAlgorithm: SIGNING,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(names.map(alternativeName)),
        await x509.AuthorityKeyIdentifierExtension.create(this.authority.certificate),
      ],
    });
    return { certificate, privateKey: keys.privateKey };
  }
}

const alternativeName = (name: string): x509.JsonGeneralName => ({
  type: isIP(name) === 0 ? 'dns' : 'ip',
  value: name,
});

async function makeAuthority(now: Date): Promise<KeyedCertificate> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Local test authority of this machine',
    ...validity(now, AUTHORITY_DAYS),
    keys,
    signingAlgorithm: SIGNING,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate, privateKey: keys.privateKey };
}

function validity(now: Date, days: number): { notBefore: Date; notAfter: Date } {
  const notBefore = new Date(now.getTime() - CLOCK_SKEW_MS);
  return { notBefore, notAfter: new Date(now.getTime() + days * DAY_MS) };
}

/** Positive and of 20 octets at most (RFC 5280 §4.1.2.2). */
const serialNumber = (): string => `01${randomBytes(15).toString('hex')}`;

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY_KIND, true, ['sign', 'verify']);
}

function namesOf(certificate: x509.X509Certificate): readonly string[] {
  const extension = certificate.getExtension(x509.SubjectAlternativeNameExtension);
  return extension?.names.toJSON().map(({ value }) => value) ?? [];
}

function sameNames(held: readonly string[], wanted: readonly string[]): boolean {
  return JSON.stringify(held.toSorted()) === JSON.stringify(wanted.toSorted());
}

async function readPair(folder: string, name: string): Promise<KeyedCertificate | null> {
  const texts = await Promise.all([
    readFile(path.join(folder, `${name}.pem`), 'utf8'),
    readFile(path.join(folder, `${name}.key`), 'utf8'),
  ]).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (texts === null) return null;
  const [first] = x509.PemConverter.decode(texts[0]);
  const [key] = x509.PemConverter.decode(texts[1]);
  if (first === undefined || key === undefined) return null;
  if (!belongTogether(texts[0], texts[1])) return null;
  const privateKey = await webcrypto.subtle.importKey('pkcs8', key, KEY_KIND, true, ['sign']);
  return { certificate: new x509.X509Certificate(first), privateKey };
}

/** A crash between the two writes leaves a new key beside an old certificate. */
function belongTogether(certificatePem: string, keyPem: string): boolean {
  const [ofCertificate, ofKey] = [certificatePem, keyPem].map((pem) =>
    createPublicKey(pem).export({ type: 'spki', format: 'der' }),
  );
  return ofCertificate !== undefined && ofKey !== undefined && ofCertificate.equals(ofKey);
}

async function writePair(
  folder: string,
  name: string,
  pair: KeyedCertificate,
  chain: readonly x509.X509Certificate[],
): Promise<void> {
  const key = x509.PemConverter.encode(
    await webcrypto.subtle.exportKey('pkcs8', pair.privateKey),
    'PRIVATE KEY',
  );
  const certificates = [pair.certificate, ...chain].map((each) => `${each.toString('pem')}\n`).join('');
  await replaceFile(path.join(folder, `${name}.key`), `${key}\n`, 0o600);
  await replaceFile(path.join(folder, `${name}.pem`), certificates, 0o644);
}

async function replaceFile(file: string, text: string, mode: number): Promise<void> {
  await writeFile(`${file}.new`, text, { mode });
  await rename(`${file}.new`, file);
}

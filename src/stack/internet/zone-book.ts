import { getDomain } from 'tldts';

export const RECORD_TYPES = ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

/** Values are as in a zone file, names in them absolute; a TXT value is the whole text, without quotes. */
export interface SandboxRecord {
  readonly name: string;
  readonly type: RecordType;
  readonly value: string;
}

export type DnsFault = 'servfail' | 'timeout';
export type AnswerCode = 'noerror' | 'nxdomain' | 'servfail';

export interface SandboxAnswer {
  readonly code: AnswerCode;
  readonly answers: readonly SandboxRecord[];
  /** The zone's SOA when there is nothing to answer (RFC 2308 §2). */
  readonly authority: readonly SandboxRecord[];
}

type Layer = Map<string, Map<RecordType, readonly string[]>>;

const LONGEST_CHAIN = 8;
export const NAME_SERVER = 'ns.sandbox.example';

/**
 * Everything the sandbox knows of DNS. Records set while running lie above those of the zone files: an empty list of
 * values hides the file's, and unsetting lets them show again. Pure: no socket, no file, no clock.
 */
export class ZoneBook {
  private files: Layer = new Map();
  private readonly overlay: Layer = new Map();
  private readonly faults = new Map<string, DnsFault>();
  private existing: ReadonlySet<string> = new Set();
  private serial = 1;

  constructor(nameServerAddress: string) {
    this.set(NAME_SERVER, 'A', [nameServerAddress]);
  }

  set(name: string, type: RecordType, values: readonly string[]): void {
    put(this.overlay, plainName(name), type, values);
    this.changed();
  }

  /** Without a type: everything that was set for the name. */
  unset(name: string, type?: RecordType): void {
    const known = this.overlay.get(plainName(name));
    if (type === undefined) this.overlay.delete(plainName(name));
    else known?.delete(type);
    this.changed();
  }

  /** From now on questions about the name, and every name below it, fail like this. */
  fail(name: string, fault: DnsFault): void {
    this.faults.set(plainName(name), fault);
  }

  heal(name: string): void {
    this.faults.delete(plainName(name));
  }

  /** Replaces what the zone files say. */
  replaceFiles(records: readonly SandboxRecord[]): void {
    const layer: Layer = new Map();
    for (const { name, type, value } of records) {
      const held = layer.get(plainName(name))?.get(type) ?? [];
      put(layer, plainName(name), type, [...held, value]);
    }
    this.files = layer;
    this.changed();
  }

  /** `silence` means that no answer is to be sent at all. */
  answer(question: string, type: RecordType | 'ANY' | null): SandboxAnswer | 'silence' {
    const answers: SandboxRecord[] = [];
    let name = plainName(question);
    for (let hop = 0; hop < LONGEST_CHAIN; hop += 1) {
      const fault = this.faultOf(name);
      if (fault === 'timeout') return 'silence';
      if (fault === 'servfail') return { code: 'servfail', answers: [], authority: [] };
      const found = type === null ? [] : this.recordsOf(name, type);
      if (found.length > 0) return { code: 'noerror', answers: [...answers, ...found], authority: [] };
      const alias = type === 'CNAME' ? undefined : this.recordsOf(name, 'CNAME')[0];
      if (alias === undefined) return this.nothing(name, answers);
      answers.push(alias);
      name = plainName(alias.value);
    }
    return { code: 'servfail', answers: [], authority: [] };
  }

  /** What is known of one name, its zone's own records included. */
  list(name: string): readonly SandboxRecord[] {
    return this.recordsOf(plainName(name), 'ANY');
  }

  /** NXDOMAIN only where nothing lies below either: a name between two others exists (RFC 8020). */
  private nothing(name: string, answers: readonly SandboxRecord[]): SandboxAnswer {
    const code = this.existing.has(name) || this.wildcardOf(name) !== null ? 'noerror' : 'nxdomain';
    return { code, answers, authority: this.recordsOf(this.zoneOf(name), 'SOA') };
  }

  private recordsOf(name: string, type: RecordType | 'ANY'): readonly SandboxRecord[] {
    const source = this.existing.has(name) ? name : (this.wildcardOf(name) ?? name);
    const types = type === 'ANY' ? RECORD_TYPES : [type];
    return types.flatMap((each) => this.valuesOf(source, each).map((value) => ({ name, type: each, value })));
  }

  private valuesOf(name: string, type: RecordType): readonly string[] {
    const held = this.layered(name, type);
    if (held !== undefined) return held;
    if (!this.isApex(name)) return [];
    if (type === 'NS') return [NAME_SERVER];
    if (type === 'SOA') return [`${NAME_SERVER} hostmaster.sandbox.example ${this.serial} 60 60 3600 1`];
    return [];
  }

  /** Every registrable domain with a record in it is a zone of its own, as on the Internet; so is the root. */
  private isApex(name: string): boolean {
    return (
      name === '' || (this.existing.has(name) && (this.declaresZone(name) || registrable(name) === name))
    );
  }

  private declaresZone(name: string): boolean {
    return this.overlay.get(name)?.has('SOA') === true || this.files.get(name)?.has('SOA') === true;
  }

  private zoneOf(name: string): string {
    return [name, ...ancestors(name)].find((each) => this.isApex(each)) ?? '';
  }

  /** The wildcard that speaks for a name which does not exist itself (RFC 4592 §3.3.1). */
  private wildcardOf(name: string): string | null {
    const encloser = ancestors(name).find((each) => this.existing.has(each)) ?? '';
    const wildcard = encloser === '' ? '*' : `*.${encloser}`;
    return this.existing.has(wildcard) ? wildcard : null;
  }

  private faultOf(name: string): DnsFault | undefined {
    const struck = [name, ...ancestors(name)].find((each) => this.faults.has(each));
    return struck === undefined ? undefined : this.faults.get(struck);
  }

  private changed(): void {
    this.serial += 1;
    const names = new Set<string>(['']);
    for (const name of new Set([...this.files.keys(), ...this.overlay.keys()])) {
      if (!RECORD_TYPES.some((type) => (this.layered(name, type)?.length ?? 0) > 0)) continue;
      for (const each of [name, ...ancestors(name)]) names.add(each);
    }
    this.existing = names;
  }

  private layered(name: string, type: RecordType): readonly string[] | undefined {
    return this.overlay.get(name)?.get(type) ?? this.files.get(name)?.get(type);
  }
}

/** Lower case, no dot at the end. */
const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

const registrable = (name: string): string | null => getDomain(name, { validateHostname: false });

/** Every name above this one, nearest first, the root ('') last. */
function ancestors(name: string): readonly string[] {
  const labels = name.split('.');
  return name === '' ? [] : labels.map((_, index) => labels.slice(index + 1).join('.'));
}

function put(layer: Layer, name: string, type: RecordType, values: readonly string[]): void {
  const known = layer.get(name) ?? new Map<RecordType, readonly string[]>();
  known.set(type, values);
  layer.set(name, known);
}

/** Versions as the programs print them, "3.7.11"; null when a program is not there. */
export interface EngineVersions {
  readonly postfix: string | null;
  readonly dovecot: string | null;
  readonly rspamd: string | null;
}

type Judge = (major: number, minor: number) => boolean;

const KNOWN: readonly { name: keyof EngineVersions; title: string; range: string; fits: Judge }[] = [
  {
    name: 'postfix',
    title: 'Postfix',
    range: '3.5 to 3.10',
    fits: (major, minor) => major === 3 && minor >= 5 && minor <= 10,
  },
  { name: 'dovecot', title: 'Dovecot', range: '2.3', fits: (major, minor) => major === 2 && minor === 3 },
  {
    name: 'rspamd',
    title: 'Rspamd',
    range: '3.4 or a later 3.x',
    fits: (major, minor) => major === 3 && minor >= 4,
  },
];

/** One sentence for the operator per program we have no configuration for; none when all fit. */
export function judgeEngineVersions(versions: EngineVersions): string[] {
  return KNOWN.flatMap(({ name, title, range, fits }) => {
    const version = versions[name];
    if (version === null) {
      return [`${title} is not installed; version ${range} is needed.`];
    }
    const parts = /^(\d+)\.(\d+)/.exec(version);
    if (parts !== null && fits(Number(parts[1]), Number(parts[2]))) {
      return [];
    }
    return [`${title} ${version} is installed, but the configuration is written for ${range}.`];
  });
}

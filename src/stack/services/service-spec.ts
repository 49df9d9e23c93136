import type { StopTarget } from './pid-record.js';

/** How to run one program in the foreground, and how to see that it is ready. */
export interface ServiceSpec {
  /** Also the name of its log and of its pid record. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment it sees besides PATH and LANG: nothing leaks in from the shell. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The stack's folder when not given. */
  readonly workingFolder?: string;
  /** System user to run as; without it the program starts as we are and changes by itself. */
  readonly runAs?: string;
  readonly stopSignal?: NodeJS.Signals;
  readonly stopTarget?: StopTarget;
  readonly stopTimeoutMs?: number;
  /** Resolves once the program serves, rejects while it does not. Asked again until `readyTimeoutMs` is over. */
  readonly readyProbe: Probe;
  readonly readyTimeoutMs?: number;
}

export type Probe = () => Promise<void>;

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The program and its arguments as started: setpriv replaces itself, so the pid stays the program's own. */
export function commandLine(spec: ServiceSpec): readonly string[] {
  const own = [spec.command, ...spec.args];
  if (spec.runAs === undefined) return own;
  return ['setpriv', '--reuid', spec.runAs, '--regid', spec.runAs, '--init-groups', '--', ...own];
}

/** PATH and LANG are fixed: a service must behave alike from a desktop shell and from a bare one. */
export function environmentOf(spec: ServiceSpec): NodeJS.ProcessEnv {
  return { PATH: systemPath, LANG: 'C.UTF-8', ...spec.environment };
}

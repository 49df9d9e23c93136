import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { describeProcess, type PidRecord, removeRecord, writeRecord } from './pid-record.js';
import { endGently, endNow } from './process-ending.js';
import { ServiceLog } from './service-log.js';
import { commandLine, environmentOf, type Probe, type ServiceSpec } from './service-spec.js';

const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
const PROBE_AGAIN_MS = 50;
const FIRST_RESTART_MS = 1_000;
const LONGEST_RESTART_MS = 30_000;
/** A service that ran this long before it ended starts its back-off anew. */
const STEADY_MS = 60_000;

export interface Supervision {
  readonly dataDir: string;
  /** Start the service again when it ends by itself. */
  readonly restart: boolean;
  /** Told about unexpected ends and restarts, one sentence each. */
  readonly report: (line: string) => void;
}

/** One supervised foreground program, in a session of its own so that it can be ended with all its children. */
export class Service {
  private child: ChildProcess | null = null;
  private record: PidRecord | null = null;
  private stopping = false;
  private starting = false;
  private restartDelayMs = FIRST_RESTART_MS;
  private pendingRestart: NodeJS.Timeout | null = null;
  private readonly log: ServiceLog;

  constructor(
    readonly spec: ServiceSpec,
    private readonly supervision: Supervision,
  ) {
    this.log = new ServiceLog(supervision.dataDir, spec.name);
  }

  get name(): string {
    return this.spec.name;
  }

  get pid(): number | null {
    return this.record?.pid ?? null;
  }

  isAlive(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Starts the program and waits until it is ready. @throws with the end of its log when it is not in time. */
  async start(): Promise<void> {
    if (this.isAlive()) return;
    this.stopping = false;
    this.starting = true;
    try {
      await this.launch();
      await this.waitReady(this.spec.readyProbe, this.spec.readyTimeoutMs ?? READY_TIMEOUT_MS);
    } catch (error) {
      if (this.record !== null) await endNow(this.record, this.supervision.dataDir);
      await this.forget();
      throw error;
    } finally {
      this.starting = false;
    }
  }

  /** Ends the program and its children: politely, then by force after the spec's bound. */
  async stop(): Promise<void> {
    this.expectEnd();
    if (this.record === null) return;
    const timeoutMs = this.spec.stopTimeoutMs ?? STOP_TIMEOUT_MS;
    const how = await endGently(this.record, this.supervision.dataDir, timeoutMs);
    if (how === 'killed')
      this.supervision.report(`${this.name} did not stop in ${timeoutMs} ms and was killed.`);
    await this.forget();
  }

  /** Kills the program and its children at once, as a crash would. It is not started again by itself. */
  async kill(): Promise<void> {
    this.expectEnd();
    if (this.record === null) return;
    await endNow(this.record, this.supervision.dataDir);
    await this.forget();
  }

  /** Asks `probe` until it resolves. @throws when the time is over or the program has ended meanwhile. */
  async waitReady(probe: Probe, timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const refusal = await probe().then(
        () => null,
        (error: unknown) => String(error),
      );
      if (!this.isAlive()) throw await this.failure('ended while it was starting', refusal);
      if (refusal === null) return;
      if (Date.now() > deadline) throw await this.failure(`is not ready after ${timeoutMs} ms`, refusal);
      await pause(PROBE_AGAIN_MS);
    }
  }

  private async launch(): Promise<void> {
    const output = await this.log.open();
    try {
      await this.spawnInto(output.fd);
    } finally {
      await output.close();
    }
  }

  private async spawnInto(fd: number): Promise<void> {
    const command = commandLine(this.spec);
    const child = spawn(command[0] ?? '', command.slice(1), {
      detached: true,
      stdio: ['ignore', fd, fd],
      env: environmentOf(this.spec),
      cwd: this.spec.workingFolder ?? this.supervision.dataDir,
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    this.child = child;
    const startedAt = Date.now();
    child.once('exit', (code, signal) => this.ended(child, code ?? signal, Date.now() - startedAt));
    this.record = await describeProcess({
      name: this.name,
      pid: child.pid ?? 0,
      command,
      stopSignal: this.spec.stopSignal ?? 'SIGTERM',
      stopTarget: this.spec.stopTarget ?? 'group',
    });
    if (this.record !== null) await writeRecord(this.supervision.dataDir, this.record);
  }

  private ended(child: ChildProcess, how: number | string | null, ranMs: number): void {
    if (this.stopping || this.starting || child !== this.child) return;
    this.supervision.report(`${this.name} ended by itself (${how ?? 'unknown'}); see ${this.log.file}`);
    if (ranMs > STEADY_MS) this.restartDelayMs = FIRST_RESTART_MS;
    if (this.supervision.restart) this.planRestart();
  }

  private planRestart(): void {
    this.pendingRestart = setTimeout(() => void this.restart(), this.restartDelayMs);
    this.restartDelayMs = Math.min(this.restartDelayMs * 2, LONGEST_RESTART_MS);
  }

  private async restart(): Promise<void> {
    try {
      // Children that outlived their leader still hold its ports.
      if (this.record !== null) await endNow(this.record, this.supervision.dataDir);
      if (this.stopping) return;
      await this.start();
      this.supervision.report(`${this.name} runs again.`);
    } catch (error) {
      this.supervision.report(`${this.name} could not be started again: ${String(error)}`);
      if (!this.stopping) this.planRestart();
    }
  }

  private expectEnd(): void {
    this.stopping = true;
    if (this.pendingRestart !== null) clearTimeout(this.pendingRestart);
    this.pendingRestart = null;
  }

  private async forget(): Promise<void> {
    this.record = null;
    this.child = null;
    await removeRecord(this.supervision.dataDir, this.name);
  }

  private async failure(what: string, refusal: string | null): Promise<Error> {
    const reason = refusal === null ? '' : ` (${refusal})`;
    return new Error(`${this.name} ${what}${reason}. The end of ${this.log.file}:\n${await this.log.tail()}`);
  }
}

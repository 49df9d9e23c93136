import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { FolderClaim } from './folder-claim.js';
import { DnsSandbox } from './internet/dns-sandbox.js';
import { MailSink } from './internet/sink.js';
import { listUnusable, sayUnusable } from './machine/taken-ports.js';
import { listenersOf, portsFrom, type Listener, type Ports } from './ports.js';
import { ensureSecrets } from './secrets.js';
import { Service } from './services/service.js';
import type { ServiceSpec } from './services/service-spec.js';
import { takeOver } from './services/take-over.js';
import { settingsOf, type StackSettings } from './settings.js';
import { startSteps } from './start-steps.js';
import type { StackSite, StackStep } from './steps.js';

/** A demo's services come back when they crash; a test wants to see the crash. */
export type Profile = 'demo' | 'test';

export interface StackPlan {
  readonly dataDir: string;
  readonly portBase: number;
  /** A loopback address of this stack's own, for example 127.87.1.1. */
  readonly sandboxAddress: string;
  readonly profile: Profile;
  /** What to bring up, in order; it goes down the other way round. All that `npm start` brings up when not given. */
  readonly steps?: readonly StackStep[];
  /** The source tree whose build is run; the current folder when not given. */
  readonly checkout?: string;
  /** Told what happens, one short line each. Silence when not given. */
  readonly report?: (line: string) => void;
}

type Undo = () => Promise<void>;

const SINK_PORT = 25;

/** Everything Livery needs of a machine, run privately under one folder on ports of its own. */
export class LocalStack {
  readonly ports: Ports;
  readonly listeners: readonly Listener[];
  readonly dns: DnsSandbox;
  readonly sink: MailSink;
  private readonly byName = new Map<string, Service>();
  private undo: Undo[] = [];
  private known: StackSettings | null = null;

  private constructor(private readonly plan: StackPlan) {
    const { dataDir, sandboxAddress } = plan;
    this.ports = portsFrom(plan.portBase);
    this.listeners = listenersOf(this.ports, sandboxAddress);
    this.dns = new DnsSandbox({
      address: sandboxAddress,
      extraPort: this.ports.dns,
      controlPort: this.ports.dnsControl,
      zoneFolder: path.join(dataDir, 'zones'),
      report: (line) => this.report(line),
    });
    this.sink = new MailSink({
      address: sandboxAddress,
      port: SINK_PORT,
      controlPort: this.ports.sinkControl,
      folder: path.join(dataDir, 'sink'),
    });
  }

  /** Decides everything and touches nothing. @throws RangeError when the port base does not fit. */
  static plan(plan: StackPlan): LocalStack {
    return new LocalStack({ ...plan, dataDir: path.resolve(plan.dataDir) });
  }

  /** Where everything is. @throws before the first start: the secrets are made then. */
  get settings(): StackSettings {
    if (this.known === null) throw new Error('The stack has not been started.');
    return this.known;
  }

  /** A handle on one program, for tests and drills: `kill`, `start`, `isAlive`. @throws when there is no such one. */
  service(name: string): Service {
    const service = this.byName.get(name);
    if (service === undefined)
      throw new Error(`No service "${name}"; there are ${[...this.byName.keys()].join(', ')}.`);
    return service;
  }

  get services(): ReadonlyMap<string, Service> {
    return this.byName;
  }

  /**
   * Takes over what an earlier supervisor left behind, then brings the steps up in order.
   * @param signal ends the start after the step at hand.
   * @throws a sentence when the folder or a port is in use; what was started until then is stopped again.
   */
  async start(signal?: AbortSignal): Promise<void> {
    const claim = await FolderClaim.take(this.plan.dataDir);
    this.undo.push(() => claim.release());
    try {
      await this.clearGround();
      this.known = await this.settle();
      for (const step of this.plan.steps ?? startSteps) {
        signal?.throwIfAborted();
        await this.take(step);
      }
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Stops what this stack started, last first. One that fails to stop does not keep the others running. */
  async stop(): Promise<void> {
    const undo = this.undo.toReversed();
    this.undo = [];
    const failures: unknown[] = [];
    for (const step of undo) {
      await step().catch((error: unknown) => failures.push(error));
    }
    this.byName.clear();
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be stopped.');
  }

  private async clearGround(): Promise<void> {
    const left = await takeOver(this.plan.dataDir);
    if (left.length > 0) this.report(`ended what an earlier start left running: ${left.join(', ')}`);
    const unusable = await listUnusable(this.listeners);
    if (unusable.length > 0) throw new Error(unusable.map(sayUnusable).join('\n'));
  }

  private async settle(): Promise<StackSettings> {
    const { dataDir, sandboxAddress } = this.plan;
    for (const folder of ['', 'run', 'log', 'zones', 'engine']) {
      await mkdir(path.join(dataDir, folder), { recursive: true, mode: 0o755 });
    }
    const checkout = path.resolve(this.plan.checkout ?? '.');
    return settingsOf({ dataDir, checkout, ports: this.ports, sandboxAddress }, await ensureSecrets(dataDir));
  }

  private async take(step: StackStep): Promise<void> {
    const startedAt = performance.now();
    const found = await step.start(this.site());
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    this.report(`${step.title} ${found === undefined ? '' : `(${found}) `}${seconds} s`);
  }

  private site(): StackSite {
    return {
      settings: this.settings,
      dns: this.dns,
      sink: this.sink,
      report: (line) => this.report(line),
      run: (spec) => this.run(spec),
      onStop: (undo) => void this.undo.push(undo),
    };
  }

  private async run(spec: ServiceSpec): Promise<void> {
    const service = new Service(spec, {
      dataDir: this.plan.dataDir,
      restart: this.plan.profile === 'demo',
      report: (line) => this.report(line),
    });
    this.byName.set(spec.name, service);
    this.undo.push(() => service.stop());
    await service.start();
  }

  private report(line: string): void {
    this.plan.report?.(line);
  }
}

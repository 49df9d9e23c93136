import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeProcess, writeRecord } from '../../src/stack/services/pid-record.js';
import { findProcess } from '../../src/stack/services/process-table.js';
import { Service } from '../../src/stack/services/service.js';
import type { ServiceSpec } from '../../src/stack/services/service-spec.js';
import { takeOver } from '../../src/stack/services/take-over.js';

let dataDir: string;
let lines: string[];
let services: Service[];
let strangers: ChildProcess[];

beforeEach(async () => {
  dataDir = await mkdtemp('/var/tmp/supervision-');
  lines = [];
  services = [];
  strangers = [];
});
afterEach(async () => {
  for (const service of services) await service.stop();
  for (const stranger of strangers) stranger.kill('SIGKILL');
  await rm(dataDir, { recursive: true });
});

function shell(script: string, changed: Partial<ServiceSpec> = {}, restart = false): Service {
  const spec: ServiceSpec = {
    name: 'trial',
    command: 'bash',
    args: ['-c', script],
    workingFolder: dataDir,
    readyProbe: () => readFile(path.join(dataDir, 'ready')).then(() => undefined),
    ...changed,
  };
  const service = new Service(spec, { dataDir, restart, report: (line) => lines.push(line) });
  services.push(service);
  return service;
}

const lives = async (pid: number) => {
  const found = await findProcess(pid);
  return found !== null && !found.zombie;
};
const pidIn = async (name: string) => Number(await readFile(path.join(dataDir, name), 'utf8'));

/** A leader with a child in a process group of its own, as a mail server's may be. */
const familyScript = 'set -m; sleep 600 & echo $! > child; touch ready; wait';
/** The same, deaf to the polite request. */
const deafScript = `trap "" TERM; ${familyScript.replace('wait', 'while :; do wait; done')}`;

/** The same again, with nothing about it that belongs to the folder. */
const outsideScript = familyScript.replaceAll('child', '$OLDPWD/child').replace('ready', '$OLDPWD/ready');

describe('a supervised service', () => {
  it('is stopped with its children, whatever groups they made, and leaves no record', async () => {
    const service = shell(familyScript);
    await service.start();
    const [leader, child] = [service.pid ?? 0, await pidIn('child')];
    expect(await lives(child)).toBe(true);
    await service.stop();
    expect([await lives(leader), await lives(child)]).toEqual([false, false]);
    expect(await readdir(path.join(dataDir, 'run'))).toEqual([]);
  });

  it('is killed after the bound when it does not listen, and says so', async () => {
    const service = shell(deafScript, { stopTimeoutMs: 300, stopTarget: 'leader' });
    await service.start();
    const child = await pidIn('child');
    await service.stop();
    expect(await lives(child)).toBe(false);
    expect(lines).toEqual(['trial did not stop in 300 ms and was killed.']);
  });

  it('that never gets ready is ended, and the error shows the end of its log', async () => {
    const service = shell('echo no such map: route; sleep 600', { readyTimeoutMs: 300 });
    await expect(service.start()).rejects.toThrow(/trial is not ready after 300 ms[^]*no such map: route/);
    expect(service.pid).toBeNull();
  });

  it('that ends while starting is reported at once, with its log', async () => {
    const service = shell('echo bad configuration; exit 3', { readyTimeoutMs: 20_000 });
    const startedAt = Date.now();
    await expect(service.start()).rejects.toThrow(/trial ended while it was starting[^]*bad configuration/);
    expect(Date.now() - startedAt).toBeLessThan(3_000);
  });

  it('comes back after a crash where that is wanted, without the orphans of its former life', async () => {
    const service = shell(familyScript, {}, true);
    await service.start();
    const [leader, orphan] = [service.pid ?? 0, await pidIn('child')];
    process.kill(leader, 'SIGKILL');
    await expect.poll(() => lines.at(-1), { timeout: 5_000 }).toBe('trial runs again.');
    expect(lines[0]).toMatch(/trial ended by itself \(SIGKILL\); see .*trial\.log/);
    expect(await lives(orphan)).toBe(false);
    expect(service.pid).not.toBe(leader);
    expect(service.isAlive()).toBe(true);
  });

  it('stays down after a crash where a test wants to see it, and after a kill of ours', async () => {
    const watched = shell(familyScript);
    await watched.start();
    process.kill(watched.pid ?? 0, 'SIGKILL');
    await pause(1_500);
    expect(watched.isAlive()).toBe(false);
    await watched.stop();
    const restarting = shell(familyScript, {}, true);
    await restarting.start();
    await restarting.kill();
    await pause(1_500);
    expect(restarting.isAlive()).toBe(false);
  });
});

describe('taking over', () => {
  it('ends a service with its children', async () => {
    const service = shell(familyScript);
    await service.start();
    const child = await pidIn('child');
    expect(await takeOver(dataDir)).toEqual(['trial']);
    expect([await lives(service.pid ?? 0), await lives(child)]).toEqual([false, false]);
  });

  it('ends the children of a master that is gone', async () => {
    const service = shell(familyScript);
    await service.start();
    const child = await pidIn('child');
    process.kill(service.pid ?? 0, 'SIGKILL');
    await expect.poll(() => service.isAlive()).toBe(false);
    expect(await lives(child)).toBe(true);
    expect(await takeOver(dataDir)).toEqual(['trial']);
    expect(await lives(child)).toBe(false);
  });

  it('never touches a process that only has the number of an earlier one', async () => {
    const stranger = spawn('sleep', ['600'], { detached: true, cwd: dataDir });
    strangers.push(stranger);
    await once(stranger, 'spawn');
    const honest = await describeProcess({
      name: 'trial',
      pid: stranger.pid ?? 0,
      command: ['redis-server'],
      stopSignal: 'SIGTERM',
      stopTarget: 'group',
    });
    await writeRecord(dataDir, { ...honest!, startTicks: honest!.startTicks - 1 });
    expect(await takeOver(dataDir)).toEqual([]);
    expect(await lives(stranger.pid ?? 0)).toBe(true);
    await writeRecord(dataDir, { ...honest!, bootId: 'an earlier boot' });
    expect(await takeOver(dataDir)).toEqual([]);
    expect(await lives(stranger.pid ?? 0)).toBe(true);
  });

  it('never touches a leaderless survivor that does not work in the folder', async () => {
    const service = shell(`cd /; exec > /dev/null 2>&1; ${outsideScript}`);
    await service.start();
    const child = await pidIn('child');
    process.kill(service.pid ?? 0, 'SIGKILL');
    await expect.poll(() => service.isAlive()).toBe(false);
    expect(await takeOver(dataDir)).toEqual([]);
    expect(await lives(child)).toBe(true);
    process.kill(child, 'SIGKILL');
  });
});

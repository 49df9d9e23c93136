import { once } from 'node:events';
import { DEMO } from './demo/demo-plan.js';
import { findDemo } from './demo/demo.step.js';
import { OPERATOR_HOST } from './house/control-plane-environment.js';
import { environment } from '../platform/config/environment.js';
import { readyMachine } from './machine/ready-machine.js';
import { Narrator } from './narrator.js';
import { listRecords } from './services/pid-record.js';
import { LocalStack } from './stack.js';
import { whereaboutsFrom } from './whereabouts.js';

const narrator = new Narrator((text) => process.stdout.write(text));

/** `npm start`: examines the machine, installs what is missing, brings the stack up and keeps it until told to end. */
async function main(): Promise<number> {
  const where = whereaboutsFrom(environment, process.cwd());
  const ending = endOfRun();
  const stack = LocalStack.plan({ ...where, profile: 'demo', report: (line) => narrator.say(line) });
  // Ports held by what an earlier start left behind are free again once it is taken over, which comes later.
  const hasLeftovers = (await listRecords(where.dataDir)).length > 0;
  const listeners = hasLeftovers ? [] : stack.listeners;
  const problems = await readyMachine({ dataDir: where.dataDir, listeners, purpose: 'start' }, narrator);
  if (problems.length > 0) return refuse(problems);
  narrator.say(`folder ${where.dataDir}, ports from ${where.portBase}`);
  await stack.start(ending);
  narrator.page(await whereToLook(stack));
  narrator.page('ready');
  if (!ending.aborted) await once(ending, 'abort');
  narrator.say(`${String(ending.reason)}: stopping`);
  await narrator.step('stopping everything', () => stack.stop());
  return ending.reason instanceof Error ? 1 : 0;
}

function refuse(problems: readonly string[]): number {
  narrator.page(['Nothing was started.', ...problems.map((problem) => `- ${problem}`)].join('\n'));
  return 1;
}

async function whereToLook(stack: LocalStack): Promise<string> {
  const { settings } = stack;
  const { ports } = settings;
  const demo = await findDemo(settings.dataDir);
  const people = (demo?.mailboxes ?? []).map(
    ({ address, password }) => `  ${address.padEnd(32)} ${password}`,
  );
  return [
    '',
    `  API              https://${DEMO.brand.portalHost}:${ports.web}/api/v1   described at /api/docs`,
    `  reseller's key   ${demo?.resellerKey ?? ''}`,
    `  operator         https://${OPERATOR_HOST}:${ports.web}/api/v1   ${demo?.operator.signInName ?? ''} ${demo?.operator.password ?? ''}`,
    '',
    `  Mail programs: mail.fjordnet.localhost, IMAP ${ports.imaps}, POP3 ${ports.pop3s}, sending ${ports.submissions} (TLS) or`,
    `  ${ports.submission} (STARTTLS); trust ${settings.tls.authorityFile}. Sign in as:`,
    '',
    ...people,
    '',
    `  Mail from outside goes to 127.0.0.1:${ports.mx}; what leaves is at ${settings.sink.controlUrl}/messages.`,
    `  DNS is ${settings.dns.address}:53, changed at ${settings.dns.controlUrl}/records.`,
    `  Logs are in ${settings.dataDir}/log. The command line is "npm run livery -- help".`,
    '',
    '  Ctrl-C stops everything that was started here, and nothing else.',
  ].join('\n');
}

/** Aborted by the first reason to end: a signal, the death of what started us, or a mistake of ours. */
function endOfRun(): AbortSignal {
  const controller = new AbortController();
  const end = (reason: unknown) => controller.abort(reason);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, end);
  process.once('disconnect', () => end('the process that started this one is gone'));
  process.on('uncaughtException', end);
  // With the terminal gone there is nobody to tell; the services are stopped all the same.
  process.stdout.on('error', () => end('the terminal is gone'));
  return controller.signal;
}

try {
  process.exitCode = await main();
} catch (error) {
  narrator.page(error instanceof Error ? error.message : `stopped: ${String(error)}`);
  process.exitCode = 1;
}
// The channel to the starting process would keep this one alive.
if (process.connected) process.disconnect();

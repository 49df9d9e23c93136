import 'reflect-metadata';
import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ZodError } from 'zod';
import { AppModule } from './app.module.js';
import { type Command, Misuse, readCommandLine, renderHelp } from './command-line/command.js';
import { databaseCommands } from './command-line/database.commands.js';
import { doctor } from './command-line/doctor.command.js';
import { sellingCommands } from './command-line/selling.commands.js';
import { parseConfiguration } from './platform/config/configuration.js';
import { environment } from './platform/config/environment.js';
import { Refusal } from './platform/http/refusal.js';
import { Log, setLogLevel } from './platform/logging/log.js';

const commands: readonly Command[] = [...databaseCommands, ...sellingCommands, doctor];

/** The operator's command line: what must be done before anybody can sign in, and the doctor. */
const main = async (typed: readonly string[]): Promise<void> => {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  if (typed.length === 0 || typed[0] === 'help') return print(renderHelp(commands));
  const { command, options } = readCommandLine(commands, typed);
  let booted: INestApplicationContext | null = null;
  const rooms = async (): Promise<INestApplicationContext> => (booted ??= await boot());
  try {
    await command.run({ options, rooms, print });
  } finally {
    await (booted as INestApplicationContext | null)?.close();
  }
};

const boot = (): Promise<INestApplicationContext> => {
  setLogLevel('error');
  const configuration = parseConfiguration('control-plane', environment);
  const logger = new Log('Command line');
  return NestFactory.createApplicationContext(AppModule.with(configuration), { logger, abortOnError: false });
};

/** Expected mistakes are said in a sentence; anything else shows where it came from. */
const explain = (fault: unknown): string => {
  if (fault instanceof ZodError)
    return fault.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n');
  if (fault instanceof Misuse || fault instanceof Refusal) return fault.message;
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
};

try {
  await main(process.argv.slice(2));
} catch (fault) {
  process.stderr.write(`${explain(fault)}\n`);
  process.exitCode = 1;
}

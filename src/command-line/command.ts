import { parseArgs } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';

/** What a command has to work with: its options, the rooms, and where to put its answer. */
export interface Call {
  readonly options: Readonly<Record<string, string | undefined>>;
  /** Boots the rooms on first use; commands that need none work without a database. */
  readonly rooms: () => Promise<INestApplicationContext>;
  readonly print: (line: string) => void;
}

export interface Command {
  /** As typed: `reseller create`. */
  readonly words: string;
  readonly does: string;
  /** Option name → what it is. A name that ends in `?` may be left out. */
  readonly options: Readonly<Record<string, string>>;
  run(call: Call): Promise<void>;
}

/** A mistake of whoever typed; shown as it is. */
export class Misuse extends Error {}

const optionNames = (command: Command): string[] =>
  Object.keys(command.options).map((name) => name.replace(/\?$/, ''));

/** The command that the words name, and its options. Throws Misuse with a sentence that says what to type. */
export const readCommandLine = (
  commands: readonly Command[],
  typed: readonly string[],
): { command: Command; options: Record<string, string | undefined> } => {
  const command = commands.find(({ words }) => words === typed.slice(0, words.split(' ').length).join(' '));
  if (!command) throw new Misuse(`There is no such command.\n\n${renderHelp(commands)}`);
  const wished = Object.fromEntries(optionNames(command).map((name) => [name, { type: 'string' as const }]));
  try {
    const args = typed.slice(command.words.split(' ').length);
    const { values } = parseArgs({ args: [...args], options: wished, strict: true });
    const options = values as Record<string, string | undefined>;
    const missing = Object.keys(command.options).filter(
      (name) => !name.endsWith('?') && options[name] === undefined,
    );
    if (missing.length > 0) throw new Error(`Missing: ${missing.map((name) => `--${name}`).join(', ')}.`);
    return { command, options };
  } catch (fault) {
    throw new Misuse(`${fault instanceof Error ? fault.message : String(fault)}\n\n${renderHelp([command])}`);
  }
};

export const renderHelp = (commands: readonly Command[]): string =>
  commands
    .map(({ words, does, options }) =>
      [
        `  ${words}`,
        `      ${does}`,
        ...Object.entries(options).map(
          ([name, what]) =>
            `      --${name.replace(/\?$/, '')} <${what}>${name.endsWith('?') ? ' (optional)' : ''}`,
        ),
      ].join('\n'),
    )
    .join('\n');

/** The value of an option that is known to be there. */
export const given = (call: Call, name: string): string => {
  const value = call.options[name];
  if (value === undefined) throw new Misuse(`Missing: --${name}.`);
  return value;
};

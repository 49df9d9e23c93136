import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { EngineSettings } from '#libs/engine-config';

/** Enough to notice a file of another kind or another version; the stack that writes it is typed. */
const Outline = z.looseObject({
  rootFolder: z.string().startsWith('/'),
  nodeName: z.string().min(1),
  internalAddress: z.string().min(1),
  ports: z.record(z.string(), z.int().min(1).max(65_535)),
  accounts: z.record(z.string(), z.string().min(1)),
});

/** @throws one sentence when the file is missing or is not the settings of an engine node. */
export const readEngineSettings = (file: string): EngineSettings => {
  const parsed = Outline.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new Error(`The engine settings in ${file} are not complete: ${fields}.`);
  }
  return parsed.data as unknown as EngineSettings;
};

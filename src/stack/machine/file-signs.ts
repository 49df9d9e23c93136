import { access, readdir } from 'node:fs/promises';
import path from 'node:path';

/** Whether some file fits the pattern: an absolute path whose components may hold `*`. */
export async function someFileFits(pattern: string): Promise<boolean> {
  return fits(
    '/',
    pattern.split('/').filter((component) => component !== ''),
  );
}

async function fits(folder: string, components: readonly string[]): Promise<boolean> {
  const [component, ...rest] = components;
  if (component === undefined) return exists(folder);
  if (!component.includes('*')) return fits(path.join(folder, component), rest);
  const shape = new RegExp(`^${component.split('*').map(escapeShape).join('.*')}$`);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (shape.test(name) && (await fits(path.join(folder, name), rest))) return true;
  }
  return false;
}

const escapeShape = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

import { Misuse } from './command.js';

const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** "10GB", "500 MB" or plain bytes; decimal units, as storage is sold. */
export const parseBytes = (text: string): number => {
  const [, amount, unit = 'B'] = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB)?$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit.toUpperCase()];
  if (amount === undefined || factor === undefined)
    throw new Misuse(`Not a size: ${text}. Write it like 10GB.`);
  return Math.round(Number(amount) * factor);
};

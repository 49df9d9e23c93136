/** What a letter says, before it is written as plain text and as HTML. */
export interface LetterText {
  readonly subject: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  /** The brand, and how to reach it. */
  readonly signature: readonly string[];
}

export const renderText = ({ greeting, paragraphs, signature }: LetterText): string =>
  `${[greeting, ...paragraphs, signature.join('\n')].join('\n\n')}\n`;

/** Nothing but text: no picture and no link, so that there is nothing to be tracked by or tricked with. */
export const renderHtml = ({ subject, greeting, paragraphs, signature }: LetterText): string => {
  const blocks = [greeting, ...paragraphs].map((block) => `<p>${escape(block)}</p>`);
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${escape(subject)}</title></head>`,
    '<body style="font-family: sans-serif; line-height: 1.5; max-width: 36em">',
    ...blocks,
    `<p>${signature.map(escape).join('<br>')}</p>`,
    '</body></html>',
    '',
  ].join('\n');
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

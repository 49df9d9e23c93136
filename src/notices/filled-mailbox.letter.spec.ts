import { describe, expect, it } from 'vitest';
import { type FilledMailbox, renderContactLetter, renderOwnerLetter } from './filled-mailbox.letter.js';
import { renderHtml, renderText } from './letter-text.js';

const mailbox: FilledMailbox = {
  address: 'ana@lindqvist.example',
  displayName: 'Ana Öberg',
  tenantName: 'Bakery Lindqvist',
  brandName: 'Fjord Mail',
  supportEmail: 'support@fjordnet.example',
  percent: 90,
};

const ENGINE_WORDS = /livery|postfix|dovecot|rspamd|smtp|imap|quota|4\d\d/i;

describe('the letter about a mailbox that fills up', () => {
  it('says how full it is, what to do, and whom to ask', () => {
    const { subject, ...letter } = renderOwnerLetter(mailbox);
    expect(subject).toBe('Your mailbox ana@lindqvist.example is 90 % full');
    const text = renderText({ subject, ...letter });
    for (const words of ['90 % full', 'Trash', 'Bakery Lindqvist', 'Fjord Mail\nsupport@fjordnet.example'])
      expect(text).toContain(words);
  });

  it('says at 100 % that mail is waiting and not lost', () => {
    for (const render of [renderOwnerLetter, renderContactLetter]) {
      const text = renderText(render({ ...mailbox, percent: 100 }));
      expect(text).toContain('is full');
      expect(text).toContain('not lost');
    }
  });

  it('uses no word of the engine and no name but the brand’s', () => {
    for (const percent of [80, 90, 95, 100]) {
      expect(renderText(renderOwnerLetter({ ...mailbox, percent }))).not.toMatch(ENGINE_WORDS);
      expect(renderText(renderContactLetter({ ...mailbox, percent }))).not.toMatch(ENGINE_WORDS);
    }
  });

  it('shows names as text, whatever somebody called themselves', () => {
    const html = renderHtml(
      renderOwnerLetter({ ...mailbox, displayName: '<img src=x onerror="x">', tenantName: 'A & B' }),
    );
    expect(html).toContain('&lt;img src=x onerror=&quot;x&quot;&gt;');
    expect(html).toContain('A &amp; B');
    expect(html).not.toContain('<img');
  });
});

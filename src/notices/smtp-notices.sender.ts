import { Injectable } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { Configuration } from '../platform/config/config.module.js';
import { type Letter, NoticesSender } from './notices.sender.js';

// Together below the half minute after which the database ends an idle transaction: a reaction holds one.
const TIMEOUTS = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 15_000 } as const;

/**
 * Hands letters to the mail system's own door for notices, on a private address and without TLS. What it writes says
 * nothing of us: neither the name of the machine nor that of the program.
 */
@Injectable()
export class SmtpNoticesSender extends NoticesSender {
  private readonly transport;

  constructor(configuration: Configuration) {
    super();
    const { host, port } = readAddress(configuration.NOTICES_ADDRESS);
    this.transport = createTransport({
      host,
      port,
      ...TIMEOUTS,
      secure: false,
      ignoreTLS: true,
      name: 'localhost',
    });
  }

  async send(letter: Letter): Promise<void> {
    const { messageId, from, replyTo, to, subject, text, html } = letter;
    await this.transport.sendMail({
      envelope: { from: from.address, to: [to.address] },
      from,
      replyTo,
      to,
      subject,
      text,
      html,
      messageId: `<${messageId}>`,
      // RFC 3834 §5.1: absence notes and lists do not answer it.
      headers: { 'Auto-Submitted': 'auto-generated' },
      xMailer: false,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }
}

/** `host:port`, the host of an IPv6 address in brackets. */
const readAddress = (text: string): { host: string; port: number } => {
  const { hostname, port } = new URL(`smtp://${text}`);
  return { host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port) };
};

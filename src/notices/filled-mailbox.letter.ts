import type { LetterText } from './letter-text.js';

/** What is known of a mailbox that fills up, as people read it. */
export interface FilledMailbox {
  readonly address: string;
  readonly displayName: string;
  readonly tenantName: string;
  readonly brandName: string;
  readonly supportEmail: string;
  readonly percent: number;
}

const MAKE_ROOM =
  'To make room, delete what is no longer needed, and empty the folders Trash and Junk. Large attachments help most.';
const MAIL_WAITS =
  'New mail cannot be delivered at the moment. It is not lost: those who wrote it keep it and try again for some ' +
  'days, so it will arrive by itself once there is room.';

/** To whoever reads the mailbox. */
export const renderOwnerLetter = (mailbox: FilledMailbox): LetterText => {
  const { address, displayName, tenantName, percent } = mailbox;
  const state = percent >= 100 ? 'full' : `${percent} % full`;
  return {
    subject: `Your mailbox ${address} is ${state}`,
    greeting: `Hello ${displayName},`,
    paragraphs: [
      percent >= 100
        ? `Your mailbox ${address} is full. ${MAIL_WAITS}`
        : `Your mailbox ${address} is ${state}. Everything still works; this is only to let you know in good time.`,
      MAKE_ROOM,
      `If you need a larger mailbox, ask whoever looks after mail at ${tenantName}.`,
    ],
    signature: signatureOf(mailbox),
  };
};

/** To the contact of the account, when somebody's mail has stopped coming in. */
export const renderContactLetter = (mailbox: FilledMailbox): LetterText => ({
  subject: `The mailbox ${mailbox.address} is full`,
  greeting: 'Hello,',
  paragraphs: [
    `The mailbox ${mailbox.address} (${mailbox.displayName}) at ${mailbox.tenantName} is full. ${MAIL_WAITS}`,
    `${MAKE_ROOM} You can also give this mailbox more room, as far as its plan allows.`,
    'We have told the person who uses the mailbox as well.',
  ],
  signature: signatureOf(mailbox),
});

const signatureOf = ({ brandName, supportEmail }: FilledMailbox): string[] => [brandName, supportEmail];

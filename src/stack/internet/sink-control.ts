import { z } from 'zod';
import type { ControlRoute } from './control-server.js';
import type { SinkRefusal, SunkMessage } from './sink-mail.js';

interface ControlledSink {
  readonly messages: readonly SunkMessage[];
  refuse(refusal: SinkRefusal): void;
  accept(): void;
  clear(): void;
}

const Refusal = z.object({
  stage: z.enum(['recipient', 'content']),
  recipient: z.string().min(1).optional(),
  code: z.int().min(400).max(599),
  sentence: z.string().min(1),
});

/** The sink over HTTP, for a person looking at a running demo; README.md shows the calls. */
export const sinkControlRoutes = (sink: ControlledSink): Record<string, ControlRoute> => ({
  'GET /messages': (asked) => {
    const recipient = asked.get('recipient');
    return sink.messages.filter((each) => recipient === null || each.recipients.includes(recipient));
  },
  'DELETE /messages': () => sink.clear(),
  'PUT /refusals': (_, body) => {
    const { recipient, ...refusal } = Refusal.parse(body);
    sink.refuse(recipient === undefined ? refusal : { ...refusal, recipient });
    return refusal;
  },
  'DELETE /refusals': () => sink.accept(),
});

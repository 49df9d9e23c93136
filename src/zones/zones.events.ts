import { z } from 'zod';
import { event } from '../platform/events/event.js';

/** A verified domain got its signing key: the brand's zone lacks it still. */
export const dkimKeyMade = event('dkim-key.made', z.object({ domainId: z.uuid(), brandId: z.uuid() }));

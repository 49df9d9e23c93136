import { z } from 'zod';
import { event } from '../platform/events/event.js';

const Subject = z.object({ domainId: z.uuid(), brandId: z.uuid() });

/** A claim was proven: from now on the domain takes part in mail. */
export const domainVerified = event('domain.verified', Subject);

/** A verified domain was given up: it takes no part in mail any more. */
export const domainReleased = event('domain.released', Subject);

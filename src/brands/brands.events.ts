import { z } from 'zod';
import { event } from '../platform/events/event.js';

/** A brand has a name in DNS from now on. */
export const brandMade = event('brand.made', z.object({ brandId: z.uuid() }));

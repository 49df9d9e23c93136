import { z } from 'zod';
import type { ControlRoute } from './control-server.js';
import { RECORD_TYPES, type ZoneBook } from './zone-book.js';

const name = z.string().min(1);
const type = z.enum(RECORD_TYPES);
const Wish = z.object({ name, type, values: z.array(z.string()) });
const Target = z.object({ name, type: type.optional() });
const Fault = z.object({ name, fault: z.enum(['servfail', 'timeout']) });

/** The sandbox's records over HTTP, so that a running demo can be changed; README.md shows the calls. */
export const dnsControlRoutes = (book: ZoneBook): Record<string, ControlRoute> => ({
  'GET /records': (asked) => book.list(name.parse(asked.get('name'))),
  'PUT /records': (_, body) => {
    const wish = Wish.parse(body);
    book.set(wish.name, wish.type, wish.values);
    return book.list(wish.name);
  },
  'DELETE /records': (_, body) => {
    const target = Target.parse(body);
    book.unset(target.name, target.type);
    return book.list(target.name);
  },
  'PUT /faults': (_, body) => {
    const wish = Fault.parse(body);
    book.fail(wish.name, wish.fault);
    return wish;
  },
  'DELETE /faults': (_, body) => {
    const target = z.object({ name }).parse(body);
    book.heal(target.name);
    return target;
  },
});

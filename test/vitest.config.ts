import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

const conditions = ['livery-source'];

/** Nest needs the types of constructor parameters at run time. */
const oxc = { decorator: { legacy: true, emitDecoratorMetadata: true } };

const tier = (name: string, include: string[], timeoutMs: number, rest: object = {}) => ({
  oxc,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { name, include, testTimeout: timeoutMs, hookTimeout: 180_000, root, ...rest },
});

/** One tier at a time: the suites with services share two cores with the services. */
export default defineConfig({
  test: {
    root,
    projects: [
      tier('unit', ['src/**/*.spec.ts', 'libs/**/*.spec.ts', 'test/golden/**/*.spec.ts'], 20_000),
      tier('contracts', ['test/contracts/**/*.spec.ts'], 60_000),
      tier('rooms', ['test/rooms/**/*.spec.ts'], 120_000, {
        fileParallelism: false,
        globalSetup: ['test/rooms/cluster.ts'],
      }),
      tier('directory', ['test/directory/**/*.spec.ts'], 300_000, { fileParallelism: false }),
      tier('stack', ['test/stack/**/*.spec.ts'], 300_000, { fileParallelism: false }),
      tier('house', ['test/{journeys,isolation,engine,survival}/**/*.spec.ts'], 600_000, {
        fileParallelism: false,
      }),
      // What takes longer than a guard of main may: run by `npm run test:long`.
      tier('long', ['test/**/*.long.ts'], 900_000, { fileParallelism: false }),
    ],
  },
});

/**
 * The one place that reads the process environment. Everything else is handed what it needs, so that a test can
 * say what the environment is.
 */
export const environment: Readonly<Record<string, string | undefined>> = Object.freeze({ ...process.env });

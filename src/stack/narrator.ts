const MS_PER_SECOND = 1000;

/** Short lines on the terminal, each with the seconds since the start in front. */
export class Narrator {
  private readonly startedAt = performance.now();

  constructor(private readonly write: (text: string) => void) {}

  say(line: string): void {
    const seconds = ((performance.now() - this.startedAt) / MS_PER_SECOND).toFixed(1).padStart(6);
    for (const each of line.split('\n')) this.write(`${seconds} s  ${each}\n`);
  }

  /** Says the step before it begins and how long it took when it is done. */
  async step<T>(step: string, work: () => Promise<T>): Promise<T> {
    this.say(`${step} …`);
    const startedAt = performance.now();
    const result = await work();
    const seconds = ((performance.now() - startedAt) / MS_PER_SECOND).toFixed(1);
    this.say(`${step}: done in ${seconds} s`);
    return result;
  }

  /** Text as it is, without times: a page to read. */
  page(text: string): void {
    this.write(`${text}\n`);
  }
}

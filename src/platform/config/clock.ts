import { Injectable } from '@nestjs/common';

/** The time, injected so that a test can move it. Always UTC. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}

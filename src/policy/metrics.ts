import { Counter, Histogram } from 'prom-client';
import { metrics } from '../platform/operations/operations-server.js';

const registers = [metrics];

export const policyAnswers = new Counter({
  name: 'livery_policy_answers_total',
  help: 'Answers to the mail server',
  labelNames: ['answer'],
  registers,
});
export const policyFaults = new Counter({
  name: 'livery_policy_faults_total',
  help: 'Faults answered with no opinion; "counters" means each node counted alone',
  labelNames: ['kind'],
  registers,
});
export const policySeconds = new Histogram({
  name: 'livery_policy_answer_seconds',
  help: 'Time to an answer',
  buckets: [0.001, 0.005, 0.02, 0.05, 0.1, 0.5, 1],
  registers,
});

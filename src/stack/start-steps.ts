import { houseSteps } from './house/house-steps.js';
import { demo } from './demo/demo.step.js';
import { groundSteps, type StackStep } from './steps.js';

/** What `npm start` brings up, in order. */
export const startSteps: readonly StackStep[] = [...groundSteps, ...houseSteps, demo];

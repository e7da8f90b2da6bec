export { type Asked, askRepair } from './ask.ts';
export type { Lent, RepairDeps } from './deps.ts';
export { followRepairs } from './follow.ts';
export { pressRepair } from './press.ts';

export { readIntent, SURE_ENOUGH } from './read-intent.ts';

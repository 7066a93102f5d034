export { watchUnit } from './stream.ts';

import { expect, test } from 'vitest';
import { descriptorLimit, parseDescriptorLimit } from '../../src/transport/descriptor-limit.ts';

const text = `Limit                     Soft Limit           Hard Limit           Units     
Max processes             96326                96326                processes 
Max open files            1024                 524288               files     
Max locked memory         8388608              8388608              bytes     
`;

test('the soft limit of open files is found', () => expect(parseDescriptorLimit(text)).toBe(1_024));

test('where there is no bound, or no such line, none is known', () => {
  expect(parseDescriptorLimit(text.replace('1024  ', 'unlimited'))).toBe(undefined);
  expect(parseDescriptorLimit('')).toBe(undefined);
});

test('this process has one, or does not know', () => {
  expect(descriptorLimit() ?? 1).toBeGreaterThan(0);
});

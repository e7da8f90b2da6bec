import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';

/** Compares with a kept file; UPDATE_GOLDEN=1 rewrites it. */
export function matchesGolden(file: URL, actual: unknown): void {
  const text = `${JSON.stringify(actual, undefined, 1)}\n`;
  if (process.env.UPDATE_GOLDEN === '1') {
    writeFileSync(file, text);
    return;
  }
  assert.ok(existsSync(file), `${file.pathname} is missing: UPDATE_GOLDEN=1 writes it`);
  assert.equal(text, readFileSync(file, 'utf8'));
}

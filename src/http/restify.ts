import { ServerResponse } from 'node:http';
import restify from 'restify';

/**
 * Loading restify replaces writeHead of every server in the process by one that returns nothing; Node's
 * returns the response, and code beside us (`writeHead(404).end()`) counts on that.
 */
const patched = ServerResponse.prototype.writeHead as (...args: unknown[]) => unknown;
ServerResponse.prototype.writeHead = function writeHead(this: ServerResponse, ...args: unknown[]) {
  patched.apply(this, args);
  return this;
} as typeof ServerResponse.prototype.writeHead;

export { restify };

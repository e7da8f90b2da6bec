import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Log } from '../core/ports.ts';

/** How many requests came, how they were answered, and how long that took. */
export function createRequestMetrics(registry: Registry) {
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests by route and status',
    labelNames: ['route', 'status'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'http_request_seconds',
    help: 'Time from a request to its whole answer',
    labelNames: ['route'],
    buckets: [0.005, 0.02, 0.05, 0.15, 0.5, 1, 5, 15],
    registers: [registry],
  });
  return (route: string, status: number, took: number): void => {
    requests.inc({ route, status });
    seconds.observe({ route }, took);
  };
}

export interface MetricsServer {
  listen(port: number): Promise<void>;
  readonly port: number;
  close(): Promise<void>;
}

/** `GET /metrics`, on loopback only and on a port of its own. */
export function createMetricsServer(deps: {
  readonly registry: Registry;
  readonly log: Log;
}): MetricsServer {
  const { registry, log } = deps;
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.statusCode = 404;
      response.end();
      return;
    }
    registry.metrics().then(
      (text) => {
        response.setHeader('Content-Type', registry.contentType);
        response.end(text);
      },
      (error: unknown) => {
        log.error('metrics-failed', { error });
        response.statusCode = 503;
        response.end();
      },
    );
  });
  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => {
          server.off('error', reject);
          resolve();
        });
      }),
    get port() {
      return (server.address() as AddressInfo).port;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

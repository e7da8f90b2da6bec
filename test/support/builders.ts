import type { AzureExtension, AzureMachine } from '../../src/core/azure.ts';
import type { Evidence } from '../../src/core/evidence.ts';
import type { MachineName, SiteCode } from '../../src/core/ids.ts';
import type { Diagnosis, Finding, KeptCheck } from '../../src/core/network-check.ts';
import type { ExtensionName } from '../../src/core/roll-out.ts';

export function aFinding(changes: Partial<Finding> = {}): Finding {
  return {
    id: 'proxy-bypass-missing',
    severity: 'error',
    owner: 'network',
    confidence: 0.9,
    endpoints: [],
    cause: { ja: 'バイパスがありません。', en: 'The bypass is missing.' },
    remedy: { ja: 'バイパスを設定してください。', en: 'Set the bypass.' },
    commands: [],
    source: 'test',
    ...changes,
  };
}

export function aDiagnosis(changes: Partial<Diagnosis> = {}): Diagnosis {
  return {
    kind: 'check',
    verdict: 'healthy',
    endpoints: [],
    findings: [],
    errors: [],
    facts: {},
    ...changes,
  };
}

export function aCheck(checkedAt: Date, changes: Partial<Diagnosis> = {}): KeptCheck {
  return {
    machine: 'SV-OSK-03' as MachineName,
    site: 'osaka-01' as SiteCode,
    checkedAt,
    diagnosis: aDiagnosis(changes),
  };
}

export function anExtension(
  extension: ExtensionName,
  changes: Partial<AzureExtension> = {},
): AzureExtension {
  const type = extension === 'MDE' ? 'MDE.Windows' : 'AzureMonitorWindowsAgent';
  return {
    extension,
    name: type,
    publisher: 'test',
    type,
    provisioningState: 'succeeded',
    version: '1.0.0.0',
    ...changes,
  };
}

export function anAzureMachine(name: string, changes: Partial<AzureMachine> = {}): AzureMachine {
  return {
    resourceId: `/subscriptions/s/resourceGroups/rg-arc-jpe/providers/Microsoft.HybridCompute/machines/${name}`,
    name,
    resourceGroup: 'rg-arc-jpe',
    subscriptionId: 's',
    location: 'japaneast',
    status: 'connected',
    proxyBypass: ['Arc'],
    tags: {},
    addresses: [],
    extensions: [anExtension('MDE'), anExtension('AMA')],
    ...changes,
  };
}

export function anEvidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    machine: 'SV-OSK-03' as MachineName,
    marks: {},
    dataSeenAt: {},
    quarantined: false,
    ...changes,
  };
}

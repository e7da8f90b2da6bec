/**
 * Machines as Resource Graph is asked for them, after Microsoft's sample for Arc-enabled servers
 * (MicrosoftDocs/azure-management-docs, articles/azure-arc/includes/azure-arc-enabled-servers.md).
 * `id` stays in the result and the order is stable, so that `$skipToken` works.
 */
const MACHINES = `resources
| where type =~ 'microsoft.hybridcompute/machines'
| project id, machineKey = tolower(id), name, location, tags,
    status = properties.status, lastStatusChange = properties.lastStatusChange,
    agentVersion = properties.agentVersion, vmUuid = properties.vmUuid, vmId = properties.vmId,
    privateLinkScopeResourceId = properties.privateLinkScopeResourceId,
    agentConfiguration = properties.agentConfiguration, networkProfile = properties.networkProfile`;

const EXTENSIONS = `resources
| where type =~ 'microsoft.hybridcompute/machines/extensions'
| extend machineKey = tolower(substring(id, 0, indexof(tolower(id), '/extensions/')))`;

const FIELDS = `publisher = tostring(properties.publisher), type = tostring(properties.type),
    provisioningState = tostring(properties.provisioningState), typeHandlerVersion = tostring(properties.typeHandlerVersion),
    message = tostring(properties.instanceView.status.message)`;

const RULES = `insightsresources
| where type =~ 'microsoft.insights/datacollectionruleassociations'
| where id contains '/microsoft.hybridcompute/machines/'
| extend machineKey = tolower(substring(id, 0, indexof(tolower(id), '/providers/microsoft.insights/')))
| extend rule = tolower(tostring(properties.dataCollectionRuleId))
| where isnotempty(rule)`;

/** Everything about a machine in one row. */
export const JOINED_QUERY = `${MACHINES}
| join kind=leftouter (
${EXTENSIONS}
| extend ext = pack('name', name, 'publisher', tostring(properties.publisher), 'type', tostring(properties.type),
    'provisioningState', tostring(properties.provisioningState), 'typeHandlerVersion', tostring(properties.typeHandlerVersion),
    'message', tostring(properties.instanceView.status.message))
| summarize extensions = make_list(ext) by machineKey
) on machineKey
| join kind=leftouter (
${RULES}
| summarize rules = make_set(rule) by machineKey
) on machineKey
| project-away machineKey1, machineKey2
| order by id asc`;

/** Where a join is refused: the same in parts. */
export const MACHINES_QUERY = `${MACHINES}
| order by id asc`;

export const EXTENSIONS_QUERY = `${EXTENSIONS}
| project id, machineKey, name, ${FIELDS}
| order by id asc`;

/** Many machines to a row, or a page for every thousand of them would be needed. */
export const RULES_QUERY = `${RULES}
| extend bucket = substring(machineKey, strlen(machineKey) - 2)
| summarize machines = make_set(machineKey) by rule, bucket
| order by rule asc, bucket asc`;

/** Rows a page; Resource Graph gives no more. */
export const PAGE_ROWS = 1000;
/** Of rows that hold many machines each. */
export const RULE_ROWS = 10;

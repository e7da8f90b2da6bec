/**
 * Machines with their extensions in one Resource Graph query, after Microsoft's sample for Arc-enabled
 * servers (MicrosoftDocs/azure-management-docs, articles/azure-arc/includes/azure-arc-enabled-servers.md).
 * `id` stays in the result and the order is stable, so that `$skipToken` works.
 */
export const FLEET_QUERY = `resources
| where type =~ 'microsoft.hybridcompute/machines'
| project id, machineKey = tolower(id), name, location, tags,
    status = properties.status, lastStatusChange = properties.lastStatusChange,
    agentVersion = properties.agentVersion, vmUuid = properties.vmUuid,
    privateLinkScopeResourceId = properties.privateLinkScopeResourceId,
    agentConfiguration = properties.agentConfiguration, networkProfile = properties.networkProfile
| join kind=leftouter (
    resources
    | where type =~ 'microsoft.hybridcompute/machines/extensions'
    | extend machineKey = tolower(substring(id, 0, indexof(tolower(id), '/extensions/')))
    | extend ext = pack('name', name, 'publisher', tostring(properties.publisher), 'type', tostring(properties.type),
        'provisioningState', tostring(properties.provisioningState), 'typeHandlerVersion', tostring(properties.typeHandlerVersion),
        'message', tostring(properties.instanceView.status.message))
    | summarize extensions = make_list(ext) by machineKey
  ) on machineKey
| project-away machineKey1
| order by id asc`;

/** Rows a page; Resource Graph gives no more. */
export const PAGE_ROWS = 1000;

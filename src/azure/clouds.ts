/** Azure's clouds as azcmagent names them: where ARM and the logs are, and for which audience a token is asked. */
export interface Cloud {
  readonly armEndpoint: string;
  readonly armScope: string;
  readonly logsEndpoint: string;
  readonly logsScope: string;
}

export const CLOUDS = {
  AzureCloud: cloud('https://management.azure.com', 'https://api.loganalytics.io'),
  AzureUSGovernment: cloud('https://management.usgovcloudapi.net', 'https://api.loganalytics.us'),
  AzureChinaCloud: cloud(
    'https://management.chinacloudapi.cn',
    'https://api.loganalytics.azure.cn',
  ),
} as const satisfies Record<string, Cloud>;

export type CloudName = keyof typeof CLOUDS;

function cloud(armEndpoint: string, logsEndpoint: string): Cloud {
  return {
    armEndpoint,
    armScope: `${armEndpoint}/.default`,
    logsEndpoint,
    logsScope: `${logsEndpoint}/.default`,
  };
}

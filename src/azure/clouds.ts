/** Azure's clouds as azcmagent names them: where ARM is, and for which audience a token is asked. */
export interface Cloud {
  readonly armEndpoint: string;
  readonly armScope: string;
}

export const CLOUDS = {
  AzureCloud: cloud('https://management.azure.com'),
  AzureUSGovernment: cloud('https://management.usgovcloudapi.net'),
  AzureChinaCloud: cloud('https://management.chinacloudapi.cn'),
} as const satisfies Record<string, Cloud>;

export type CloudName = keyof typeof CLOUDS;

function cloud(armEndpoint: string): Cloud {
  return { armEndpoint, armScope: `${armEndpoint}/.default` };
}

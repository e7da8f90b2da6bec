export {
  BYPASS_WORDS,
  ENDPOINTS,
  type Endpoint,
  entryFor,
  hostOf,
  PRIVATE_LINK_PROBES,
  privateLinkHosts,
} from './catalogue.ts';
export { type FormOptions, formCsv, requestForm } from './request-form.ts';
export { missingRows, type RequirementOptions, requirementsFor } from './requirements.ts';

/** The city of the trial school and of the tests: the same HTTP API from a store of its own. */
export { type EmbeddedCity, type EmbeddedCityOptions, startEmbeddedCity } from './city.ts';
export { type FaultName, type FaultPlan, faultNames, readFaults } from './fault-plan.ts';
export { type CityFaults, cityFaults } from './faults.ts';
export { fillTrialCity } from './fill.ts';
export { type PlantedDifferences, receiptStatementName, receiptStatementOf } from './receipt-statement.ts';
export { type CityRecord, type CitySettings, type CityStore, openCityStore } from './store.ts';
export type { RefusalRule, Verdict } from './submissions.ts';
export { type CityThread, startCityThread } from './worker.ts';

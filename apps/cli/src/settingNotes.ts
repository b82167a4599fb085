import { type SettingEntry, settingTable } from '@tertulia/server'

const WIDTH = Math.max(...settingTable.map(({ variable }) => variable.length)) + 2

const lineOf = ({ variable, default: value, meaning }: SettingEntry): string =>
  `  ${variable.padEnd(WIDTH)}${meaning}${value ? ` (${value})` : ''}`

/** All settings with their defaults, as `--help` shows them. */
export const settingNotes = `SETTINGS (with their defaults)

${settingTable.map(lineOf).join('\n')}
  ${'TERTULIA_LIMIT_<NAME>'.padEnd(WIDTH)}A limit that can be tuned, such as TERTULIA_LIMIT_SENDS_PER_SECOND=10.`

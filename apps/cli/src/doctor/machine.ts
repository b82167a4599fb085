import { existsSync, statfsSync, statSync } from 'node:fs'
import type { Config } from '@tertulia/server'
import type { Advice } from './advice.ts'

const GIB = 2 ** 30
const LEAST_FREE = 2 * GIB
const LEAST_FILES = 4096
const OTHERS = 0o077

/** What the machine gives: room, files, and who else may look. */
export function machineAdvice({ dataDir, databaseUrl }: Config): Advice[] {
  const folder = databaseUrl === null && existsSync(dataDir) ? folderAdvice(dataDir) : []
  return [...folder, ...filesAdvice()]
}

function folderAdvice(dataDir: string): Advice[] {
  const advice: Advice[] = []
  const { bavail, bsize } = statfsSync(dataDir)
  const free = bavail * bsize
  if (free < LEAST_FREE)
    advice.push({
      what: `the disk of ${dataDir} has ${(free / GIB).toFixed(1)} GiB left`,
      why: 'when it is full, nothing can be sent any more',
      fix: 'make room, or move the folder and set TERTULIA_DATA_DIR',
    })
  if (process.platform !== 'win32' && (statSync(dataDir).mode & OTHERS) !== 0)
    advice.push({
      what: `others on this machine may look into ${dataDir}`,
      why: 'all messages are in it',
      fix: `chmod 700 ${dataDir}`,
    })
  return advice
}

interface Report {
  readonly userLimits?: { readonly open_files?: { readonly soft: number | string } }
}

/** Every connection is an open file. */
function filesAdvice(): Advice[] {
  const { userLimits } = process.report.getReport() as Report
  const soft = Number(userLimits?.open_files?.soft ?? 'unlimited')
  if (!Number.isFinite(soft) || soft >= LEAST_FILES) return []
  return [
    {
      what: `this process may open ${soft} files`,
      why: 'each connection is one of them',
      fix: 'ulimit -n 65536, or LimitNOFILE=65536 in the unit of systemd',
    },
  ]
}

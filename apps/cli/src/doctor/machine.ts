import { accessSync, constants, statfsSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { Config } from '@tertulia/server'
import type { Advice } from './advice.ts'

const GIB = 2 ** 30
const LEAST_FREE = 2 * GIB
const LEAST_FILES = 4096
const OTHERS = 0o077

/** What the machine gives: room, files, and who else may look. */
export function machineAdvice({ dataDir, databaseUrl }: Config): Advice[] {
  const folder = databaseUrl === null ? placeAdvice(dataDir) : []
  return [...folder, ...filesAdvice()]
}

/** The data folder, or where it will be made. */
function placeAdvice(dataDir: string): Advice[] {
  const place = nearest(resolve(dataDir))
  if (!statSync(place).isDirectory())
    return [
      {
        what: `${place} is a file`,
        why: `the data folder ${dataDir} cannot be made there, and the server will not start`,
        fix: 'name another folder in TERTULIA_DATA_DIR, or move the file away',
      },
    ]
  if (!isOurs(place))
    return [
      {
        what: `this account may not write in ${place}`,
        why: `nothing can be kept in the data folder ${dataDir}, and the server will not start`,
        fix: `chown ${userInfo().username} ${place}, or name another folder in TERTULIA_DATA_DIR`,
      },
    ]
  return place === resolve(dataDir) ? folderAdvice(dataDir) : []
}

/** The path itself, or what is there of it. */
const nearest = (path: string): string =>
  statSync(path, { throwIfNoEntry: false }) ? path : nearest(dirname(path))

function isOurs(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
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

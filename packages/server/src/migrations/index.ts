import type { Migration } from '../store/migrate.ts'
import { foundations } from './0001_foundations.ts'
import { reactions } from './0002_reactions.ts'
import { unread } from './0003_unread.ts'
import { threads } from './0004_threads.ts'
import { privacy } from './0005_privacy.ts'
import { presence } from './0006_presence.ts'
import { arrangements } from './0007_arrangements.ts'
import { slowMode } from './0008_slow_mode.ts'
import { systemMessages } from './0009_system_messages.ts'
import { scheduled } from './0010_scheduled.ts'
import { drafts } from './0011_drafts.ts'
import { blocks } from './0012_blocks.ts'
import { pins } from './0013_pins.ts'
import { truncation } from './0014_truncation.ts'
import { channelState } from './0015_channel_state.ts'

/** In order, for ever: a migration that was released is never changed, only followed. */
export const migrations: readonly Migration[] = [
  foundations,
  reactions,
  unread,
  threads,
  privacy,
  presence,
  arrangements,
  slowMode,
  systemMessages,
  scheduled,
  drafts,
  blocks,
  pins,
  truncation,
  channelState,
]

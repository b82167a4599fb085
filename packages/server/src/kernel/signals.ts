import type { z } from 'zod'
import type { Listener, Signal } from '../ports/companion.ts'

/** The frame loop has read the frame by its form, so a companion may count on its own types. */
export const signal = <Form extends z.ZodType>(
  form: Form,
  take: (listener: Listener, frame: z.infer<Form>) => void,
): Signal => ({ form, take: take as Signal['take'] })

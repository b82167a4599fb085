/** Under this name events tell of the reactions to a message until they are told, and its deletion takes them back. */
export const reactionsContentKey = (messageId: string): string => `reactions ${messageId}`

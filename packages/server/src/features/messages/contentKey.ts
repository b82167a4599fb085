/** Under this name events tell of a message until they are told, and its changes take them back. */
export const messageContentKey = (id: string): string => `message ${id}`

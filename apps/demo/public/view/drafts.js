const keyOf = ({ user, open }) => `tertulia:draft:${user}:${open}`

/** What was begun in the open channel, in this window. It outlives a reload. */
export const draftOf = (chat) => sessionStorage.getItem(keyOf(chat)) ?? ''

export function keepDraft(chat, text) {
  if (text === '') sessionStorage.removeItem(keyOf(chat))
  else sessionStorage.setItem(keyOf(chat), text)
}

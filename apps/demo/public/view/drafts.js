const keyOf = ({ user, open }, place) => `tertulia:draft:${user}:${place ?? open}`

/** What was begun in the open channel, or in the thread `place`, in this window. It outlives a reload. */
export const draftOf = (chat, place) => sessionStorage.getItem(keyOf(chat, place)) ?? ''

export function keepDraft(chat, text, place) {
  if (text === '') sessionStorage.removeItem(keyOf(chat, place))
  else sessionStorage.setItem(keyOf(chat, place), text)
}

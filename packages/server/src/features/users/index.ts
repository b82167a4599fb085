export { createUser, required as requiredUser } from './profiles.ts'
export { createPeople } from './people.ts'
export { userHandlers } from './users.ts'
export { publicUser, userById, userByUid, type UserRow } from './users.store.ts'

export { createPeople } from './people.ts'
export { required as requiredUser } from './profiles.ts'
export { publicUser, type UserRow, userById, userByUid } from './users.store.ts'
export { userHandlers } from './users.ts'

export { memberHandlers, peopleOf } from './members.ts'
export { joinMember, type Roster } from './membership.ts'
export { saveMembership } from './members.store.ts'

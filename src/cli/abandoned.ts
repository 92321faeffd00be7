/** Somebody pressed ^C or ^D at a question, or Escape where there is none to go back to: neither yes nor no, so that nothing is to happen. */
export class Abandoned extends Error {}

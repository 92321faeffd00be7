/** Somebody pressed Escape, ^C or ^D at a question: neither yes nor no, so that nothing is to happen. */
export class Abandoned extends Error {}

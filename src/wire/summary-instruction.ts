/** How a model is asked for what stands in place of its conversation from then on. */
export const summaryInstruction =
  "Write a summary of this conversation for another assistant that goes on with the work and sees nothing else of it: what was asked, what was done and decided, what was found out, which files matter, and what is to be done next. Answer with the summary only.";

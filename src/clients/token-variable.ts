/** The variable that a client's configuration names in place of the launch's token, so that no file holds it. */
export const tokenVariable = "FCC_TOKEN";

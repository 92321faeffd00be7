/** What the value of a header may be (RFC 9110 5.5). */
export const fitsHeader = /^[\t\x20-\x7e\u0080-\u00ff]*$/;

declare module "cross-spawn" {
  /** Node's own `spawn`, and on Windows also what Node cannot start by itself: scripts with a shebang, `.cmd` shims. */
  export { spawn as default } from "node:child_process";
}

export { agentTask, judgeAgentTask } from "./agent-task.ts";
export { abortCheck } from "./checks/abort.ts";
export { longPromptChecks } from "./checks/long-prompt.ts";
export { servedChecks } from "./checks/served.ts";
export { streamingChecks } from "./checks/streaming.ts";
export { judgeToolCall, toolChecks } from "./checks/tools.ts";
export { turnChecks } from "./checks/turns.ts";
export { faultyCheck, viaCheck, wayChecks } from "./checks/way.ts";
export { refusedCheck, wiresCheck } from "./checks/wires.ts";
export {
  bad,
  type Check,
  doubt,
  type Examined,
  examine,
  type Finding,
  type Fix,
  firstCause,
  good,
  type Listener,
  skipped,
} from "./finding.ts";
export { judgeClient, judgeNode, type VersionAnswer } from "./machine.ts";
export { observe, type Seen } from "./observe.ts";
export { type Ask, createAsk, type ProbeReply as Heard } from "./probe.ts";
export { greet, type Subject } from "./subject.ts";
export { type ToolTry, tryToolCall } from "./tool-call.ts";

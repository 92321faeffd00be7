export { abortCheck } from "./abort.ts";
export { agentTask, judgeAgentTask } from "./agent-task.ts";
export {
  bad,
  type Check,
  doubt,
  type Examined,
  examine,
  type Finding,
  firstCause,
  good,
  type Listener,
  skipped,
} from "./finding.ts";
export { longPromptChecks } from "./long-prompt.ts";
export { observe, type Seen } from "./probe/observe.ts";
export { type Ask, createAsk, type ProbeReply as Heard } from "./probe/probe.ts";
export { type ToolTry, tryToolCall } from "./probe/tool-call.ts";
export { servedChecks } from "./served.ts";
export { streamingChecks } from "./streaming.ts";
export { greet, type Subject, seconds } from "./subject.ts";
export { judgeToolCall, toolChecks } from "./tools.ts";
export { turnChecks } from "./turns.ts";
export { judgeClient, judgeNode, type VersionAnswer } from "./versions.ts";
export { viaCheck, wayChecks } from "./way.ts";
export { refusedCheck, wiresCheck } from "./wires.ts";

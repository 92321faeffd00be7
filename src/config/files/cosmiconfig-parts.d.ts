/** cosmiconfig declares the types of its entry point alone. */
declare module "cosmiconfig/dist/ExplorerSync.js" {
  import type { CosmiconfigResult, OptionsSync, PublicExplorerSync } from "cosmiconfig";
  /** As the entry point makes it, once it has put the options together. */
  export const ExplorerSync: new (
    options: Required<Omit<OptionsSync, "stopDir" | "packageProp">> & {
      readonly moduleName: string;
      readonly transform: (result: CosmiconfigResult) => CosmiconfigResult;
      readonly metaConfigFilePath: null;
    },
  ) => PublicExplorerSync;
}

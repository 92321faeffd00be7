/** cosmiconfig declares the types of its entry point alone. */
declare module "cosmiconfig/dist/ExplorerSync.js" {
  import type { CosmiconfigResult, OptionsSync, PublicExplorerSync } from "cosmiconfig";
  /** With what loading alone needs of the options that the entry point puts together. */
  export const ExplorerSync: new (
    options: Required<Pick<OptionsSync, "searchPlaces" | "cache" | "loaders">> & {
      readonly moduleName: string;
      readonly transform: (result: CosmiconfigResult) => CosmiconfigResult;
    },
  ) => Pick<PublicExplorerSync, "load">;
}
